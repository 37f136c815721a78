/**
 * Who we are at GitHub: a token as given, or an App whose installation tokens are scoped to one repository.
 * auth-app is only asked for tokens; as octokit's strategy it would retry by itself for seconds.
 */
import { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { GitHubFailure } from './failure.ts';

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** What an installation token may do, for example `{ contents: 'read' }`; without it, all the App was granted. */
export type TokenPermissions = Readonly<Record<string, string>>;

export type Credential =
  /** What everybody may read. */
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'app';
      readonly appId: string;
      readonly privateKey: string;
      /** Found from the repository when absent. */
      readonly installationId?: number;
      readonly permissions?: TokenPermissions;
    };

export interface TokenRequest {
  /** Absent for the endpoints about the App itself. */
  readonly repository?: RepositoryName;
  /** True after a 401: the cached token is no longer good. */
  readonly fresh: boolean;
}

export interface TokenSource {
  readonly kind: Credential['kind'];
  /** Empty when there is none. */
  token(request: TokenRequest): Promise<string>;
  /** What the token for this repository was granted; undefined where only probing can tell. */
  granted(repository: RepositoryName): Promise<TokenPermissions | undefined>;
}

/** `request` must be octokit's without credentials and behind the strict fetch. */
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
        "the App's private key cannot sign: give the whole PEM file that GitHub generated for this App";
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
