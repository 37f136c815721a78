/** All processes of one host, supervised: Temporal (unless an address is given), scheduler, runner, gateways. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NO_PROFILE } from '../config/destinations.ts';
import type { Environment } from '../config/environment.ts';
import { healthValues } from './health-ports.ts';
import { type ProcessSpec, type SupervisorEvent, SECRET_DESCRIPTOR } from './process-spec.ts';
import { makeSocketFolder, type SocketFolder, sweepSocketFolders } from './socket-folder.ts';
import { programFile } from '../host/program-file.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import type { TemporalServerSource } from './temporal-server/obtain.ts';
import { planTemporalServer, type TemporalServerPlan } from './temporal-server/dev-server.ts';
import { ourSearchAttributes } from './temporal-server/search-attributes.ts';
import { toolEnvironment } from './tool-environment.ts';

export interface StackInput {
  readonly dataDir: string;
  readonly temporal: TemporalServerSource;
  readonly temporalPort: number;
  readonly temporalUiPort: number;
  /** Settings by environment variable name; each process gets only those it needs. */
  readonly values: Environment;
  /** Passed to the model gateway only, through a file descriptor. */
  readonly modelKey: string;
  readonly withGateway: boolean;
  readonly onEvent: (event: SupervisorEvent) => void;
}

export interface Stack {
  readonly temporalAddress: string;
  /** Temporal's connection settings, by environment variable name. */
  readonly temporalValues: Environment;
  /** Where the model gateway's sockets are, by environment variable name; empty if the settings name the folder. */
  readonly socketValues: Environment;
  readonly uiUrl: string | undefined;
  readonly supervisor: Supervisor;
  /** Also releases the database; can be called at any time. */
  readonly stop: () => Promise<void>;
}

/** Starts Temporal and the model gateway first, then the workers together. On a failure it stops all of them. */
export async function startStack(asked: StackInput, signal: AbortSignal): Promise<Stack> {
  await mkdir(join(asked.dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const sockets = await socketFolder(asked);
  const input = { ...asked, values: { ...asked.values, ...sockets?.values } };
  const supervisor = createSupervisor({ onEvent: input.onEvent });
  const plan = await planTemporal(input);
  const stop = async (): Promise<void> => {
    await supervisor.stop();
    plan?.release();
    await sockets?.remove();
  };
  const stopNow = (): void => void stop();
  signal.addEventListener('abort', stopNow, { once: true });
  try {
    // The workers depend on these. They are stopped after the workers, so that a cancelled run can still settle.
    await supervisor.start([
      ...(plan === undefined ? [] : [plan.process]),
      processSpec(input, 'model-gateway'),
    ]);
    const values = { ...settingsBut(/^TEMPORAL_/, input.values), ...temporalValues(input, plan) };
    await supervisor.start(workers({ ...input, values }));
    return {
      temporalAddress: values.TEMPORAL_ADDRESS,
      temporalValues: settingsOnly(/^TEMPORAL_/, values),
      socketValues: sockets?.values ?? {},
      uiUrl: plan?.uiUrl,
      supervisor,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', stopNow);
  }
}

/** Our own server needs no keys or profiles: those of this host belong to another server. */
function temporalValues(
  { temporal, values }: StackInput,
  plan: TemporalServerPlan | undefined,
): Environment & { readonly TEMPORAL_ADDRESS: string } {
  if (temporal.kind === 'address' || plan === undefined) {
    const address = temporal.kind === 'address' ? temporal.address : '';
    return { ...settingsOnly(/^TEMPORAL_/, values), TEMPORAL_ADDRESS: address };
  }
  return {
    TEMPORAL_ADDRESS: plan.address,
    TEMPORAL_NAMESPACE: plan.namespace,
    ...NO_PROFILE,
  };
}

function settingsOnly(pattern: RegExp, values: Environment): Environment {
  return Object.fromEntries(Object.entries(values).filter(([name]) => pattern.test(name)));
}

function settingsBut(pattern: RegExp, values: Environment): Environment {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !pattern.test(name)));
}

/** Undefined if the settings name a folder, which stays as it is. */
async function socketFolder({ dataDir, values }: StackInput): Promise<SocketFolder | undefined> {
  await sweepSocketFolders();
  return (values['SIGNALBOX_MODEL_GATEWAY_DIR'] ?? '') === '' ? makeSocketFolder(dataDir) : undefined;
}

async function planTemporal(input: StackInput): Promise<TemporalServerPlan | undefined> {
  if (input.temporal.kind === 'address') return undefined;
  return await planTemporalServer({
    binary: input.temporal.path,
    dbFile: join(input.dataDir, 'temporal.db'),
    logFile: join(input.dataDir, 'logs', 'temporal.log'),
    port: input.temporalPort,
    uiPort: input.temporalUiPort,
    searchAttributes: ourSearchAttributes(),
    environment: input.values,
  });
}

const STORE_SETTINGS =
  /^SIGNALBOX_ARTIFACTS$|^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION|ENDPOINT_URL|ENDPOINT_URL_S3)$/;

