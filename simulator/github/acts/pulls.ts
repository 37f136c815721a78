/** Opens and reviews pull requests, and decides whether they can be merged. */
import type { Account, Protection, Pull, Review, ReviewState } from '../model.ts';
import { countCommits, diffFiles, mergeBase, resolveRef, type FileChange } from '../git/objects.ts';
import { mergedTree } from '../git/merge.ts';
import { forceRef } from '../git/write.ts';
import {
  renderReview,
  renderPullSimple,
  shownComments,
  type PullFacts,
  type PullIssue,
} from '../render/pull.ts';
import { renderAccount } from '../render/account.ts';
import { atLeast, openPulls, roleOf } from '../world.ts';
import { emit, nowIn, type Act } from './act.ts';
import { emitLineComment } from './emit-line-comment.ts';
import { checkBounds } from './bounds.ts';
import { addEvent, createIssue, emitIssue } from './issues.ts';

export interface NewPull {
  readonly title: string;
  readonly body?: string | null;
  readonly head: string;
  readonly base: string;
  readonly draft?: boolean;
  readonly mergeableNullReads?: number;
}

export const openPullFor = (act: Act, head: string, base: string): PullIssue | undefined =>
  openPulls(act.repository).find(issue => issue.pull.headRef === head && issue.pull.baseRef === base);

export async function createPull(
  act: Act,
  input: NewPull & { headSha: string; baseSha: string },
): Promise<PullIssue> {
  const pull: Pull = {
    id: act.world.nextId(),
    headRef: input.head,
    headSha: input.headSha,
    baseRef: input.base,
    baseSha: input.baseSha,
    draft: input.draft ?? false,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    reviews: [],
    lineComments: [],
    resolvedThreads: new Map(),
    requestedReviewers: [],
    mergeableNullReads: input.mergeableNullReads ?? 0,
  };
  const issue = createIssue(act, { title: input.title, body: input.body ?? null, pull });
  await forceRef(act.repository.dir, `refs/pull/${issue.number}/head`, input.headSha);
  return Object.assign(issue, { pull });
}

export function addReview(
  act: Act,
  issue: PullIssue,
  input: { state: ReviewState; body?: string; commitId?: string },
): Review {
  const { world, actor } = act;
  const commitId = input.commitId ?? issue.pull.headSha;
  const { state, body = '' } = input;
  checkBounds('PullRequestReview', { body });
  const review: Review = { id: world.nextId(), user: actor, body, state, commitId, submittedAt: nowIn(act) };
  issue.pull.reviews.push(review);
  if (state !== 'PENDING') submitted(act, issue, review);
  return review;
}

/** A pending review keeps the id that it got when it was begun. */
export function submitReview(
  act: Act,
  issue: PullIssue,
  { review, state }: { readonly review: Review; readonly state: ReviewState },
): void {
  review.state = state;
  review.submittedAt = nowIn(act);
  submitted(act, issue, review);
}

function submitted(act: Act, issue: PullIssue, review: Review): void {
  issue.updatedAt = nowIn(act);
  emitReview(act, { issue, review, action: 'submitted' });
  for (const comment of issue.pull.lineComments)
    if (comment.reviewId === review.id) emitLineComment(act, issue, comment);
}

export function dismissReview(act: Act, issue: PullIssue, review: Review): void {
  review.state = 'DISMISSED';
  emitReview(act, { issue, review, action: 'dismissed' });
}

function emitReview(act: Act, input: { issue: PullIssue; review: Review; action: string }): void {
  const { world, repository } = act;
  const review = {
    ...renderReview({ world, repository, ...input }),
    state: input.review.state.toLowerCase(),
  };
  const pull_request = renderPullSimple(world, repository, input.issue);
  emit(act, 'pull_request_review', { action: input.action, review, pull_request });
}

export function requestReviewers(act: Act, issue: PullIssue, reviewers: readonly Account[]): void {
  for (const reviewer of reviewers) {
    if (issue.pull.requestedReviewers.some(known => known.id === reviewer.id)) continue;
    issue.pull.requestedReviewers.push(reviewer);
    addEvent(act, issue, { event: 'review_requested', requestedReviewer: reviewer });
    emitIssue(act, issue, {
      action: 'review_requested',
      requested_reviewer: renderAccount(act.world, reviewer),
    });
  }
}

/** The latest review of each person with write access. */
export function approvals(act: Act, issue: PullIssue): { approved: number; refused: number } {
  const last = new Map<number, Review>();
  for (const review of issue.pull.reviews) {
    if (review.state !== 'COMMENTED' && review.state !== 'PENDING') last.set(review.user.id, review);
  }
  const words = [...last.values()].filter(review => atLeast(roleOf(act.repository, review.user), 'write'));
  const count = (state: ReviewState): number => words.filter(review => review.state === state).length;
  return { approved: count('APPROVED'), refused: count('CHANGES_REQUESTED') };
}

