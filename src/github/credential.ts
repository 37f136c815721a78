/**
 * Our identity at GitHub: a given token, or an App whose installation tokens are scoped to one repository.
 * auth-app is used only to get tokens; as octokit's auth strategy it would retry on its own for seconds.
 */
import { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { GitHubFailure } from './failure.ts';

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** The permissions of an installation token, for example `{ contents: 'read' }`; by default all that the App has. */
export type TokenPermissions = Readonly<Record<string, string>>;

export type Credential =
  /** Public data only. */
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'app';
      readonly appId: string;
      readonly privateKey: string;
      /** When absent, looked up by repository. */
      readonly installationId?: number;
      readonly permissions?: TokenPermissions;
    };

export interface TokenRequest {
  /** Absent for the endpoints about the App itself. */
  readonly repository?: RepositoryName;
  /** True after a 401: the cached token is no longer valid. */
  readonly fresh: boolean;
}

export interface TokenSource {
  readonly kind: Credential['kind'];
  /** An empty string when there is no token. */
  token(request: TokenRequest): Promise<string>;
  /** The permissions of the token for this repository; undefined when only probing can find out. */
  granted(repository: RepositoryName): Promise<TokenPermissions | undefined>;
}

/** `request` must be octokit's, without credentials and with the strict fetch. */
export function createTokenSource(credential: Credential, request: Octokit['request']): TokenSource {
  if (credential.kind === 'app') return appSource(credential, request);
  const token = credential.kind === 'token' ? credential.token : '';
  return {
    kind: credential.kind,
    token: () => Promise.resolve(token),
    granted: () => Promise.resolve(undefined),
  };
}

const Installation = z.object({ id: z.number() });

function appSource(app: Extract<Credential, { kind: 'app' }>, request: Octokit['request']): TokenSource {
  const auth = createAppAuth({
    appId: app.appId,
    privateKey: app.privateKey,
    request,
    log: { warn: () => undefined },
  });
  const installations = new Map<string, Promise<number>>();

  const appToken = async () => {
    try {
      return (await auth({ type: 'app' })).token;
    } catch {
      const message =
        "the App's private key is not valid. Fix: use the complete PEM file that GitHub generated for this App";
      throw new GitHubFailure({ kind: 'unauthorized', requestRoute: 'JWT of the App', message });
    }
  };
  const findInstallation = async ({ owner, repo }: RepositoryName) => {
    const headers = { authorization: `bearer ${await appToken()}` };
    const { data } = await request('GET /repos/{owner}/{repo}/installation', { owner, repo, headers });
    return Installation.parse(data).id;
  };
  const installationOf = (repository: RepositoryName): Promise<number> => {
    if (app.installationId !== undefined) return Promise.resolve(app.installationId);
    const key = `${repository.owner}/${repository.repo}`.toLowerCase();
    const known = installations.get(key) ?? findInstallation(repository);
    installations.set(key, known);
    known.catch(() => installations.delete(key));
    return known;
  };
  const installationToken = async (repository: RepositoryName, fresh: boolean) => {
    await appToken();
    return await auth({
      type: 'installation',
      installationId: await installationOf(repository),
      repositoryNames: [repository.repo],
      ...(app.permissions === undefined ? {} : { permissions: app.permissions }),
      refresh: fresh,
    });
  };
  return {
    kind: 'app',
    token: async ({ repository, fresh }) =>
      repository === undefined ? await appToken() : (await installationToken(repository, fresh)).token,
    granted: async repository => (await installationToken(repository, false)).permissions,
  };
}
