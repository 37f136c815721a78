/** A PostgreSQL server of a stage. It refuses to run as root, so root starts it as `nobody`. */
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type Result } from 'execa';
import { LOOPBACK } from '../../../src/local/ports.ts';
import type { ProcessSpec } from '../../../src/local/process-spec.ts';
import { toolEnvironment } from '../../../src/local/tool-environment.ts';
import { freePort } from '../../support/free-port.ts';
import { POSTGRESQL_BIN, postgresqlFolder } from '../../support/programs/postgresql.ts';

export const USER = 'temporal';
const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;
const TOOL_TIMEOUT_MS = 120_000;
const STOP_GRACE_MS = 10_000;

export interface PostgreSql {
  readonly port: number;
  readonly password: string;
  readonly process: ProcessSpec;
  /** Runs one of its tools against this server; further arguments are those of the tool. */
  readonly tool: (name: 'pg_dump' | 'pg_restore' | 'psql', ...args: string[]) => Promise<string>;
}

/** Makes an empty data directory in the folder, which must not exist yet; starts nothing. */
export async function planPostgresql(folder: string, logFile: string): Promise<PostgreSql> {
  const data = join(folder, 'data');
  const password = randomBytes(16).toString('hex');
  await mkdir(folder, { recursive: true, mode: 0o711 });
  if (asRoot) await chown(folder, NOBODY, NOBODY);
  const bin = join(await readableByItsUser(folder), POSTGRESQL_BIN);
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (asRoot) await chown(passwordFile, NOBODY, NOBODY);
  const initdb = [join(bin, 'initdb'), ...INITDB, `--pwfile=${passwordFile}`, '-D', data, '-U', USER];
  await run(asItsUser(initdb), { cwd: folder });
  const port = await freePort();
  const environment = { PGHOST: LOOPBACK, PGPORT: String(port), PGUSER: USER, PGPASSWORD: password };
  const ready = async (): Promise<boolean> => {
    await execa(join(bin, 'pg_isready'), { env: environment, timeout: 5_000 });
    return true;
  };
  const [command = '', ...args] = asItsUser([join(bin, 'postgres'), '-D', data, ...settings(port)]);
  return {
    port,
    password,
    process: {
      name: 'postgresql',
      command,
      args,
      cwd: folder,
      env: toolEnvironment(process.env),
      logFile,
      parentWatch: 'guard',
      readiness: { by: 'probe', probe: ready },
      stopGraceMs: STOP_GRACE_MS,
    },
    tool: async (name, ...more) =>
      String((await run([join(bin, name), ...more], { cwd: folder, env: environment })).stdout),
  };
}

const INITDB = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];

/** Nothing of it stays outside of its folder: no socket, no shared memory with a name. */
function settings(port: number): readonly string[] {
  const all = {
    port: String(port),
    listen_addresses: LOOPBACK,
    unix_socket_directories: '',
    dynamic_shared_memory_type: 'mmap',
    // Five processes of Temporal with a pool for each of two databases.
    max_connections: '200',
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The cache of root is closed to others: the server gets a copy. */
async function readableByItsUser(folder: string): Promise<string> {
  const kept = await postgresqlFolder();
  if (!asRoot) return kept;
  const copy = join(folder, 'programs');
  await cp(kept, copy, { recursive: true });
  return copy;
}

function asItsUser(command: readonly string[]): readonly string[] {
  if (!asRoot) return command;
  return [
    'setpriv',
    '--reuid',
    String(NOBODY),
    '--regid',
    String(NOBODY),
    '--clear-groups',
    '--',
    ...command,
  ];
}

async function run(
  [command = '', ...args]: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Result> {
  return await execa(command, args, { ...options, timeout: TOOL_TIMEOUT_MS });
}
