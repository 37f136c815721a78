/** Acts of a person or a CI system in one repository, without HTTP; with the same events and webhooks as the API. */
import type {
  CheckRun,
  Comment,
  CommitStatus,
  Deployment,
  Issue,
  Review,
  ReviewComment,
  ReviewState,
} from '../model.ts';
import type { Act } from '../acts/act.ts';
import { addComment, deleteComment, editComment } from '../acts/comments.ts';
import { addCheckRun, addStatus, type NewCheckRun, type NewStatus } from '../acts/checks.ts';
import { addDeployment, addDeploymentStatus } from '../acts/delivery.ts';
import {
  addLabels,
  closeIssue,
  createIssue,
  editIssue,
  removeLabel,
  reopenIssue,
  setLocked,
  type NewIssue,
} from '../acts/issues.ts';
import { convertToDraft, markReady } from '../acts/drafts.ts';
import { dequeue } from '../acts/dequeue.ts';
import { disableAutoMerge, mergeHandedOver } from '../acts/merge-queue.ts';
import { mergePull } from '../acts/merging.ts';
import { setMilestone } from '../acts/milestones.ts';
import { addReview, createPull, dismissReview, submitReview, type NewPull } from '../acts/pulls.ts';
import { addReviewOnLines, replyInThread, resolveThread, type NewReview } from '../acts/review-comments.ts';
import { resolveCommit, resolveRef } from '../git/objects.ts';
import type { MergeMethod } from '../git/merge.ts';
import type { PullIssue } from '../render/pull.ts';
import { isPull } from '../world.ts';
import { branchActs, type BranchActs } from './branches.ts';

export interface Persona extends BranchActs {
  readonly openIssue: (input: NewIssue) => Issue;
  readonly editIssue: (number: number, edit: { title?: string; body?: string | null }) => void;
  readonly closeIssue: (number: number, reason?: string) => void;
  readonly reopenIssue: (number: number) => void;
  readonly lockIssue: (number: number, locked?: boolean) => void;
  /** Reads then answer 410. */
  readonly deleteIssue: (number: number) => void;
  /** Reads then answer 301 to the other repository's id and number. */
  readonly transferIssue: (number: number, to: { repositoryId: number; number: number }) => void;
  readonly setBlockedBy: (number: number, count: number) => void;
  readonly label: (number: number, name: string) => void;
  readonly unlabel: (number: number, name: string) => void;
  /** Without a title, the issue leaves its milestone; an unknown one is created. */
  readonly milestone: (number: number, title?: string) => void;
  readonly comment: (number: number, body: string) => Comment;
  readonly editComment: (id: number, body: string) => void;
  readonly deleteComment: (id: number) => void;
  readonly openPull: (input: NewPull) => Promise<PullIssue>;
  /** Reviews the current head unless `commitId` is given. */
  readonly review: (
    number: number,
    state: ReviewState,
    more?: { body?: string; commitId?: string },
  ) => Review;
  /** A review with comments on lines or files of the present head. */
  readonly reviewLines: (number: number, input: NewReview) => Promise<Review>;
  /** Submits a review that was begun with the state `PENDING`. */
  readonly submitReview: (number: number, reviewId: number, state: ReviewState) => void;
  /** Answers in the thread that begins with this comment. */
  readonly replyInThread: (number: number, commentId: number, body: string) => ReviewComment;
  readonly resolveThread: (number: number, commentId: number) => void;
  /** The next reads answer `mergeable: null`, as while GitHub computes it. */
  readonly delayMergeability: (number: number, reads: number) => void;
  readonly dismissReview: (number: number, reviewId: number) => void;
  readonly markReady: (number: number) => void;
  readonly convertToDraft: (number: number) => void;
  /** What GitHub does with what is in its queue, or has auto-merge. */
  readonly mergeHandedOver: (number: number) => Promise<string>;
  /** The queue throws it out, or auto-merge is disabled: the reason as in GitHub's event. */
  readonly giveBack: (number: number, reason: string) => void;
  readonly mergeByHand: (number: number, method?: MergeMethod) => Promise<string>;
  readonly status: (input: NewStatus) => CommitStatus;
  readonly checkRun: (input: NewCheckRun) => CheckRun;
  /** Creates a deployment; with `state`, also its deployment status. */
  readonly deploy: (input: {
    environment: string;
    sha?: string;
    state?: string;
    description?: string;
  }) => Promise<Deployment>;
  readonly deploymentStatus: (id: number, state: string, description?: string) => void;
}

export const personaOf = (act: Act): Persona => ({
  ...branchActs(act),
  ...issueActs(act),
  ...commentActs(act),
  ...pullActs(act),
  ...deliveryActs(act),
});

function issueIn(act: Act, number: number): Issue {
  const issue = act.repository.issues.get(number);
  if (issue === undefined) throw new Error(`the simulator has no issue ${number}`);
  return issue;
}

function pullIn(act: Act, number: number): PullIssue {
  const issue = issueIn(act, number);
  if (!isPull(issue)) throw new Error(`issue ${number} is no pull request`);
  return issue;
}

function commentIn(act: Act, id: number): Comment {
  const comment = act.repository.comments.get(id);
  if (comment === undefined) throw new Error(`the simulator has no comment ${id}`);
  return comment;
}

