/** The model gateway of a run by hand: a separate process, like that of a runner, started only if the agent needs a model. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentAdapter } from '../../agents/adapter.ts';
import type { HandAsk, HandHooks } from '../../client/cli/run/by-hand.ts';
import { modelKeyOf } from '../../client/cli/up/settings.ts';
import { processSpec } from '../../local/stack.ts';
import { createSupervisor } from '../../local/supervisor.ts';
import { workDirSettings } from './left-over.ts';
import type { Place } from './place.ts';

/** Undefined when the agent needs no model. Throws `SettingsError` when the agent needs one and there is no key. */
export function modelKeyFor({ values }: HandAsk, agent: AgentAdapter): string | undefined {
  return agent.needsModel ? modelKeyOf(values) : undefined;
}

export interface ModelNeed {
  readonly ask: HandAsk;
  readonly place: Place;
  readonly modelKey: string | undefined;
  readonly hooks: HandHooks;
}

export async function withModelGateway<T>(need: ModelNeed, work: () => Promise<T>): Promise<T> {
  const { ask, place, modelKey, hooks } = need;
  if (modelKey === undefined) return await work();
  await mkdir(join(place.workDir, 'logs'), { mode: 0o700 });
  const values = workDirSettings(ask, place);
  const supervisor = createSupervisor({
    onEvent: event => {
      if (event.kind === 'died') hooks.say(`the model gateway died (${event.code ?? event.signal ?? ''})`);
    },
  });
  try {
    await supervisor.start([processSpec({ dataDir: place.workDir, values, modelKey }, 'model-gateway')]);
    return await work();
  } finally {
    await supervisor.stop();
  }
}
