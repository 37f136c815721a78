/** The connection to Temporal: the same settings as Temporal's own tools, and a deadline on every call. */
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Environment } from '../../config/environment.ts';
import { ClientProblem, toClientProblem, unreachable } from './client-problem.ts';

export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  /** TLS, API key and metadata. Secret: never print. */
  readonly options: ConnectionOptions;
}

export interface Temporal {
  readonly client: Client;
  readonly connection: Connection;
  readonly address: string;
  readonly namespace: string;
  close(): Promise<void>;
}

const DEFAULT_ADDRESS = '127.0.0.1:7233';
const DEFAULT_NAMESPACE = 'default';
const CONNECT_TIMEOUT_MS = 3_000;
const CALL_TIMEOUT_MS = 10_000;

/** Reads `TEMPORAL_*` and Temporal's profile file; throws `ClientProblem` when they are invalid. */
export function temporalSettings(environment: Environment): TemporalSettings {
  const { namespace, connectionOptions } = readConfig(environment);
  const { address = DEFAULT_ADDRESS, apiKey, tls, metadata } = connectionOptions;
  return {
    address,
    namespace: namespace ?? DEFAULT_NAMESPACE,
    options: {
      address,
      ...(tls === undefined ? {} : { tls }),
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(metadata === undefined ? {} : { metadata: textOnly(metadata) }),
    },
  };
}

/** Throws `ClientProblem` when nothing answers at the address. The caller closes the connection. */
export async function connectTemporal(settings: TemporalSettings): Promise<Temporal> {
  const { address, namespace, options } = settings;
  const connection = await connect(options, address);
  const client = new Client({ connection, namespace });
  return { client, connection, address, namespace, close: () => connection.close() };
}

/** Runs `work` with a deadline and the abort signal; a server failure becomes a `ClientProblem`. */
export async function bounded<T>(
  temporal: Temporal,
  work: () => Promise<T>,
  limits: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<T> {
  const { timeoutMs = CALL_TIMEOUT_MS, signal } = limits;
  const { connection } = temporal;
  const timed = (): Promise<T> => connection.withDeadline(Date.now() + timeoutMs, work);
  try {
    return await (signal === undefined ? timed() : connection.withAbortSignal(signal, timed));
  } catch (error) {
    signal?.throwIfAborted();
    throw toClientProblem(error, temporal.address);
  }
}

async function connect(options: ConnectionOptions, address: string): Promise<Connection> {
  try {
    return await Connection.connect({ ...options, connectTimeout: CONNECT_TIMEOUT_MS });
  } catch (error) {
    const problem = toClientProblem(error, address);
    throw problem instanceof ClientProblem ? problem : unreachable(address);
  }
}

function readConfig(environment: Environment): ReturnType<typeof loadClientConnectConfig> {
  const set = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(set) });
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ClientProblem('unusable', `cannot read Temporal's settings: ${why ?? ''}`);
  }
}

/** The two connection classes of the SDK type metadata differently; a profile holds strings only. */
function textOnly(metadata: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