const issueActs = (act: Act) => ({
  openIssue: (input: NewIssue) => createIssue(act, input),
  editIssue: (number: number, edit: { title?: string; body?: string | null }) =>
    editIssue(act, issueIn(act, number), edit),
  closeIssue: (number: number, reason = 'completed') => closeIssue(act, issueIn(act, number), { reason }),
  reopenIssue: (number: number) => reopenIssue(act, issueIn(act, number)),
  lockIssue: (number: number, locked = true) => setLocked(act, issueIn(act, number), locked),
  deleteIssue: (number: number) => void (issueIn(act, number).gone = { kind: 'deleted' }),
  transferIssue: (number: number, to: { repositoryId: number; number: number }) =>
    void (issueIn(act, number).gone = { kind: 'transferred', ...to }),
  setBlockedBy: (number: number, count: number) => void (issueIn(act, number).blockedBy = count),
  label: (number: number, name: string) => addLabels(act, issueIn(act, number), [name]),
  unlabel: (number: number, name: string) => void removeLabel(act, issueIn(act, number), name),
  milestone: (number: number, title?: string) => setMilestone(act, issueIn(act, number), title),
});

const commentActs = (act: Act) => ({
  comment: (number: number, body: string) => addComment(act, issueIn(act, number), body),
  editComment: (id: number, body: string) => editComment(act, commentIn(act, id), body),
  deleteComment: (id: number) => deleteComment(act, commentIn(act, id)),
});

const pullActs = (act: Act) => ({
  openPull: async (input: NewPull) => {
    const { dir } = act.repository;
    const [headSha, baseSha] = [
      await resolveRef(dir, `refs/heads/${input.head}`),
      await resolveRef(dir, `refs/heads/${input.base}`),
    ];
    if (headSha === undefined || baseSha === undefined)
      throw new Error(`no branch ${input.head} or ${input.base}`);
    return createPull(act, { ...input, headSha, baseSha });
  },
  review: (number: number, state: ReviewState, more: { body?: string; commitId?: string } = {}) =>
    addReview(act, pullIn(act, number), { state, ...more }),
  ...threadActs(act),
  delayMergeability: (number: number, reads: number) =>
    void (pullIn(act, number).pull.mergeableNullReads = reads),
  dismissReview: (number: number, reviewId: number) => {
    const pull = pullIn(act, number);
    dismissReview(act, pull, reviewIn(pull, reviewId));
  },
  mergeHandedOver: async (number: number) => {
    const outcome = await mergeHandedOver(act, pullIn(act, number));
    if (outcome.kind !== 'merged')
      throw new Error(`not merged: ${outcome.kind === 'refused' ? outcome.message : outcome.kind}`);
    return outcome.sha;
  },
  giveBack: (number: number, reason: string) => {
    const issue = pullIn(act, number);
    if (issue.pull.queued !== undefined) dequeue(act, issue, reason);
    else disableAutoMerge(act, issue, reason);
  },
  mergeByHand: async (number: number, method: MergeMethod = 'merge') => {
    const outcome = await mergePull(act, pullIn(act, number), { method });
    if (outcome.kind !== 'merged')
      throw new Error(`not merged: ${outcome.kind === 'refused' ? outcome.message : outcome.kind}`);
    return outcome.sha;
  },
});

function reviewIn({ pull }: PullIssue, id: number): Review {
  const review = pull.reviews.find(one => one.id === id);
  if (review === undefined) throw new Error(`no review ${id}`);
  return review;
}

function lineCommentIn({ pull }: PullIssue, id: number): ReviewComment {
  const comment = pull.lineComments.find(one => one.id === id);
  if (comment === undefined) throw new Error(`no comment ${id} on lines`);
  return comment;
}

const threadActs = (act: Act) => ({
  reviewLines: (number: number, input: NewReview) => addReviewOnLines(act, pullIn(act, number), input),
  submitReview: (number: number, reviewId: number, state: ReviewState) => {
    const pull = pullIn(act, number);
    submitReview(act, pull, { review: reviewIn(pull, reviewId), state });
  },
  replyInThread: (number: number, commentId: number, body: string) => {
    const pull = pullIn(act, number);
    return replyInThread(act, pull, { thread: lineCommentIn(pull, commentId), body });
  },
  markReady: (number: number) => void markReady(act, pullIn(act, number)),
  convertToDraft: (number: number) => convertToDraft(act, pullIn(act, number)),
  resolveThread: (number: number, commentId: number) => {
    const pull = pullIn(act, number);
    resolveThread(act, pull, lineCommentIn(pull, commentId));
  },
});

const deliveryActs = (act: Act) => ({
  status: (input: NewStatus) => addStatus(act, input),
  checkRun: (input: NewCheckRun) => addCheckRun(act, input),
  deploy: async (input: { environment: string; sha?: string; state?: string; description?: string }) => {
    const ref = input.sha ?? act.repository.defaultBranch;
    const sha = await resolveCommit(act.repository.dir, ref);
    if (sha === undefined) throw new Error(`no commit ${ref}`);
    const deployment = addDeployment(act, { sha, ref, environment: input.environment });
    const { state, description = '' } = input;
    if (state !== undefined) addDeploymentStatus(act, deployment, { state, description });
    return deployment;
  },
  deploymentStatus: (id: number, state: string, description = '') => {
    const deployment = act.repository.deployments.find(one => one.id === id);
    if (deployment === undefined) throw new Error(`no deployment ${id}`);
    addDeploymentStatus(act, deployment, { state, description });
  },
});
