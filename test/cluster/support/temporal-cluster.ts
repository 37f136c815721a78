/** Temporal's server as in production: its roles are separate processes on PostgreSQL, two of them hold histories. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { isListening, LOOPBACK, reservePorts } from '../../../src/local/ports.ts';
import type { ProcessSpec } from '../../../src/local/process-spec.ts';
import { createSupervisor, type Supervisor } from '../../../src/local/supervisor.ts';
import { toolEnvironment } from '../../../src/local/tool-environment.ts';
import { goProgram } from '../../support/programs/go.ts';
import { signalbox } from './cli.ts';
import { planPostgresql, type PostgreSql, USER } from './postgresql.ts';
import {
  type ClusterFacts,
  DATABASES,
  dynamicConfig,
  type Member,
  memberConfig,
  type Ports,
  type Role,
} from './temporal-config.ts';

const VERSION = 'v1.31.2';
const NAMESPACE = 'signalbox';
const READY_TIMEOUT_MS = 90_000;
const MEMBERS: readonly (readonly [name: string, role: Role])[] = [
  ['frontend', 'frontend'],
  ['history-1', 'history'],
  ['history-2', 'history'],
  ['matching', 'matching'],
  ['temporal-worker', 'worker'],
];

export interface TemporalCluster {
  /** The connection of its clients, by environment variable. */
  readonly values: Readonly<Record<'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE', string>>;
  readonly postgresql: PostgreSql;
  readonly supervisor: Supervisor;
  readonly stop: () => Promise<void>;
}

/** `restore` fills the databases instead of the schema and the namespace. */
export async function startTemporalCluster(
  folder: string,
  restore?: (postgresql: PostgreSql) => Promise<void>,
): Promise<TemporalCluster> {
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true });
  const supervisor = createSupervisor({ onEvent: () => undefined });
  try {
    const postgresql = await planPostgresql(join(folder, 'postgresql'), join(logs, 'postgresql.log'));
    await supervisor.start([postgresql.process]);
    await (restore ?? createSchema)(postgresql);
    const ports = await freePorts();
    const address = `${LOOPBACK}:${ports[0]?.grpc ?? 0}`;
    const members = MEMBERS.map(([name, role], at) => ({ name, role, ports: ports[at] ?? NO_PORTS }));
    const facts = { postgresql, frontend: address, dynamicFile: join(folder, 'dynamic.yaml'), members };
    await writeFile(facts.dynamicFile, dynamicConfig());
    await supervisor.start(await Promise.all(members.map(member => memberProcess(member, facts, folder))));
    const values = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: NAMESPACE };
    await prepareNamespace(values);
    return {
      values,
      postgresql,
      supervisor,
      stop: () => supervisor.stop(),
    };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

const NO_PORTS: Ports = { grpc: 0, membership: 0 };

async function freePorts(): Promise<readonly Ports[]> {
  const wanted = MEMBERS.flatMap(([what]) => [0, 0].map(port => ({ port, what, setting: '' })));
  const ports = await reservePorts(wanted);
  return MEMBERS.map((_, at) => ({ grpc: ports[2 * at] ?? 0, membership: ports[2 * at + 1] ?? 0 }));
}

async function memberProcess(member: Member, facts: ClusterFacts, folder: string): Promise<ProcessSpec> {
  const config = join(folder, `${member.name}.yaml`);
  // It contains the password of the database.
  await writeFile(config, memberConfig(member, facts), { mode: 0o600 });
  const command = await goProgram({
    name: 'temporal-server',
    pkg: 'go.temporal.io/server/cmd/server',
    version: VERSION,
  });
  return {
    name: member.name,
    command,
    args: ['--config-file', config, '--allow-no-auth', 'start', '--service', member.role],
    env: toolEnvironment(process.env),
    logFile: join(folder, 'logs', `${member.name}.log`),
    parentWatch: 'guard',
    // After a restore all of them write their new address at once, and one of them wins.
    startAttemptsMax: 5,
    readiness: { by: 'probe', probe: () => isListening(member.ports.grpc), timeoutMs: READY_TIMEOUT_MS },
  };
}

async function createSchema({ port, password }: PostgreSql): Promise<void> {
  const tool = await goProgram({
    name: 'temporal-sql-tool',
    pkg: 'go.temporal.io/server/cmd/tools/sql',
    version: VERSION,
  });
  const env = {
    ...{ SQL_PLUGIN: 'postgres12', SQL_HOST: LOOPBACK, SQL_PORT: String(port), SQL_USER: USER },
    SQL_PASSWORD: password,
  };
  const schemas = { [DATABASES.main]: 'temporal', [DATABASES.visibility]: 'visibility' };
  for (const [database, schema] of Object.entries(schemas)) {
    const sql = (...args: string[]) =>
      execa(tool, ['--db', database, ...args], { env, timeout: READY_TIMEOUT_MS });
    await sql('create');
    await sql('setup-schema', '-v', '0.0');
    await sql('update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
}

/** The frontend answers before the cluster is complete; the command waits for that. */
async function prepareNamespace(values: TemporalCluster['values']): Promise<void> {
  const wait = String(READY_TIMEOUT_MS / 1_000);
  const args = ['namespace', 'prepare', '--create', '--retention', '72h', '--wait', wait];
  await signalbox(args, values);
}
