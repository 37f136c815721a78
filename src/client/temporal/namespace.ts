/** Makes a namespace ready for issues: it exists, has our search attributes, and answers queries for them. */
import { setTimeout as delay } from 'node:timers/promises';
import { NamespaceNotFoundError } from '@temporalio/client';
import { ensureSearchAttributes } from '../../local/temporal-server/readiness.ts';
import { ourSearchAttributes, typeWords } from '../../local/temporal-server/search-attributes.ts';
import { ClientProblem } from './client-problem.ts';
import { GRPC, grpcFacts } from './grpc.ts';
import { toClientProblem } from './server-problem.ts';
import { bounded, type Temporal } from './connection.ts';

export interface Preparation {
  /** Creates the namespace if it does not exist; it then keeps ended workflows this long. */
  readonly createWithRetentionMs?: number;
  readonly signal?: AbortSignal;
}

export interface Prepared {
  readonly address: string;
  readonly namespace: string;
  readonly created: boolean;
  /** The search attributes that were missing. */
  readonly added: readonly string[];
  readonly retentionHours: number | null;
}

/** Can be repeated. Throws `ClientProblem` or `LocalProblem` with what a person must do. */
export async function prepareNamespace(temporal: Temporal, plan: Preparation = {}): Promise<Prepared> {
  const found = await retentionOf(temporal);
  const created = found === 'no-namespace';
  if (created) {
    await createNamespace(temporal, plan.createWithRetentionMs);
    await untilProbe(temporal, ['usable', 'no-attributes'], plan.signal);
  }
  const added = await addAttributes(temporal);
  await untilProbe(temporal, ['usable'], plan.signal);
  const { address, namespace } = temporal;
  const retentionMs = created ? plan.createWithRetentionMs : found;
  const retentionHours = retentionMs === undefined ? null : retentionMs / HOUR_MS;
  return { address, namespace, created, added, retentionHours };
}

const HOUR_MS = 3_600_000;

/** How long ended workflows are kept; `undefined` where the server does not say. */
export async function retentionOf(temporal: Temporal): Promise<number | 'no-namespace' | undefined> {
  const { connection, namespace } = temporal;
  try {
    const { config } = await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    return seconds === 0 ? undefined : seconds * 1_000;
  } catch (error) {
    if (isMissing(error)) return 'no-namespace';
    // A key may use a namespace without the right to read its settings.
    if (isForbidden(error) && (await probeNamespace(temporal)) === 'usable') return undefined;
    throw toClientProblem(error, temporal.address);
  }
}

/** Throws `ClientProblem` when the namespace does not exist. */
export async function requireNamespace(temporal: Temporal): Promise<void> {
  if ((await retentionOf(temporal)) === 'no-namespace') throw doesNotExist(temporal);
}

function doesNotExist({ address, namespace }: Temporal): ClientProblem {
  return new ClientProblem('unusable', {
    what: `namespace ${namespace} does not exist at ${address}`,
    fix: 'set TEMPORAL_NAMESPACE to an existing one, or create it with `signalbox namespace prepare --create`',
  });
}

const CALL_TIMEOUT_MS = 10_000;

async function createNamespace(temporal: Temporal, retentionMs: number | undefined): Promise<void> {
  const { connection, address, namespace } = temporal;
  if (retentionMs === undefined) throw doesNotExist(temporal);
  const asked: object = {
    namespace,
    description: 'Signalbox',
    workflowExecutionRetentionPeriod: { seconds: retentionMs / 1_000 },
  };
  try {
    await bounded(temporal, () => connection.workflowService.registerNamespace(asked));
  } catch (error) {
    if (grpcFacts(error)?.code === GRPC.alreadyExists) return;
    if (!isForbidden(error)) throw error;
    throw new ClientProblem('unusable', {
      what: `Temporal at ${address} does not let this program create namespace ${namespace}`,
      fix: "create it with the server's own tools (Temporal Cloud: its UI or tcld), then run this again",
    });
  }
}

/** Where the attributes cannot be listed or added, a query tells whether they are there already. */
async function addAttributes(temporal: Temporal): Promise<readonly string[]> {
  const { connection, namespace } = temporal;
  const wanted = { namespace, searchAttributes: ourSearchAttributes() };
  try {
    const added = await bounded(temporal, () => ensureSearchAttributes(connection, wanted));
    return added.map(({ name }) => name);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    if ((await probeNamespace(temporal)) === 'usable') return [];
    throw cannotAdd(temporal);
  }
}

function cannotAdd({ address, namespace }: Temporal): ClientProblem {
  const list = ourSearchAttributes().map(({ name, type }) => `${name}=${typeWords[type]}`);
  const cloud = `tcld namespace search-attributes add --namespace ${namespace} ${list.map(one => `--search-attribute "${one}"`).join(' ')}`;
  return new ClientProblem('unusable', {
    what: `Temporal at ${address} does not let this program add search attributes to namespace ${namespace}, and some are missing`,
    fix: `add those of ${list.join(', ')} that it lacks; in Temporal Cloud use its UI or \`${cloud}\``,
  });
}

/** A server with several processes needs some seconds to know a new namespace or attribute everywhere. */
const USABLE_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

async function untilProbe(
  temporal: Temporal,
  wanted: readonly NamespaceProbe[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + USABLE_WITHIN_MS;
  while (!wanted.includes(await probeNamespace(temporal))) {
    signal?.throwIfAborted();
    if (Date.now() > deadline)
      throw new ClientProblem('unusable', {
        what: `namespace ${temporal.namespace} at ${temporal.address} does not answer queries for its search attributes`,
        fix: 'run this again; if the error stays, check the visibility store of the server',
      });
    await delay(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal });
  }
}

export type NamespaceProbe = 'usable' | 'no-namespace' | 'no-attributes';

/** Asks for an issue that cannot exist, with every attribute. It needs only the right to read. */
export async function probeNamespace(temporal: Temporal): Promise<NamespaceProbe> {
  const { connection, namespace } = temporal;
  const query = ourSearchAttributes()
    // Quoted, as `Mode` is a word of the query language.
    .map(({ name, type }) => `\`${name}\` = ${type === 'INT' ? '0' : "'none such'"}`)
    .join(' AND ');
  try {
    await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
      connection.workflowService.countWorkflowExecutions({ namespace, query }),
    );
    return 'usable';
  } catch (error) {
    if (isMissing(error)) return 'no-namespace';
    if (grpcFacts(error)?.code === GRPC.invalidArgument) return 'no-attributes';
    throw toClientProblem(error, temporal.address);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof NamespaceNotFoundError || grpcFacts(error)?.code === GRPC.notFound;
}

/** Temporal Cloud does not take administration from a namespace's client. */
function isForbidden(error: unknown): boolean {
  if (error instanceof ClientProblem) return error.kind === 'denied';
  const code = grpcFacts(error)?.code;
  return code === GRPC.permissionDenied || code === GRPC.unimplemented;
}
