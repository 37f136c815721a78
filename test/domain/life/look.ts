/** What a look reads from GitHub as it is now. */
import type {
  IssueReading,
  Observation,
  ObservedCommand,
  ObservedPullRequest,
} from '../../../src/domain/observation.ts';
import { isHandedOver } from '../../../src/domain/hand-over.ts';
import { omit } from '../../../src/domain/omit.ts';
import { settledReviews } from '../../../src/domain/evolve/reviews.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Upkeep } from '../../../src/domain/step.ts';
import { checksReading } from './ci.ts';
import { foreignPart } from './branch.ts';
import { type Name, PEOPLE } from './fixtures.ts';
import type { GitHub } from './github.ts';

export function look(
  github: GitHub,
  state: IssueState,
  upkeep: Extract<Upkeep, { kind: 'look' }>,
): Observation {
  const reads = (facet: 'issue' | 'comments' | 'pull-request'): boolean => upkeep.facets.includes(facet);
  const comments = reads('comments') ? { comments: commentsAfter(github, state.commentsReadTo) } : {};
  const pull = reads('pull-request') ? pullReading(github, state) : {};
  // With an approval the issue is read too if it was edited, so that no earlier edit is unread.
  const isApproved =
    comments.comments?.commands.some(({ request }) => request.kind === 'approve') === true ||
    pull.pullRequest?.reviews.some(review => review.state === 'approved') === true;
  const isEdited = github.issue.edits?.count !== state.subject?.edits?.count;
  const facets = isApproved && isEdited ? [...new Set([...upkeep.facets, 'issue' as const])] : upkeep.facets;
  return {
    facets,
    ...(facets.includes('issue') ? { issue: issueReading(github) } : {}),
    ...comments,
    ...pull,
    ...(upkeep.facets.includes('branch') ? targetReading(github, state) : {}),
    ...(upkeep.facets.includes('checks') ? checksReading(github, state) : {}),
  };
}

function targetReading({ targets }: GitHub, { repository }: IssueState): Pick<Observation, 'target'> {
  const { branch = '' } = repository?.target ?? {};
  return { target: { branch, head: targets?.[branch] ?? null } };
}

function issueReading({ gone, issue }: GitHub): IssueReading {
  return gone === undefined ? { ...issue, secret: `secret ${issue.edits?.count ?? 0}` } : { gone };
}

function commentsAfter(github: GitHub, readTo: number): NonNullable<Observation['comments']> {
  const commands = github.comments
    .filter(({ what }) => what.commentId > readTo)
    .map(({ by, what }) => ({ ...what, author: PEOPLE[by].account, role: roleNow(github, by) }));
  return { commands, lastId: Math.max(readTo, ...commands.map(command => command.commentId)), status: null };
}

function pullReading(github: GitHub, state: IssueState): Pick<Observation, 'pullRequest' | 'lines'> {
  const known = state.linesRead?.ids ?? [];
  const ids = github.reviews.flatMap(({ what }) => what.lines?.threads.map(({ comment }) => comment) ?? []);
  const readTo = { count: ids.length, updatedAt: '', ids };
  return {
    pullRequest: pullRequestReading(github, state),
    ...(ids.every(id => known.includes(id)) ? {} : { lines: { readTo } }),
  };
}

/** Comments on lines are read once, also of a review that is read again. */
function pullRequestReading(github: GitHub, state: IssueState): ObservedPullRequest | null {
  const { pullRequest } = github;
  if (pullRequest === undefined) return null;
  const settled = settledReviews(state);
  const reviews = github.reviews
    .filter(({ what: { reviewId } }) => reviewId > state.reviewsSeen && !settled.includes(reviewId))
    .map(({ by, what }) => {
      const isRead =
        what.lines?.threads.some(({ comment }) => state.linesRead?.ids.includes(comment)) === true;
      const review = { ...what, author: PEOPLE[by].account, role: roleNow(github, by) };
      return isRead ? omit(review, 'lines') : review;
    });
  return {
    ...(isHandedOver(state) && state.handOver.isSent !== true
      ? pullRequest
      : omit(pullRequest, 'handedOver')),
    ...foreignPart(pullRequest.head),
    reviews,
  };
}

function roleNow(github: GitHub, name: Name): ObservedCommand['role'] {
  return github.demoted.includes(name) ? { kind: 'role', role: 'read' } : PEOPLE[name].role;
}
