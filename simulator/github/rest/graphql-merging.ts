/** GraphQL: drafts, the merge queue and auto-merge of a pull request. */
import type { Json } from '../model.ts';
import type { Act } from '../acts/act.ts';
import { dequeue } from '../acts/dequeue.ts';
import { markReady } from '../acts/drafts.ts';
import { disableAutoMerge, enableAutoMerge, enqueue } from '../acts/merge-queue.ts';
import type { MergeMethod } from '../git/merge.ts';
import { ok, type GlobalCall, type Reply } from '../http/exchange.ts';
import { nodeId } from '../render/account.ts';
import type { PullIssue } from '../render/pull.ts';
import { isPull } from '../world.ts';
import { actorWith, forbidden, issueFor, notFound, type Operation } from './graphql-calls.ts';

export const MERGING_OPERATIONS: Readonly<Record<string, Operation>> = {
  'query HandedOver(': where,
  'mutation MarkReady(': mutation('markPullRequestReadyForReview', (act, issue) => markReady(act, issue)),
  'mutation EnqueuePull(': mutation('enqueuePullRequest', (act, issue, { head }) =>
    enqueue(act, issue, String(head)),
  ),
  'mutation DequeuePull(': mutation('dequeuePullRequest', (act, issue) => dequeue(act, issue, 'MANUAL')),
  'mutation EnableAutoMerge(': mutation('enablePullRequestAutoMerge', (act, issue, variables) =>
    enableAutoMerge(act, issue, {
      head: String(variables.head),
      method: String(variables.method).toLowerCase() as MergeMethod,
      ...wordsIn(variables),
    }),
  ),
  'mutation DisableAutoMerge(': mutation('disablePullRequestAutoMerge', (act, issue) =>
    disableAutoMerge(act, issue, 'Auto-merge was disabled manually'),
  ),
};

function wordsIn({ title, message }: Json): { readonly title?: string; readonly message?: string } {
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  };
}

function where(call: GlobalCall, variables: Json): Reply {
  const issue = issueFor(call, variables);
  if (issue === undefined || !isPull(issue))
    return notFound('pullRequest', 'Could not resolve to a PullRequest.');
  const { pull } = issue;
  const { takenOut: reason } = pull;
  const pullRequest = {
    id: nodeId('PR', pull.id),
    state: pull.mergedAt === null ? issue.state.toUpperCase() : 'MERGED',
    headRefOid: pull.headSha,
    mergeQueueEntry: pull.queued === undefined ? null : { position: pull.queued.position },
    autoMergeRequest: pull.autoMerge === undefined ? null : { enabledAt: pull.autoMerge.enabledAt },
    timelineItems: { nodes: reason === undefined ? [] : [{ reason }] },
  };
  return ok({ data: { repository: { pullRequest } } });
}

/** Returns why it is refused, in GitHub's words. */
type Do = (act: Act, issue: PullIssue, variables: Json) => string | undefined | Promise<string | undefined>;

/** Who can write contents can. */
function mutation(name: string, act: Do): Operation {
  return async (call, variables) => {
    const fail = (error: Json): Reply => ok({ data: { [name]: null }, errors: [{ path: [name], ...error }] });
    for (const repository of call.world.repositories.values())
      for (const issue of [...repository.issues.values()].filter(isPull)) {
        if (nodeId('PR', issue.pull.id) !== variables.pull) continue;
        const actor = actorWith(call, repository, { role: 'write', names: ['contents'], access: 'write' });
        if (actor === undefined) return fail(forbidden(name));
        const refusal = await act({ world: call.world, repository, actor }, issue, variables);
        if (refusal !== undefined) return fail({ type: 'UNPROCESSABLE', message: refusal });
        return ok({ data: { [name]: { clientMutationId: null } } });
      }
    return fail({ type: 'NOT_FOUND', message: 'Could not resolve to a node.' });
  };
}
