/**
 * Every digest that Temporal holds for issues: in the whole history of the open ones, from which their state follows
 * completely, and in the memo of the ended ones. Needs no worker, so an issue on any workflow code can be read.
 */
import { WorkflowNotFoundError } from '@temporalio/client';
import { digestsIn } from '../../artifacts/digest.ts';
import type { ArtifactDigest } from '../../artifacts/port.ts';
import { ISSUE_WORKFLOW } from '../../contracts/names.ts';
import { ClientProblem } from './client-problem.ts';
import { bounded, type Temporal } from './connection.ts';

const CALLS_TIMEOUT_MS = 60_000;
const ISSUES_MAX = 200_000;

export interface NamedDigests {
  readonly digests: ReadonlySet<ArtifactDigest>;
  readonly openIssues: number;
}

/** Rejects if one issue cannot be read completely. */
export async function digestsOfIssues(temporal: Temporal, signal: AbortSignal): Promise<NamedDigests> {
  const digests = new Set<ArtifactDigest>();
  const open = new Set<string>();
  const limits = { timeoutMs: CALLS_TIMEOUT_MS, signal };
  const query = `WorkflowType = '${ISSUE_WORKFLOW}' AND ExecutionStatus != 'ContinuedAsNew'`;
  await bounded(
    temporal,
    async () => {
      let seen = 0;
      for await (const { memo, status, workflowId } of temporal.client.workflow.list({
        query,
        pageSize: 500,
      })) {
        if (++seen > ISSUES_MAX) throw unreadable(`more than ${ISSUES_MAX} issues`);
        for (const digest of digestsIn(JSON.stringify(memo ?? {}))) digests.add(digest);
        if (status.name === 'RUNNING') open.add(workflowId);
      }
    },
    limits,
  );
  for (const workflowId of open) {
    const history = await bounded(temporal, () => historyOf(temporal, workflowId), limits);
    for (const text of textsIn(history, workflowId))
      for (const digest of digestsIn(text)) digests.add(digest);
  }
  return { digests, openIssues: open.size };
}

/** Of its latest run. Empty if Temporal has deleted the workflow since. */
async function historyOf(temporal: Temporal, workflowId: string): Promise<unknown> {
  try {
    return await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return {};
    throw error;
  }
}

/** Every string, and the data of every payload. */
export function* textsIn(value: unknown, workflowId: string): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const { data, metadata } = value as { readonly data?: unknown; readonly metadata?: unknown };
  if (isBytes(data)) yield readable(data, encodingIn(metadata), workflowId);
  for (const member of Object.values(value)) yield* textsIn(member, workflowId);
}

const READABLE = ['json/plain', 'json/protobuf', 'binary/plain', 'binary/null'];

/** Encrypted payloads name digests that are not to be seen here. */
function readable(data: Uint8Array, encoding: string, workflowId: string): string {
  if (READABLE.includes(encoding)) return Buffer.from(data).toString('latin1');
  throw unreadable(
    `${workflowId}, whose payloads have the encoding ${JSON.stringify(encoding.slice(0, 40))}`,
  );
}

function encodingIn(metadata: unknown): string {
  const encoding =
    typeof metadata === 'object' && metadata !== null && 'encoding' in metadata
      ? metadata.encoding
      : undefined;
  return isBytes(encoding) ? Buffer.from(encoding).toString('latin1') : '';
}

/** Also of another realm. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value);
}

function unreadable(what: string): ClientProblem {
  return new ClientProblem('refused', {
    what: `cannot read which artifacts are needed by ${what}`,
    fix: 'remove nothing; keep the store as it is',
  });
}
