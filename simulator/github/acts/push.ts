/** Updates pull requests, applies closing keywords and sends webhooks after a ref moved by push, REST or merge. */
import { isAncestor, listCommits, type GitCommit } from '../git/objects.ts';
import { forceRef, zeroId } from '../git/write.ts';
import { repositoryWeb } from '../render/repository.ts';
import type { PullIssue } from '../render/pull.ts';
import { openPulls } from '../world.ts';
import { emit, nowIn, type Act } from './act.ts';
import { closeNamed } from './closing.ts';
import { dequeue } from './dequeue.ts';
import { addEvent, closeIssue, emitIssue } from './issues.ts';

export interface RefMove {
  readonly ref: string;
  /** Zeros: the ref was created. */
  readonly before: string;
  /** Zeros: the ref was deleted. */
  readonly after: string;
}

export async function afterRefMove(act: Act, move: RefMove): Promise<void> {
  act.repository.pushedAt = nowIn(act);
  const commits = await newCommits(act, move);
  const rewinds = move.before !== zeroId && move.after !== zeroId;
  const forced = rewinds && !(await isAncestor(act.repository.dir, move.before, move.after));
  emitPush(act, { ...move, forced }, commits);
  if (!move.ref.startsWith('refs/heads/')) return;
  const branch = move.ref.slice('refs/heads/'.length);
  await movePulls(act, branch, move);
  if (move.after === zeroId) return;
  await markMerged(act, branch, move.after);
  if (branch !== act.repository.defaultBranch) return;
  for (const commit of commits) closeNamed(act, commit.message, commit.sha);
}

/** A deleted base closes a pull request, as a deleted head does. */
async function movePulls(act: Act, branch: string, move: RefMove): Promise<void> {
  for (const issue of openPulls(act.repository)) {
    if (issue.pull.headRef === branch) await moveHead(act, issue, move);
    else if (issue.pull.baseRef === branch && move.after === zeroId) closeIssue(act, issue);
  }
}

async function newCommits(act: Act, move: RefMove): Promise<GitCommit[]> {
  if (move.after === zeroId) return [];
  const { dir, defaultBranch } = act.repository;
  if (move.before !== zeroId) return listCommits(dir, `${move.before}..${move.after}`);
  if (move.ref === `refs/heads/${defaultBranch}`) return listCommits(dir, move.after);
  return listCommits(dir, `refs/heads/${defaultBranch}..${move.after}`);
}

function emitPush(
  act: Act,
  { forced, ...move }: RefMove & { forced: boolean },
  commits: readonly GitCommit[],
): void {
  const { repository, world, actor } = act;
  const created = move.before === zeroId;
  const deleted = move.after === zeroId;
  const web = repositoryWeb(world, repository);
  const rendered = commits.map(commit => pushedCommit(commit, web));
  const [, kind = 'heads'] = move.ref.split('/');
  const short = {
    ref: move.ref.replace(/^refs\/(heads|tags)\//, ''),
    ref_type: kind === 'tags' ? 'tag' : 'branch',
  };
  if (created)
    emit(act, 'create', {
      ...short,
      master_branch: repository.defaultBranch,
      description: null,
      pusher_type: 'user',
    });
  if (deleted) emit(act, 'delete', { ...short, pusher_type: 'user' });
  emit(act, 'push', {
    ...move,
    created,
    deleted,
    forced,
    base_ref: null,
    compare: `${web}/compare/${move.before.slice(0, 12)}...${move.after.slice(0, 12)}`,
    commits: rendered,
    head_commit: rendered.at(-1) ?? null,
    pusher: { name: actor.login, email: `${actor.login}@users.noreply.github.com` },
  });
}

const pushedCommit = (commit: GitCommit, web: string): Record<string, unknown> => ({
  id: commit.sha,
  tree_id: commit.tree,
  distinct: true,
  message: commit.message,
  timestamp: commit.committer.date,
  url: `${web}/commit/${commit.sha}`,
  author: { name: commit.author.name, email: commit.author.email },
  committer: { name: commit.committer.name, email: commit.committer.email },
  added: [],
  removed: [],
  modified: [],
});

/** A pull request follows its branch; GitHub closes it when the branch is deleted. */
async function moveHead(act: Act, issue: PullIssue, move: RefMove): Promise<void> {
  if (move.after === zeroId) {
    addEvent(act, issue, { event: 'head_ref_deleted' });
    closeIssue(act, issue);
    return;
  }
  issue.pull.headSha = move.after;
  issue.updatedAt = nowIn(act);
  await forceRef(act.repository.dir, `refs/pull/${issue.number}/head`, move.after);
  emitIssue(act, issue, { action: 'synchronize', before: move.before, after: move.after });
  // Auto-merge stays, as it does for everybody who can write.
  if (issue.pull.queued !== undefined) dequeue(act, issue, 'NEW_COMMITS');
}

/** A pull request counts as merged when any push brought its head into the base. */
async function markMerged(act: Act, branch: string, tip: string): Promise<void> {
  for (const issue of openPulls(act.repository)) {
    if (issue.pull.baseRef !== branch || !(await isAncestor(act.repository.dir, issue.pull.headSha, tip)))
      continue;
    finishMerge(act, issue, tip);
  }
}

export function finishMerge(act: Act, issue: PullIssue, mergeCommitSha: string): void {
  issue.pull.mergedAt = nowIn(act);
  issue.pull.mergedBy = act.actor;
  issue.pull.mergeCommitSha = mergeCommitSha;
  addEvent(act, issue, { event: 'merged', commitId: mergeCommitSha });
  closeIssue(act, issue);
  if (issue.pull.baseRef === act.repository.defaultBranch) closeNamed(act, issue.body ?? '');
}
