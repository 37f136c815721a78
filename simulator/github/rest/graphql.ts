/** GraphQL: the edits of an issue's text, which REST does not have. It answers this one query and does not parse it. */
import type { Issue, Json, Repository } from '../model.ts';
import { atLeast, findRepository } from '../world.ts';
import { credentialOf, effectiveRole, hasPermission } from '../http/authorize.ts';
import { ok, requiredText, type GlobalCall, type Reply } from '../http/exchange.ts';
import { globalRoute, type Route } from '../http/route.ts';

export const graphqlRoutes = (): Route[] => [globalRoute('POST /graphql', answer)];

function answer(call: GlobalCall): Reply {
  if (!requiredText(call.body, 'query').startsWith('query IssueEdits('))
    return ok({ errors: [{ message: 'this simulator answers only the query IssueEdits' }] });
  const { owner, repo, number } = (call.body.variables ?? {}) as Json;
  const repository = findRepository(call.world, `${String(owner)}/${String(repo)}`);
  const issue =
    repository !== undefined && isReadable(call, repository)
      ? repository.issues.get(Number(number))
      : undefined;
  if (issue === undefined || issue.gone !== undefined) {
    const error = {
      type: 'NOT_FOUND',
      path: ['repository', 'issue'],
      message: 'Could not resolve to an Issue.',
    };
    return ok({ data: { repository: { issue: null } }, errors: [error] });
  }
  return ok({ data: { repository: { issue: editsOf(issue) } } });
}

function isReadable(call: GlobalCall, repository: Repository): boolean {
  const credential = credentialOf(call.world, call.authorization);
  return (
    credential !== null &&
    credential !== 'bad' &&
    atLeast(effectiveRole(credential, repository), 'read') &&
    hasPermission(credential, { names: ['issues', 'pull_requests'], access: 'read' })
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
