/** What git and GitHub make of our head and the default branch in memory, and what the default branch did below it. */
import { type Digest, digestOf } from '../../../src/domain/digest.ts';
import type { EventBody } from '../../../src/domain/event.ts';
import { evidenceConcerns } from '../../../src/domain/evidence.ts';
import type { CheckResult } from '../../../src/domain/state/work.ts';
import type { Effect } from '../../../src/domain/step.ts';
import { foreignAt } from './branch.ts';
import { checkOf } from './fixtures.ts';
import type { GitHub } from './github.ts';
import { checksOf, runOf } from './runs.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** How commits of others meet our change; absent: in other files. */
export interface Below {
  /** They changed another part of one of its files. */
  readonly sameFile?: boolean;
  /** They changed lines next to it: what a merge brings looks different. */
  readonly otherPatch?: boolean;
  /** Together with them, a check fails. */
  readonly fails?: boolean;
}

/** The last change that was built, and the base that it is built on. */
export interface Built {
  readonly commit: string;
  readonly base: string;
}

/** The commit that the pull request would be merged into. */
export function tipBelow({ base, targets, pullRequest }: GitHub): string {
  return targets?.[pullRequest?.base ?? ''] ?? base;
}

export const patchOf = (manifest: string): string => `patch of ${manifest}`;

/** After a rebase: the commit below the last one is another of ours. */
const REBASED = ', and commits of ours';

/** On its own base, a merge has exactly the tree of the head. */
export function treeOfMerge({ built }: GitHub, onto: string, head: string): string {
  const base = onto.replace(REBASED, '');
  return built?.commit === head && built.base === base ? `tree-${head}` : `tree of ${head} on ${base}`;
}

export function buildCandidate(github: GitHub, effect: EffectOf<'build-candidate'>): EventBody {
  const { runId, base, head } = effect;
  const { movedBelow, below = {} } = github;
  const { path } = runOf(github);
  if (movedBelow.includes(path))
    return { type: 'merge-conflict', runId, base, paths: [path], commits: [`${base} Use Roman numbers`] };
  const patch = below.otherPatch === true ? `other than ${head}` : patchOf(manifestOf(github, runId));
  return {
    ...{
      type: 'candidate-built',
      base,
      head,
      tree: treeOfMerge(github, base, head),
      baseTree: `tree of ${base}`,
      patch,
    },
    ...(below.sameFile === true ? { sameFiles: [path] } : {}),
  };
}

/** As the run left it, or as it was adopted. */
export function manifestOf({ adopted }: GitHub, runId: string): Digest {
  const isAdopted = adopted?.runId === runId && adopted.suggested !== true;
  return digestOf({ manifest: isAdopted ? adopted.head : runId });
}

export function verifyCandidate(github: GitHub, { base, head }: EffectOf<'verify-candidate'>): EventBody {
  const verification = { commit: head, onto: base, checks: checksOnto(github) };
  return { type: 'candidate-verified', verification };
}

export function checksOnto(github: GitHub): readonly CheckResult[] {
  const odd = checkOf({ name: 'test together', passed: false, exitCode: 1 });
  return [...checksOf(runOf(github)), ...(github.below?.fails === true ? [odd] : [])];
}

const ANN = { kind: 'person', login: 'ann', how: 'temporal' } as const;

export function assembleEvidence(github: GitHub, effect: EffectOf<'assemble-evidence'>): EventBody {
  const { runId, commit, onto } = effect;
  const { adopted } = github;
  const run = runOf(github);
  const concerns = evidenceConcerns({
    checks: onto === undefined ? checksOf(run) : checksOnto(github),
    notes: [],
    ...(adopted?.runId === runId ? { adopted: { ...foreignAt(adopted.head), by: ANN } } : {}),
    claims: {
      skippedChecks: run.claims === 'skipped' ? 2 : 0,
      stopConditionsMet: run.claims === 'stopped' ? ['the API must change'] : [],
    },
  });
  const of = { commit, ...(onto === undefined ? {} : { onto }) };
  const digest = digestOf({ runId, ...of, concerns });
  return { type: 'evidence-assembled', evidence: { ...of, digest, concerns } };
}

export function readArrival(github: GitHub, { merge: commit }: EffectOf<'read-arrival'>): EventBody {
  const { pullRequest, mergedInto = tipBelow(github), oddMerge, isRebased } = github;
  const base = isRebased === true ? `${mergedInto}${REBASED}` : mergedInto;
  const tree = oddMerge === true ? 'odd' : treeOfMerge(github, base, pullRequest?.head ?? '');
  return { type: 'arrived', arrival: { commit, base, tree } };
}
