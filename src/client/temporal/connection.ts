/** The connection to Temporal: the same settings as Temporal's own tools, and a deadline on every call. */
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import type { Environment } from '../../config/environment.ts';
import { SettingsError } from '../../config/settings-error.ts';
import { errorText, firstLine } from '../../host/error-text.ts';
import { ClientProblem } from './client-problem.ts';
import { toClientProblem } from './server-problem.ts';
import { checkPair, checkTls, checkTlsVariables } from './tls-settings.ts';
import { whyUnreachable } from './unreachable.ts';

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
/**
 * gRPC would look for settings of the service in a TXT record that Temporal does not have. In a network without a way out
 * nobody answers, and the query keeps the process from ending for more than 20 s.
 */
const NO_CONFIG_BY_DNS = { 'grpc.service_config_disable_resolution': 1 };

/** Reads `TEMPORAL_*` and Temporal's profile file; throws `SettingsError` when they are invalid. */
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

/** Connects for one piece of work, and always closes the connection. */
export async function atTemporal<T>(
  environment: Environment,
  work: (temporal: Temporal) => Promise<T>,
): Promise<T> {
  const temporal = await connectTemporal(temporalSettings(environment));
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}

/** Provides a connection for one call. */
export type Using = <T>(call: (temporal: Temporal) => Promise<T>) => Promise<T>;

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
    return await Connection.connect({
      ...options,
      channelArgs: { ...options.channelArgs, ...NO_CONFIG_BY_DNS },
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
  } catch (error) {
    const problem = toClientProblem(error, address);
    if (problem instanceof ClientProblem && problem.kind !== 'unreachable') throw problem;
    throw await whyUnreachable(address, options.tls);
  }
}

function readConfig(environment: Environment): ReturnType<typeof toClientOptions> {
  const set = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  checkTlsVariables(environment);
  try {
    const profile = loadClientConfigProfile({ overrideEnvVars: Object.fromEntries(set) });
    if (profile.tls !== undefined) checkPair(profile.tls);
    const options = toClientOptions(profile);
    checkTls(options.connectionOptions.tls);
    return options;
  } catch (error) {
    throw error instanceof SettingsError ? error : unreadable(error, environment);
  }
}

function unreadable(error: unknown, environment: Environment): SettingsError {
  const { path: file } = error as NodeJS.ErrnoException;
  const why = firstLine(errorText(error));
  if (file !== undefined) {
    const setting = Object.keys(environment).find(
      name => environment[name] === file && /^TEMPORAL_/.test(name),
    );
    return new SettingsError({
      what: `cannot read ${file}, which ${setting ?? "Temporal's profile"} names (${(error as NodeJS.ErrnoException).code ?? ''})`,
      fix: 'correct the path, or let the user of this process read the file',
    });
  }
  const [, profile] = /^Profile '(.*)' not found/.exec(why) ?? [];
  if (profile !== undefined)
    return new SettingsError({
      what: `Temporal's configuration file has no profile ${profile}`,
      fix: 'correct TEMPORAL_PROFILE, or set TEMPORAL_CONFIG_FILE to the file that has it',
    });
  return new SettingsError({
    what: `cannot read Temporal's settings: ${why}`,
    fix: 'correct the file of TEMPORAL_CONFIG_FILE',
  });
}

/** The two connection classes of the SDK type metadata differently; a profile holds strings only. */
function textOnly(metadata: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
