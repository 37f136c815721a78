/** Plays the scenes on a real server and saves their histories, without data of this machine. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { openStage, type Stage } from '../../client/temporal/stage.ts';
import { lifeOf } from '../../workflows/support/life.ts';
import { type Scene, SCENES } from '../scenes.ts';

export const HISTORIES = fileURLToPath(new URL('../histories', import.meta.url));

export function historyFile(name: string): string {
  return path.join(HISTORIES, `${name}.json`);
}

/** Existing histories are recorded again only with `anew`; see README.md next to this folder. */
export async function recordHistories({ anew }: { readonly anew: boolean }): Promise<readonly string[]> {
  const wanted = Object.entries(SCENES).filter(([name]) => anew || !existsSync(historyFile(name)));
  const [long, continuing] = [false, true].map(continues =>
    wanted.filter(([, scene]) => (scene.continues !== undefined) === continues),
  );
  await recordOn({}, long ?? []);
  await recordOn({ 'limit.historyCount.suggestContinueAsNew': '90' }, continuing ?? []);
  return wanted.map(([name]) => name);
}

async function recordOn(
  dynamicConfig: Readonly<Record<string, string>>,
  scenes: readonly (readonly [string, Scene])[],
): Promise<void> {
  if (scenes.length === 0) return;
  const stage = await openStage({ dynamicConfig });
  const stop = await stage.startWorkers();
  try {
    for (const [index, [name, scene]] of scenes.entries())
      writeFileSync(historyFile(name), `${await recorded(stage, index + 1, scene)}\n`);
  } finally {
    await stop();
    await stage.end();
  }
}

async function recorded(stage: Stage, number: number, { play, continues }: Scene): Promise<string> {
  const life = lifeOf(stage, number);
  await play(life);
  const { raw } = await life.handle.describe();
  const { firstRunId } = raw.workflowExecutionInfo ?? {};
  const first = stage.temporal.client.workflow.getHandle(life.handle.workflowId, firstRunId ?? '');
  const history = await (continues === 'before' ? first : life.handle).fetchHistory();
  return JSON.stringify(withoutMachine(JSON.parse(historyToJSON(history))));
}

/** Process ids, host names, queues named after them and source locations do not matter to a replay. */
function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  const sticky = fields['kind'] === 'TASK_QUEUE_KIND_STICKY' ? { name: 'sticky' } : {};
  const known = Object.entries(fields).map(([key, inner]) => [key, NOBODY[key] ?? withoutMachine(inner)]);
  return { ...(Object.fromEntries(known) as object), ...sticky };
}

const NOBODY: Readonly<Record<string, string>> = { identity: 'someone', stackTrace: 'elsewhere' };
