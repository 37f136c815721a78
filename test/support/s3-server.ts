/** A real S3-compatible server on loopback: versitygw over a folder, with a bucket, and more accounts where asked for. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AwsClient } from 'aws4fetch';
import { defaultCacheDir } from '../../src/local/temporal-server/cache.ts';
import { freePort } from './free-port.ts';
import { goIsInstalled, type GoProgram, goProgram } from './programs/go.ts';
import { until } from './until.ts';

export const VERSITYGW: GoProgram = {
  name: 'versitygw',
  pkg: 'github.com/versity/versitygw/cmd/versitygw',
  version: 'v1.8.0',
};

/** Why there is no server here, for the name of a skipped test; undefined if there is one. */
export const NO_S3_SERVER =
  existsSync(path.join(defaultCacheDir(process.env), 'programs', `${VERSITYGW.name}-${VERSITYGW.version}`)) ||
  goIsInstalled()
    ? undefined
    : 'needs Go, to build versitygw once';

export interface S3Account {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3ServerOptions {
  /** A folder of its own on a file system with extended attributes; made if it is missing. */
  readonly directory: string;
  readonly port?: number;
  readonly bucket?: string;
  /** Owns the bucket. */
  readonly credentials?: S3Account;
  /** Have no rights but those of a bucket policy. */
  readonly accounts?: readonly S3Account[];
  /** Of the bucket, as JSON. */
  readonly policy?: unknown;
}

export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly pid: number;
  /** Settings by environment variable, for an account or else for the owner. */
  readonly settings: (account?: S3Account, prefix?: string) => Readonly<Record<string, string>>;
  /** Any request of the owner, below the bucket. */
  readonly request: (key: string, init?: RequestInit) => Promise<Response>;
  readonly stop: () => Promise<void>;
}

const GUARD = fileURLToPath(new URL('../../src/host/guard.mjs', import.meta.url));
const OWNER: S3Account = { accessKeyId: 'owner', secretAccessKey: 'canary-owner-secret' };

export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const { directory, bucket = 'signalbox', credentials: owner = OWNER, accounts = [] } = options;
  const program = await goProgram(VERSITYGW);
  const [data, iam] = [path.join(directory, 'data'), path.join(directory, 'iam')];
  for (const folder of [data, iam]) await mkdir(folder, { recursive: true });
  const port = options.port ?? (await freePort());
  const endpoint = `http://127.0.0.1:${port}`;
  // The guard ends the server if this process dies before `stop`.
  const server = spawn(
    process.execPath,
    [
      GUARD,
      '1000',
      program,
      '--port',
      `127.0.0.1:${port}`,
      '--health',
      '/health',
      '--quiet',
      '--iam-dir',
      iam,
      'posix',
      data,
    ],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      detached: true,
      env: { ROOT_ACCESS_KEY_ID: owner.accessKeyId, ROOT_SECRET_ACCESS_KEY: owner.secretAccessKey },
    },
  );
  let pid = 0;
  server.once('message', (started: { readonly pid: number }) => void (pid = started.pid));
  const ended = new Promise<void>(resolve => server.once('close', () => resolve()));
  const client = new AwsClient({ ...owner, service: 's3', region: 'us-east-1', retries: 0 });
  const request = async (key: string, init: RequestInit = {}): Promise<Response> =>
    await client.fetch(`${endpoint}/${bucket}${key === '' ? '' : `/${key}`}`, init);
  const stop = async (): Promise<void> => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL');
    await ended;
  };
  try {
    await until('the S3 server answers', () => answers(`${endpoint}/health`, server.exitCode), 60_000);
    for (const account of accounts) await addAccount(client, endpoint, account);
    await must(await request('', { method: 'PUT' }), 409);
    if (options.policy !== undefined)
      await must(await request('?policy', { method: 'PUT', body: JSON.stringify(options.policy) }));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint,
    bucket,
    pid,
    settings: (account = owner, prefix = '') => ({
      SIGNALBOX_ARTIFACTS: `s3://${bucket}/${prefix}`,
      AWS_ACCESS_KEY_ID: account.accessKeyId,
      AWS_SECRET_ACCESS_KEY: account.secretAccessKey,
      AWS_ENDPOINT_URL_S3: endpoint,
    }),
    request,
    stop,
  };
}

async function answers(url: string, exitCode: number | null): Promise<true | undefined> {
  if (exitCode !== null) throw new Error(`the S3 server ended with ${exitCode}`);
  return (await fetch(url).catch(() => undefined))?.ok === true ? true : undefined;
}

async function addAccount(client: AwsClient, endpoint: string, account: S3Account): Promise<void> {
  const body = `<Account><Access>${account.accessKeyId}</Access><Secret>${account.secretAccessKey}</Secret><Role>user</Role></Account>`;
  await must(await client.fetch(`${endpoint}/create-user`, { method: 'PATCH', body }), 409);
}

async function must(response: Response, alsoGood = 200): Promise<void> {
  const text = await response.text();
  if (!response.ok && response.status !== alsoGood) throw new Error(`${response.status} ${text}`);
}
