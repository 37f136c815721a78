/**
 * GraphQL for what REST does not have: edits of texts, threads, drafts, merge queue and auto-merge. It answers these
 * operations by their names and does not parse them.
 */
import type { Issue, Json, ReviewComment } from '../model.ts';
import { isPull } from '../world.ts';
import { resolveThread } from '../acts/review-comments.ts';
import { ok, requiredText, type GlobalCall, type Reply } from '../http/exchange.ts';
import { globalRoute, type Route } from '../http/route.ts';
import { nodeId } from '../render/account.ts';
import { actorWith, forbidden, issueFor, notFound, type Operation } from './graphql-calls.ts';
import { MERGING_OPERATIONS } from './graphql-merging.ts';
import { shownComments, type PullIssue } from '../render/pull.ts';

export const graphqlRoutes = (): Route[] => [globalRoute('POST /graphql', answer)];

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'query IssueEdits(': issueEdits,
  'query ReviewThreads(': reviewThreads,
  'mutation ResolveThread(': resolve,
  ...MERGING_OPERATIONS,
};

async function answer(call: GlobalCall): Promise<Reply> {
  const query = requiredText(call.body, 'query');
  const [, operation] = Object.entries(OPERATIONS).find(([start]) => query.startsWith(start)) ?? [];
  if (operation === undefined)
    return ok({ errors: [{ message: `this simulator answers only ${Object.keys(OPERATIONS).join(', ')}` }] });
  return await operation(call, (call.body.variables ?? {}) as Json);
}

function issueEdits(call: GlobalCall, variables: Json): Reply {
  const issue = issueFor(call, variables);
  return issue === undefined
    ? notFound('issue', 'Could not resolve to an Issue.')
    : ok({ data: { repository: { issue: editsOf(issue) } } });
}

function reviewThreads(call: GlobalCall, variables: Json): Reply {
  const issue = issueFor(call, variables);
  if (issue === undefined || !isPull(issue))
    return notFound('pullRequest', 'Could not resolve to a PullRequest.');
  const first = shownComments(issue).filter(({ inReplyTo }) => inReplyTo === undefined);
  const from = Number(variables.after ?? 0);
  const nodes = first.slice(from, from + PER_PAGE).map(({ id }) => ({
    id: nodeId('PRRT', id),
    isResolved: issue.pull.resolvedThreads.has(id),
    comments: { nodes: [{ fullDatabaseId: String(id) }] },
  }));
  const end = from + nodes.length;
  const pageInfo = { hasNextPage: end < first.length, endCursor: String(end) };
  return ok({ data: { repository: { pullRequest: { reviewThreads: { nodes, pageInfo } } } } });
}

const PER_PAGE = 100;

/** Who can write contents can resolve. */
function resolve(call: GlobalCall, { thread }: Json): Reply {
  for (const repository of call.world.repositories.values())
    for (const issue of [...repository.issues.values()].filter(isPull)) {
      const first = threadIn(issue, String(thread));
      const actor = actorWith(call, repository, { role: 'write', names: ['contents'], access: 'write' });
      if (first === undefined) continue;
      if (actor === undefined)
        return ok({ data: { resolveReviewThread: null }, errors: [forbidden('resolveReviewThread')] });
      resolveThread({ world: call.world, repository, actor }, issue, first);
      return ok({ data: { resolveReviewThread: { thread: { isResolved: true } } } });
    }
  return ok({
    data: { resolveReviewThread: null },
    errors: [{ type: 'NOT_FOUND', path: ['resolveReviewThread'], message: 'Could not resolve to a node.' }],
  });
}

function threadIn(issue: PullIssue, id: string): ReviewComment | undefined {
  return shownComments(issue).find(
    comment => comment.inReplyTo === undefined && nodeId('PRRT', comment.id) === id,
  );
}

function editsOf({ bodyEdits, events }: Issue): Json {
  const renamed = events.filter(({ event }) => event === 'renamed').slice(-1);
  return {
    lastEditedAt: bodyEdits.at(-1) ?? null,
    userContentEdits: { totalCount: bodyEdits.length },
    timelineItems: { nodes: renamed.map(({ createdAt }) => ({ createdAt })) },
  };
}
