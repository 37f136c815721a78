/** What the operations of GraphQL share: who may, where, and GitHub's errors. */
import type { Account, Issue, Json, Repository, Role } from '../model.ts';
import { atLeast, findRepository } from '../world.ts';
import { credentialOf, effectiveRole, hasPermission } from '../http/authorize.ts';
import { ok, type GlobalCall, type Reply } from '../http/exchange.ts';

export type Operation = (call: GlobalCall, variables: Json) => Reply | Promise<Reply>;

export const forbidden = (name: string): Json => ({
  type: 'FORBIDDEN',
  path: [name],
  message: 'Resource not accessible by integration',
});

export function notFound(name: string, message: string): Reply {
  const error = { type: 'NOT_FOUND', path: ['repository', name], message };
  return ok({ data: { repository: { [name]: null } }, errors: [error] });
}

export function issueFor(call: GlobalCall, { owner, repo, number }: Json): Issue | undefined {
  const repository = findRepository(call.world, `${String(owner)}/${String(repo)}`);
  if (repository === undefined) return undefined;
  const needs = { role: 'read', names: ['issues', 'pull_requests'], access: 'read' } as const;
  const issue = repository.issues.get(Number(number));
  return actorWith(call, repository, needs) === undefined || issue?.gone !== undefined ? undefined : issue;
}

export interface Needs {
  readonly role: Role;
  readonly names: readonly string[];
  readonly access: 'read' | 'write';
}

/** The caller, if it may do this. */
export function actorWith(
  call: GlobalCall,
  repository: Repository,
  { role, names, access }: Needs,
): Account | undefined {
  const credential = credentialOf(call.world, call.authorization);
  if (credential === null || credential === 'bad') return undefined;
  const may =
    atLeast(effectiveRole(credential, repository), role) && hasPermission(credential, { names, access });
  return may ? credential.account : undefined;
}
