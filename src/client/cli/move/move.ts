/**
 * Moves an issue to other workflow code. Temporal would accept any code; with code that gives other commands for what has
 * happened so far, the issue would be stuck there too. So its history is replayed on the other code first.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { bounded, type Temporal } from '../../temporal/connection.ts';
import {
  codeName,
  overrideCode,
  type Pinned,
  pinnedCode,
  wakeRun,
  type WorkflowCode,
} from '../../temporal/workflow-code.ts';

export interface Move {
  readonly workflowId: string;
  readonly to: WorkflowCode;
  readonly replay: Replay;
  /** Replays only. */
  readonly dryRun: boolean;
}

/** Resolves to what differs when this history is replayed, or to `undefined` when nothing does. */
export type Replay = (workflowId: string, history: object) => Promise<string | undefined>;

export type Moved =
  | { readonly kind: 'moved' | 'can-move' | 'already-there' }
  /** The replay gives other commands. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Sent, but no scheduler with that code has taken it yet. */
  | { readonly kind: 'not-taken' };

/** Can be repeated after an interruption: what is done already is found and continued. */
export async function moveIssue(
  temporal: Temporal,
  { workflowId, to, replay, dryRun }: Move,
): Promise<Moved> {
  const before = await pinnedCode(temporal, workflowId);
  const isThere = isOn(before, to);
  if (isThere && before.override === undefined) return { kind: 'already-there' };
  if (!isThere) {
    const handle = temporal.client.workflow.getHandle(workflowId, before.runId);
    const history = await bounded(temporal, () => handle.fetchHistory(), { timeoutMs: FETCH_TIMEOUT_MS });
    const why = await replay(workflowId, history);
    if (why !== undefined) return { kind: 'refused', why };
  }
  if (dryRun) return { kind: 'can-move' };
  const run = { workflowId, runId: before.runId };
  await overrideCode(temporal, run, to);
  await wakeRun(temporal, run);
  return await settle(temporal, { workflowId, to });
}

const FETCH_TIMEOUT_MS = 60_000;
const TAKEN_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 200;

/**
 * Once a workflow task has run on the other code, the issue is pinned to it and the override is removed. An override that
 * stays would pin every later run too, and keep the issue from the next upgrade.
 */
async function settle(
  temporal: Temporal,
  { workflowId, to }: Pick<Move, 'workflowId' | 'to'>,
): Promise<Moved> {
  const deadline = Date.now() + TAKEN_WITHIN_MS;
  for (;;) {
    const now = await pinnedCode(temporal, workflowId);
    if (isOn(now, to)) {
      await overrideCode(temporal, { workflowId, runId: now.runId });
      return { kind: 'moved' };
    }
    if (Date.now() > deadline) return { kind: 'not-taken' };
    await delay(LOOK_EVERY_MS);
  }
}

function isOn({ code }: Pinned, to: WorkflowCode): boolean {
  return code !== undefined && codeName(code) === codeName(to);
}
