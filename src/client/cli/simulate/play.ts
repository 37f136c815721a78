/** Plays a scenario: act by act, what the rules made of it and what is waited for afterwards. */
import type { AuditRecord } from '../../../domain/audit.ts';
import { type IssueView, viewOf } from '../../../domain/view.ts';
import { CliError } from '../exit.ts';
import { doAct } from './acts.ts';
import type { RunPlan, Scenario } from './scenario.ts';
import { createWorld, settle, type World } from './world.ts';

export interface Chapter {
  /** What happened: `the issue is opted in`, then the acts of the scenario. */
  readonly act: string;
  readonly records: readonly AuditRecord[];
  readonly view: IssueView;
  /** Epoch milliseconds of the story, which begins at a fixed one. */
  readonly at: number;
}

/** Throws `CliError` where an `expect` is not met; the chapters before it were told. */
export function* play(scenario: Scenario): Generator<Chapter> {
  const world = createWorld(scenario, USUAL_RUN);
  settle(world);
  yield chapter(world, 'it begins', 0);
  for (const [index, { act, words }] of scenario.story.entries()) {
    const told = world.state.audit.nextSeq - 1;
    named(`act ${index + 1} (${words})`, () => {
      doAct(world, act);
      settle(world);
    });
    if (!('expect' in act)) yield chapter(world, words, told);
  }
}

/** Says at which act a story went wrong. */
function named(act: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof CliError) throw new CliError(error.code, `${act}: ${error.message}`);
    throw error;
  }
}

const USUAL_RUN: RunPlan = {
  ending: 'patch',
  costUsd: 0.1,
  files: ['src/main.js'],
  protectedPaths: [],
  failing: [],
};

function chapter({ state, now }: World, act: string, told: number): Chapter {
  return { act, records: state.audit.records.filter(({ seq }) => seq > told), view: viewOf(state), at: now };
}
