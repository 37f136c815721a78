/** Reads the comments of the pull request, if they may have changed: without comments this costs no request. */
import type { LookInput } from '../../contracts/activities.ts';
import type { Observation, ThreadRead } from '../../domain/observation.ts';
import { listComments } from '../../github/comments.ts';
import type { Pull } from '../../github/pulls.ts';
import { portionOf } from './commands-in-comments.ts';
import type { SchedulerPorts } from './ports.ts';

type PullComments = NonNullable<Observation['pullComments']>;

/** GitHub's times are whole seconds, and of several servers. */
const OVERLAP_MS = 60_000;

export async function readPullComments(
  ports: SchedulerPorts,
  input: LookInput,
  pull: Pull,
): Promise<PullComments | undefined> {
  if (!mayHaveNews(input, pull)) return undefined;
  const { pullCommentsRead: known, context } = input;
  const { owner, repo } = context.issue;
  const comments = await listComments(ports.github, { owner, repo, issue: pull.number, ...sinceThen(known) });
  const before = known?.lastId ?? 0;
  const { commands, read } = await portionOf(ports, {
    ...{ comments, ownLogin: await ports.ownLogin(), thread: pull.number },
    ...{ place: context.issue, readTo: before, questions: input.questions ?? [] },
    ...(known === undefined ? {} : { editsReadTo: known.updatedAt }),
  });
  const lastId = Math.max(before, ...read.map(comment => comment.id));
  if (read.length === comments.length)
    return { commands, readTo: { lastId, count: pull.comments, updatedAt: pull.updatedAt } };
  return { commands, readTo: { ...(known ?? UNREAD), lastId }, more: true };
}

const UNREAD = { count: 0, updatedAt: '' } as const;

function sinceThen(known: ThreadRead | undefined): { readonly since?: string } {
  const updatedAt = known?.updatedAt ?? '';
  return updatedAt === '' ? {} : { since: new Date(Date.parse(updatedAt) - OVERLAP_MS).toISOString() };
}

/** News of comments is news of the issue's or of the pull request's. */
function mayHaveNews({ pullCommentsRead: known, facets }: LookInput, pull: Pull): boolean {
  if (pull.comments === 0) return false;
  const isSame = known?.count === pull.comments && known.updatedAt === pull.updatedAt;
  return !isSame || facets.includes('comments');
}