/** Why the branch's rules forbid a merge now, if they do. */
export function mergeRefusal(act: Act, issue: PullIssue): string | undefined {
  const protection = act.repository.protections.get(issue.pull.baseRef);
  if (protection === undefined) return undefined;
  const { approved, refused } = approvals(act, issue);
  const needed = protection.requiredApprovals ?? 0;
  if (needed > approved) {
    return `At least ${needed} approving review${needed === 1 ? ' is' : 's are'} required by reviewers with write access.`;
  }
  if (needed > 0 && refused > 0) return 'Changes have been requested.';
  if (protection.threadsResolved === true && unresolvedThreads(issue) > 0)
    return 'A conversation must be resolved before this pull request can be merged.';
  return (
    checksRefusal(act, protection, issue.pull.headSha) ?? deploymentsRefusal(act, protection, issue.pull)
  );
}

function unresolvedThreads(issue: PullIssue): number {
  const first = shownComments(issue).filter(({ inReplyTo }) => inReplyTo === undefined);
  return first.filter(({ id }) => !issue.pull.resolvedThreads.has(id)).length;
}

function checksRefusal(act: Act, protection: Protection, sha: string): string | undefined {
  const [first, ...more] = missingChecks(act, protection, sha);
  if (first === undefined) return undefined;
  const { requiredChecks = [] } = protection;
  return more.length === 0
    ? `Required status check "${first}" is expected.`
    : `${more.length + 1} of ${requiredChecks.length} required status checks are expected.`;
}

function deploymentsRefusal(
  act: Act,
  { requiredDeployments = [] }: Protection,
  pull: Pull,
): string | undefined {
  const missing = requiredDeployments.filter(
    environment =>
      !act.repository.deployments.some(
        ({ sha, environment: to, statuses }) =>
          sha === pull.headSha && to === environment && statuses.some(({ state }) => state === 'success'),
      ),
  );
  return missing.length === 0
    ? undefined
    : `${missing.length} of ${requiredDeployments.length} required deployments are expected.`;
}

const PASSING = ['success', 'neutral', 'skipped'];

function missingChecks(act: Act, protection: Protection, sha: string): string[] {
  const { statuses, checkRuns } = act.repository;
  const good = (context: string): boolean =>
    statuses.findLast(status => status.sha === sha && status.context === context)?.state === 'success' ||
    PASSING.includes(checkRuns.findLast(run => run.sha === sha && run.name === context)?.conclusion ?? '');
  return (protection.requiredChecks ?? []).filter(context => !good(context));
}

export async function pullFiles(act: Act, issue: PullIssue): Promise<FileChange[]> {
  const { dir } = act.repository;
  const from = await mergeBase(dir, issue.pull.baseSha, issue.pull.headSha);
  return from === undefined ? [] : diffFiles(dir, from, issue.pull.headSha);
}

/** Reads git; consumes one of the pending `mergeable: null` answers, if any. */
export async function pullFacts(act: Act, issue: PullIssue): Promise<PullFacts> {
  const files = await pullFiles(act, issue);
  const { pull } = issue;
  const sum = (of: (file: FileChange) => number): number =>
    files.reduce((total, file) => total + of(file), 0);
  return {
    ...(await mergeability(act, issue)),
    commits: await countCommits(act.repository.dir, `${pull.baseSha}..${pull.headSha}`),
    additions: sum(file => file.additions),
    deletions: sum(file => file.deletions),
    changedFiles: files.length,
  };
}

async function mergeability(
  act: Act,
  issue: PullIssue,
): Promise<Pick<PullFacts, 'mergeable' | 'mergeableState'>> {
  const { pull } = issue;
  if (issue.state === 'closed') return { mergeable: null, mergeableState: 'unknown' };
  if (pull.mergeableNullReads > 0) {
    pull.mergeableNullReads -= 1;
    return { mergeable: null, mergeableState: 'unknown' };
  }
  const base = await resolveRef(act.repository.dir, `refs/heads/${pull.baseRef}`);
  if (base === undefined) return { mergeable: false, mergeableState: 'dirty' };
  const tree = await mergedTree(act.repository.dir, base, pull.headSha);
  if (tree === undefined) return { mergeable: false, mergeableState: 'dirty' };
  return { mergeable: true, mergeableState: cleanState(act, issue) };
}

function cleanState(act: Act, issue: PullIssue): string {
  if (issue.pull.draft) return 'draft';
  if (mergeRefusal(act, issue) !== undefined) return 'blocked';
  const last = new Map(
    act.repository.statuses
      .filter(status => status.sha === issue.pull.headSha)
      .map(status => [status.context, status]),
  );
  return [...last.values()].some(status => status.state !== 'success') ? 'unstable' : 'clean';
}
