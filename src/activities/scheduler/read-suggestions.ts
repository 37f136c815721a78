/** Tells a review that consists of suggestions apart, and stores what it suggests. */
import type { ArtifactStore } from '../../artifacts/port.ts';
import { LINE_COMMENTS_MAX } from '../../contracts/bounds.ts';
import type { Suggestions } from '../../contracts/suggestions.ts';
import type { ObservedLines } from '../../domain/observation.ts';
import { suggestedBy } from '../../domain/suggestion.ts';
import type { ReviewComment } from '../../github/review-comments.ts';
import { putCanonical } from '../stored.ts';

/** `comments`: all of one review. `undefined` if they suggest nothing. */
export async function readSuggestions(
  artifacts: ArtifactStore,
  comments: readonly ReviewComment[],
): Promise<ObservedLines['suggested']> {
  const found = suggestedBy(comments.map(({ commitId, ...rest }) => ({ ...rest, commit: commitId })));
  if (found === undefined || 'problem' in found) return found;
  const { commit, edits } = found;
  if (edits.length > LINE_COMMENTS_MAX)
    return { problem: `the review has more than ${LINE_COMMENTS_MAX} comments` };
  const stored: Suggestions = { version: 1, edits: edits.map(edit => ({ ...edit })) };
  const authorId = comments[0]?.authorId;
  return {
    edits: await putCanonical(artifacts, stored),
    count: edits.length,
    commit,
    ...(authorId === undefined ? {} : { authorId }),
  };
}
