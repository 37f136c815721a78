/** What a person may do in the repository. Only a clear answer grants: everything else is unreadable, or a retry. */
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

/** Passing troubles (limits, no answer, 401) are thrown, so that the engine asks again instead of refusing a person. */
export async function roleOf(github: GitHub, { owner, repo, login }: RoleInput): Promise<RoleAnswer> {
  try {
    const asked = github.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login });
    const answer = await ask(asked, PermissionAnswer);
    if (answer.user && !sameLogin(answer.user.login, login))
      return { kind: 'unreadable', why: `GitHub answered for ${answer.user.login} when asked for ${login}` };
    return { kind: 'role', role: roleNamed(answer) };
  } catch (error) {
    if (isFailure(error, 'not-found')) return { kind: 'unreadable', why: `GitHub knows no ${login} here` };
    if (isFailure(error, 'forbidden', 'gone', 'moved', 'conflict', 'invalid', 'bad-answer'))
      return { kind: 'unreadable', why: error.message };
    throw error;
  }
}

const PermissionAnswer = z.object({
  permission: z.string(),
  role_name: z.string().optional(),
  user: z.object({ login: z.string() }).nullish(),
});

const roles: readonly Role[] = ['admin', 'maintain', 'write', 'triage', 'read', 'none'];

/** `permission` folds maintain into write and triage into read; a custom role has a name of its own and only that fold. */
function roleNamed(answer: z.infer<typeof PermissionAnswer>): Role {
  const known = (name: string | undefined) => roles.find(role => role === name?.toLowerCase());
  return known(answer.role_name) ?? known(answer.permission) ?? 'none';
}
