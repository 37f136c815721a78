/** Plays a scenario act by act: what the rules do, and what the issue waits for afterwards. */
import type { AuditRecord } from '../../../domain/audit.ts';
import { type IssueView, viewOf } from '../../../domain/view.ts';
import { CliError } from '../exit.ts';
import { doAct } from './acts.ts';
import type { RunPlan, Scenario } from './scenario.ts';
import { settle } from './settle.ts';
import { createWorld, type World } from './world.ts';

export interface Chapter {
  /** What happened: `start`, then each act of the scenario. */
  readonly act: string;
  readonly records: readonly AuditRecord[];
  readonly view: IssueView;
  /** Simulated time in epoch milliseconds; every story starts at the same time. */
  readonly at: number;
}

/** Throws `CliError` when an `expect` is not met, after it has yielded the chapters before. */
export function* play(scenario: Scenario): Generator<Chapter> {
  const world = createWorld(scenario, USUAL_RUN);
  settle(world);
  yield chapter(world, 'start', 0);
  for (const [index, { act, words }] of scenario.story.entries()) {
    const recordsBefore = world.records.length;
    inAct(`act ${index + 1} (${words})`, () => {
      doAct(world, act);
      settle(world);
    });
    if (!('expect' in act)) yield chapter(world, words, recordsBefore);
  }
}

/** Adds the act to an error's message. */
function inAct(act: string, work: () => void): void {
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

function chapter({ state, records, now }: World, act: string, recordsBefore: number): Chapter {
  return { act, records: records.slice(recordsBefore), view: viewOf(state), at: now };
}
