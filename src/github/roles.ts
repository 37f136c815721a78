/** A person's role in the repository. Only a clear answer grants a role; anything else is unreadable or retried. */
import { z } from 'zod';
import type { Role } from '../domain/policy.ts';
import { sameLogin } from './actor.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';

export type RoleAnswer =
  { readonly kind: 'role'; readonly role: Role } | { readonly kind: 'unreadable'; readonly why: string };

export interface RoleInput extends RepositoryName {
  readonly login: string;
}

/** Throws temporary errors (rate limit, no response, 401), so that the scheduler retries instead of refusing a person. */
export async function roleOf(github: GitHub, { owner, repo, login }: RoleInput): Promise<RoleAnswer> {
  try {
    const asked = github.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login });
    const answer = await ask(asked, PermissionAnswer);
    if (answer.user && !sameLogin(answer.user.login, login))
      return {
        kind: 'unreadable',
        why: `GitHub returned the role of ${answer.user.login} instead of ${login}`,
      };
    return { kind: 'role', role: roleNamed(answer) };
  } catch (error) {
    if (isFailure(error, 'not-found'))
      return { kind: 'unreadable', why: `GitHub finds no user ${login} for this repository` };
    if (isFailure(error, 'forbidden', 'gone', 'moved', 'conflict', 'invalid', 'bad-answer'))
      return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

/** Asks for each login once: one account may have written hundreds of comments. */
export function rolesIn(
  github: GitHub,
  { owner, repo }: RepositoryName,
): (login: string) => Promise<RoleAnswer> {
  const asked = new Map<string, Promise<RoleAnswer>>();
  return login => {
    const key = login.toLowerCase();
    const role = asked.get(key) ?? roleOf(github, { owner, repo, login });
    asked.set(key, role);
    return role;
  };
}

const PermissionAnswer = z.object({
  permission: z.string(),
  role_name: z.string().optional(),
  user: z.object({ login: z.string() }).nullish(),
});

const roles: readonly Role[] = ['admin', 'maintain', 'write', 'triage', 'read', 'none'];

/** `permission` reports maintain as write and triage as read. A custom role has its own name, so only `permission` is known. */
function roleNamed(answer: z.infer<typeof PermissionAnswer>): Role {
  const known = (name: string | undefined) => roles.find(role => role === name?.toLowerCase());
  return known(answer.role_name) ?? known(answer.permission) ?? 'none';
}
