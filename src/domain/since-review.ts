/** What a reviewer who comes back must look at: how the change differs from the one of the last review that counted. */
import { currentBase, currentChange } from './facts.ts';
import { shortHead } from './foreign-head.ts';
import { listed, type PostedList } from './posted-bounds.ts';
import { inlineCode, neutralise } from './posted-text.ts';
import type { IssueState } from './state.ts';
import type { Reviewed } from './state/publication.ts';

/** Of the reviewed change, kept in the state. */
export const REVIEWED_PATHS_MAX = 100;
const FILES_LISTED_MAX = 20;
const LOGIN_CHARS_MAX = 100;

/** With the change as this person reviewed it, if there is one. */
export function withReviewed(state: IssueState, by: string, said: Reviewed['said']): IssueState {
  const reviewed = reviewedNow(state, by, said);
  return reviewed === undefined ? state : { ...state, reviewed };
}

/** Undefined if there is no change. */
export function reviewedNow(state: IssueState, by: string, said: Reviewed['said']): Reviewed | undefined {
  const [change, base] = [currentChange(state), currentBase(state)];
  if (change === undefined || base === undefined) return undefined;
  const paths = change.files.slice(0, REVIEWED_PATHS_MAX).map(({ path }) => path);
  return {
    by,
    said,
    head: change.commit,
    base,
    paths,
    ...(isAll(paths, change.files) ? {} : { more: true }),
  };
}

/** Empty before the first review, and while the reviewed commit is the current one. */
export function sinceReviewLines(state: IssueState, listing: PostedList): readonly string[] {
  const { reviewed } = state;
  const change = currentChange(state);
  if (reviewed === undefined || change === undefined || reviewed.head === change.commit) return [];
  const { by, said, head } = reviewed;
  const commits = `\`${shortHead(head)}\` then, \`${shortHead(change.commit)}\` now`;
  return [
    `- ${neutralise(by, LOGIN_CHARS_MAX)} ${SAID[said]} (${commits})${comparison(state, head, change.commit)}`,
    ...baseLines(state, reviewed),
    ...fileLines(
      reviewed,
      change.files.map(({ path }) => path),
      listing,
    ),
  ];
}

const SAID: Readonly<Record<Reviewed['said'], string>> = {
  approved: 'approved another commit',
  'changes-requested': 'requested changes',
};

/** From commit to commit: also after the branch was pushed anew. */
function comparison({ repository }: IssueState, before: string, now: string): string {
  return repository === undefined ? '' : `: [what changed](${repository.url}/compare/${before}..${now})`;
}

function baseLines(state: IssueState, { base: before }: Reviewed): readonly string[] {
  const base = currentBase(state) ?? before;
  if (base === before) return [];
  return [
    `- the base moved from \`${shortHead(before)}\` to \`${shortHead(base)}\`; the comparison has that too`,
  ];
}

function fileLines(
  { paths: before, more }: Reviewed,
  now: readonly string[],
  listing: PostedList,
): readonly string[] {
  const lines = [
    // Of a long list only the beginning is known.
    ...(more === true
      ? []
      : now.filter(path => !before.includes(path)).map(path => `new: ${inlineCode(path)}`)),
    ...before.filter(path => !now.includes(path)).map(path => `no longer changed: ${inlineCode(path)}`),
  ];
  const listedMax = Math.min(listing.listedMax, FILES_LISTED_MAX);
  return listed(
    lines.map(line => `- ${line}`),
    { ...listing, listedMax },
  );
}

function isAll(paths: readonly string[], files: readonly unknown[]): boolean {
  return paths.length === files.length;
}
