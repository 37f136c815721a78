/** What a merge makes in the made-up world: another tree once the default branch has moved. */
import { createHash } from 'node:crypto';
import type { RunnerActivities, SchedulerActivities } from '../../../src/contracts/activities.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import type { CheckResult } from '../../../src/domain/state/work.ts';
import type { Scripts } from './script.ts';

const treeOf = (what: string): string => createHash('sha1').update(what).digest('hex');

const BASE_TREE = treeOf('base');

export interface Merging {
  /** The head of the default branch before it moves. */
  readonly head: string;
  /** The tree of every change. */
  readonly tree: string;
  readonly scripts: Scripts;
}

export function candidateActs({ head, tree, scripts }: Merging) {
  return {
    buildCandidate: async ({ context, effect: { runId, base, head: ours } }) => {
      const { change: { patch } = {}, conflict: paths = [] } = scripts.of(context.issue.number);
      if (paths.length > 0) return { type: 'merge-conflict', runId, base, paths, commits: [] };
      const same = patch === undefined ? {} : { patch };
      return { type: 'candidate-built', base, head: ours, tree: treeOf(base), baseTree: BASE_TREE, ...same };
    },
    buildAhead: async ({ context, effect: { before } }) => {
      // As if those before it made the branch what it will be.
      const base = scripts.of(context.issue.number).head ?? head;
      return { type: 'ahead-built', before, built: { base, baseTree: BASE_TREE, tree: treeOf(base) } };
    },
    readArrival: async ({ context, effect: { merge: commit } }) => {
      const { head: moved } = scripts.of(context.issue.number);
      const arrived = moved === undefined ? { base: head, tree } : { base: moved, tree: treeOf(moved) };
      return { type: 'arrived', arrival: { commit, ...arrived } };
    },
  } satisfies Partial<SchedulerActivities>;
}

/** A verification without any command would be a concern, and then the turn decides. */
const PASSED: CheckResult = {
  ...{ name: 'test', command: 'npm test', on: 'head', expected: 'pass', passed: true },
  ...{ exitCode: 0, durationMs: 1, output: digestOf('passed') },
};

export const verifyAhead: RunnerActivities['verifyAhead'] = async ({ effect: { head, tree } }) => ({
  ...{ type: 'ahead-verified', head, tree, baseTree: BASE_TREE },
  verification: { commit: head, checks: [PASSED] },
});

export const verifyCandidate: RunnerActivities['verifyCandidate'] = async ({ effect: { head, base } }) => ({
  type: 'candidate-verified',
  verification: { commit: head, onto: base, checks: [] },
});
