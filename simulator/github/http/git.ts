/** Executes one git request: checks access, runs the backend, then applies the effects of a push. */
import type { Credential, Repository } from '../model.ts';
import { afterRefMove } from '../acts/push.ts';
import { runSmartHttp, type GitReply } from '../git/smart-http.ts';
import { repositoryWeb } from '../render/repository.ts';
import {
  accountOf,
  noreplyAddress,
  atLeast,
  findRepository,
  renamedRepository,
  fullName,
  type World,
} from '../world.ts';
import { credentialOf, effectiveRole, hasPermission } from './authorize.ts';
import type { RawRequest } from './exchange.ts';
import type { RestContext } from './rest.ts';

const PATH_PATTERN = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export interface GitTarget {
  readonly name: string;
  readonly tail: string;
  readonly route: string;
  readonly pushes: boolean;
}

export function gitTarget(path: string, query: URLSearchParams): GitTarget | undefined {
  const found = PATH_PATTERN.exec(path);
  if (found === null) return undefined;
  const [, owner = '', repository = '', tail = ''] = found;
  const route = tail === 'info/refs' ? 'git-info-refs' : tail;
  const pushes = tail === 'git-receive-pack' || query.get('service') === 'git-receive-pack';
  return { name: `${owner}/${repository}`, tail, route, pushes };
}

const plain = (status: number, text: string, headers: Record<string, string> = {}): GitReply => ({
  status,
  headers: { 'content-type': 'text/plain', ...headers },
  body: Buffer.from(`${text}\n`),
});

export async function executeGit(
  context: RestContext & { hooksDir: string },
  request: RawRequest,
  target: GitTarget,
): Promise<GitReply> {
  const { world, hooksDir } = context;
  const credential = credentialOf(world, request.headers.authorization);
  if (credential === null || credential === 'bad') {
    return plain(401, 'Invalid username or token.', { 'www-authenticate': 'Basic realm="GitHub"' });
  }
  const repository = findRepository(world, target.name);
  if (repository === undefined) return missing(world, target);
  const refusal = refusalFor(credential, repository, target);
  if (refusal !== undefined) return refusal;
  const { account } = credential;
  const call = {
    ...{ repository, request, tail: target.tail, login: account.login, hooksDir },
    allowedSigners: allowedSigners(world),
    rulesUrl: `${repositoryWeb(world, repository)}/rules`,
  };
  const { reply, moves } = await runSmartHttp(call);
  if (moves.length === 0) return reply;
  await context.inTurn(repository.id, async () => {
    for (const move of moves) await afterRefMove({ world, repository, actor: account }, move);
  });
  return reply;
}

/** A signature counts for the address of the account that has the key. */
function allowedSigners(world: World): string {
  const lines = [...world.signingKeys].flatMap(([login, keys]) =>
    keys.map(({ key, email }) => {
      const addresses = [noreplyAddress(accountOf(world, login)), ...(email === undefined ? [] : [email])];
      return `${addresses.join(',')} namespaces="git" ${key}\n`;
    }),
  );
  return lines.join('');
}

function missing(world: World, target: GitTarget): GitReply {
  const renamed = renamedRepository(world, target.name);
  if (renamed === undefined) return plain(404, 'Repository not found.');
  return plain(301, 'Moved', { location: `${world.url}/${fullName(renamed)}.git/${target.tail}` });
}

function refusalFor(credential: Credential, repository: Repository, target: GitTarget): GitReply | undefined {
  const role = effectiveRole(credential, repository);
  if (!atLeast(role, 'read')) return plain(404, 'Repository not found.');
  const access = target.pushes ? 'write' : 'read';
  const permitted = hasPermission(credential, { names: ['contents'], access });
  if (permitted && (!target.pushes || (atLeast(role, 'write') && !repository.archived))) return undefined;
  if (permitted && repository.archived) return plain(403, 'This repository was archived so it is read-only.');
  return plain(403, `Permission to ${fullName(repository)}.git denied to ${credential.account.login}.`);
}