/** The settings that each process gets: the runner gets none that can write; only the model gateway gets the model key. */
const NEEDS = {
  scheduler: [
    /^TEMPORAL_/,
    /^GITHUB_/,
    STORE_SETTINGS,
    /^SIGNALBOX_(DATA_DIR|LOG_LEVEL|DEPLOYMENT|ROLLOUT|SIGNING_KEY|COMMIT_NAME|COMMIT_EMAIL|NOTIFY_URL|NOTIFY_SECRET|NOTIFY_FORMAT)$/,
  ],
  runner: [
    /^TEMPORAL_/,
    STORE_SETTINGS,
    /^GITHUB_API_URL$/,
    // To find the container engine.
    /^(?:DOCKER|CONTAINERS?|REGISTRY)_[A-Z_]+$|^DBUS_SESSION_BUS_ADDRESS$/,
    /^SIGNALBOX_(DATA_DIR|LOG_LEVEL|SOURCE_TOKEN|SOURCE_URL|RUNNER_SLOTS|AGENT_COMMAND|BUBBLEWRAP|BOX|BOX_IMAGE|BOX_ENGINE|BOX_STRICT|MODEL_GATEWAY_DIR|SETUP_PRIVATE_HOSTS|SETUP_PROXY)$/,
  ],
  gateway: [/^TEMPORAL_/, /^SIGNALBOX_(DATA_DIR|LOG_LEVEL|WEBHOOK_SECRET|GATEWAY_HOST|GATEWAY_PORT)$/],
  'model-gateway': [/^SIGNALBOX_(DATA_DIR|LOG_LEVEL)$/, /^SIGNALBOX_MODEL_(?!KEY$|KEY_FILE$|KEY_FD$)/],
} as const;

/** A cancelled run ends its box and removes its workspace before its worker exits. */
const WORKER_STOP_GRACE_MS = 15_000;

function workers(input: StackInput): ProcessSpec[] {
  const names = ['scheduler', 'runner', ...(input.withGateway ? (['gateway'] as const) : [])] as const;
  return names.map(name => processSpec(input, name));
}

export type ProcessNeeds = Pick<StackInput, 'dataDir' | 'values' | 'modelKey'>;

/** Describes one of our processes, with only the settings that it needs. */
export function processSpec(input: ProcessNeeds, name: keyof typeof NEEDS): ProcessSpec {
  const own = Object.entries(input.values).filter(([key]) => NEEDS[name].some(pattern => pattern.test(key)));
  const values = Object.fromEntries(
    own.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const secret = name === 'model-gateway' ? { SIGNALBOX_MODEL_KEY_FD: String(SECRET_DESCRIPTOR) } : {};
  return {
    name,
    command: process.execPath,
    args: [programFile('src/workers/main.ts'), name],
    env: {
      ...toolEnvironment(input.values),
      ...values,
      ...healthValues(input.values, name),
      SIGNALBOX_DATA_DIR: input.dataDir,
      ...secret,
    },
    ...(name === 'model-gateway' ? { secret: input.modelKey } : {}),
    logFile: join(input.dataDir, 'logs', `${name}.log`),
    parentWatch: 'own',
    readiness: { by: 'message' },
    stopGraceMs: WORKER_STOP_GRACE_MS,
  };
}
