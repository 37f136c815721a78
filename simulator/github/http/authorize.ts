/** Finds the owner of a request's token, and checks what it permits. */
import type { Credential, Repository, Role } from '../model.ts';
import { atLeast, fullName, roleOf, type World } from '../world.ts';
import { ApiError, forbidden, notFound } from './errors.ts';
import type { RepositoryRoute } from './route.ts';

/** The credential, null when none was sent, or 'bad' for an unknown or expired token. */
export function credentialOf(world: World, authorization: string | undefined): Credential | null | 'bad' {
  if (authorization === undefined || authorization === '') return null;
  const credential = world.tokens.get(tokenIn(authorization));
  if (credential === undefined || (credential.expiresAtMs ?? Infinity) <= world.now()) return 'bad';
  return credential;
}

function tokenIn(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'basic') return value;
  const pair = Buffer.from(value, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

const sees = (credential: Credential, repository: Repository): boolean =>
  credential.repositories?.includes(fullName(repository)) !== false;

/** An installation has only its permissions; a person's token is also limited by the person's role. */
export function effectiveRole(credential: Credential, repository: Repository): Role {
  if (!sees(credential, repository)) return repository.private ? 'none' : 'read';
  if (credential.installation !== true) return roleOf(repository, credential.account);
  return credential.permissions?.contents === 'read' || credential.permissions?.contents === undefined
    ? 'triage'
    : 'write';
}

export function hasPermission(
  credential: Credential,
  needed: { names: readonly string[]; access: 'read' | 'write' },
): boolean {
  const { permissions } = credential;
  if (permissions === undefined || needed.names.includes('metadata')) return true;
  return needed.names.some(name => {
    const granted = permissions[name];
    return granted !== undefined && (needed.access === 'read' || granted !== 'read');
  });
}

/** Returns the caller's role, or throws GitHub's error. */
export function authorize(credential: Credential, repository: Repository, route: RepositoryRoute): Role {
  const role = effectiveRole(credential, repository);
  if (!atLeast(role, 'read')) throw notFound();
  const access = route.method === 'GET' ? 'read' : 'write';
  if (!hasPermission(credential, { names: route.permissions, access }))
    throw inaccessible(credential, route, access);
  // an installation has no role; its permissions were checked above
  if (credential.installation !== true && !atLeast(role, route.role)) throw forbidden();
  if (access === 'write' && repository.archived) throw forbidden('Repository was archived so is read-only.');
  return role;
}

function inaccessible(credential: Credential, route: RepositoryRoute, access: string): ApiError {
  const accepted = route.permissions.map(name => `${name}=${access}`).join('; ');
  const who = credential.installation === true ? 'integration' : 'personal access token';
  const headers = { 'x-accepted-github-permissions': accepted };
  return new ApiError(403, `Resource not accessible by ${who}`, { headers });
}
