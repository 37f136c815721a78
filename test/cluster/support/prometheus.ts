/** A real Prometheus with the configuration and the rules that we ship; only addresses and intervals are of the stage. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { findOnPath } from '../../../src/host/executable.ts';
import { LOOPBACK } from '../../../src/local/ports.ts';
import { createSupervisor } from '../../../src/local/supervisor.ts';
import { toolEnvironment } from '../../../src/local/tool-environment.ts';
import { freePort } from '../../support/free-port.ts';

const SHIPPED = new URL('../../../deploy/prometheus/', import.meta.url);
/** More than the scheduler may take for an answer. */
const SCRAPE_INTERVAL = '4s';
const EVALUATION_INTERVAL = '1s';

const command = findOnPath(['prometheus'], process.env['PATH'] ?? '');

/** Why there is no Prometheus here, for the name of a skipped test; undefined if there is one. */
export const NO_PROMETHEUS = command === undefined ? 'no prometheus on the PATH' : undefined;

export interface Target {
  readonly labels: { readonly job: string };
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
}

export interface Rule {
  readonly name: string;
  readonly health: 'ok' | 'err' | 'unknown';
  readonly state: 'inactive' | 'pending' | 'firing';
  readonly lastError?: string;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Prometheus {
  readonly targets: () => Promise<readonly Target[]>;
  readonly rules: () => Promise<readonly Rule[]>;
  /** The value of an expression now. */
  readonly query: (expression: string) => Promise<readonly Sample[]>;
  readonly stop: () => Promise<void>;
}

interface Answers {
  readonly targets: { readonly activeTargets: readonly Target[] };
  readonly rules: { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
  readonly query: {
    readonly result: readonly {
      readonly metric: Sample['labels'];
      readonly value: readonly [number, string];
    }[];
  };
}

/** `addresses`: host:port of the process of each job. Jobs without one are left out. */
export async function startPrometheus(
  folder: string,
  addresses: ReadonlyMap<string, string>,
): Promise<Prometheus> {
  await mkdir(folder);
  const configFile = join(folder, 'prometheus.yml');
  await writeFile(configFile, await configFor(addresses));
  await copyFile(new URL('alerts.yml', SHIPPED), join(folder, 'alerts.yml'));
  const address = `${LOOPBACK}:${await freePort()}`;
  const supervisor = createSupervisor({ onEvent: () => undefined });
  const stop = (): Promise<void> => supervisor.stop();
  try {
    await supervisor.start([
      {
        name: 'prometheus',
        command: command ?? '',
        args: [
          `--config.file=${configFile}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=${address}`,
        ],
        env: toolEnvironment(process.env),
        logFile: join(folder, 'prometheus.log'),
        parentWatch: 'guard',
        restart: 'never',
        readiness: { by: 'probe', probe: async () => (await fetch(`http://${address}/-/ready`)).ok },
      },
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...questions(address), stop };
}

async function configFor(addresses: ReadonlyMap<string, string>): Promise<string> {
  const shipped = parse(await readFile(new URL('prometheus.yml', SHIPPED), 'utf8')) as {
    readonly scrape_configs: readonly { readonly job_name: string }[];
  };
  const jobs = shipped.scrape_configs.flatMap(job => {
    const address = addresses.get(job.job_name);
    return address === undefined ? [] : [{ ...job, static_configs: [{ targets: [address] }] }];
  });
  const global = { scrape_interval: SCRAPE_INTERVAL, evaluation_interval: EVALUATION_INTERVAL };
  return stringify({ ...shipped, global, scrape_configs: jobs });
}

function questions(address: string): Omit<Prometheus, 'stop'> {
  const ask = async <Kind extends keyof Answers>(kind: Kind, search = ''): Promise<Answers[Kind]> => {
    const response = await fetch(`http://${address}/api/v1/${kind}${search}`);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return ((await response.json()) as { readonly data: Answers[Kind] }).data;
  };
  return {
    targets: async () => (await ask('targets')).activeTargets,
    rules: async () => (await ask('rules')).groups.flatMap(({ rules }) => rules),
    query: async expression => {
      const { result } = await ask('query', `?query=${encodeURIComponent(expression)}`);
      return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
    },
  };
}
