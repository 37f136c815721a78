/** git over smart HTTP: one `git http-backend` per request; a post-receive hook reports pushes, which are processed before the reply. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ALL_BRANCHES, type Protection, type Repository } from '../model.ts';
import type { RawRequest } from '../http/exchange.ts';
import type { RefMove } from '../acts/push.ts';
import { baseEnvironment } from './run.ts';

export interface GitReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface GitCall {
  readonly repository: Repository;
  readonly request: RawRequest;
  /** info/refs, git-upload-pack or git-receive-pack. */
  readonly tail: string;
  readonly login: string;
  readonly hooksDir: string;
  /** The keys of all accounts with their e-mail addresses, in the form that `ssh-keygen` reads. */
  readonly allowedSigners: string;
  readonly rulesUrl: string;
}

interface Files {
  readonly log: string;
  readonly signers: string;
}

/** The update hook refuses only protected branches; the post-receive hook reports the moved refs to the server. */
export async function installHooks(dataDir: string): Promise<string> {
  const hooksDir = join(dataDir, 'hooks');
  await mkdir(hooksDir, { recursive: true });
  const update = await readFile(new URL('update-hook.sh', import.meta.url), 'utf8');
  const postReceive = ['#!/bin/sh', 'cat >> "$GITHUB_PUSH_LOG"', ''];
  await writeFile(join(hooksDir, 'update'), update, { mode: 0o755 });
  await writeFile(join(hooksDir, 'post-receive'), postReceive.join('\n'), { mode: 0o755 });
  return hooksDir;
}

export async function runSmartHttp(call: GitCall): Promise<{ reply: GitReply; moves: RefMove[] }> {
  const scratch = await mkdtemp(join(tmpdir(), 'github-push-'));
  const log = join(scratch, 'moves');
  try {
    const signers = join(scratch, 'signers');
    await writeFile(signers, call.allowedSigners);
    const output = await runBackend(call, { log, signers });
    return { reply: parseCgi(output), moves: await readMoves(log) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function settings(hooksDir: string): Record<string, string> {
  const pairs = Object.entries({
    'core.hooksPath': hooksDir,
    'receive.hideRefs': 'refs/pull',
    'receive.autogc': 'false',
    'gc.auto': '0',
    'transfer.fsckObjects': 'true',
    'http.receivepack': 'true',
  });
  const numbered = pairs.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return {
    GIT_CONFIG_COUNT: String(pairs.length),
    ...(Object.fromEntries(numbered) as Record<string, string>),
  };
}

function environment(call: GitCall, { log, signers }: Files): Record<string, string> {
  const { repository, request, tail } = call;
  const { headers } = request;
  const refsWith = (has: (protection: Protection) => boolean): string =>
    [...repository.protections]
      .filter(([, protection]) => has(protection))
      .map(([branch]) => (branch === ALL_BRANCHES ? branch : `refs/heads/${branch}`))
      .join(' ');
  const said = [...repository.protections.values()].flatMap(({ refusedSaying }) => refusedSaying ?? []);
  return {
    ...baseEnvironment,
    ...settings(call.hooksDir),
    GIT_PROJECT_ROOT: dirname(repository.dir),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${basename(repository.dir)}/${tail}`,
    QUERY_STRING: request.query.toString(),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: headers['content-type'] ?? '',
    CONTENT_LENGTH: String(request.body.length),
    HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    GIT_PROTOCOL: headers['git-protocol'] ?? '',
    REMOTE_USER: call.login,
    REMOTE_ADDR: '127.0.0.1',
    GITHUB_PUSH_LOG: log,
    GITHUB_PROTECTED_REFS: refsWith(({ refusePush }) => refusePush === true),
    GITHUB_SIGNED_REFS: refsWith(({ requiredSignatures }) => requiredSignatures === true),
    GITHUB_CREATION_REFS: refsWith(({ restrictCreations }) => restrictCreations === true),
    GITHUB_REFUSED_REFS: refsWith(({ refusedSaying }) => refusedSaying !== undefined),
    GITHUB_REFUSED_SAYING: said.join('\n'),
    GITHUB_RULES_URL: call.rulesUrl,
    GITHUB_SIGNERS: signers,
  };
}

const runBackend = (call: GitCall, files: Files): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const cgi = spawn('git', ['http-backend'], {
      env: environment(call, files),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    cgi.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    cgi.stdin.on('error', () => undefined);
    cgi.on('error', reject);
    cgi.on('close', () => resolve(Buffer.concat(chunks)));
    cgi.stdin.end(call.request.body);
  });

/** Headers up to the empty line, `Status:` is the code (absent: 200), then the body. */
function parseCgi(output: Buffer): GitReply {
  const end = output.indexOf('\r\n\r\n');
  if (end < 0) return { status: 500, headers: {}, body: Buffer.alloc(0) };
  const headers: Record<string, string> = {};
  for (const line of output.subarray(0, end).toString().split('\r\n')) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status = '200', ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: output.subarray(end + 4) };
}

async function readMoves(log: string): Promise<RefMove[]> {
  const written = await readFile(log, 'utf8').catch(() => '');
  return written
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [before = '', after = '', ref = ''] = line.split(' ');
      return { before, after, ref };
    });
}
