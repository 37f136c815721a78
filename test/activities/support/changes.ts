/** Changes as they leave the box: a manifest in the artifact store, the plan to build its commit, and a branch for it. */
import { manifestText } from '../../../src/contracts/manifest-text.ts';
import type { Digest } from '../../../src/domain/digest.ts';
import type { Change } from '../../../src/domain/state/work.ts';
import type { BuildPlan } from '../../../src/domain/step.ts';
import { factOf } from './perform.ts';
import { branchOf, newIssue } from './scenes.ts';
import type { SchedulerStage } from './stage.ts';

export type ChangedFiles = Readonly<Record<string, string | null>>;

export async function putManifest({ artifacts }: SchedulerStage, files: ChangedFiles): Promise<Digest> {
  return await artifacts.put(manifestOf(files), 'application/octet-stream');
}

/** A file with null as its content is deleted. */
export function manifestOf(files: ChangedFiles): Buffer {
  const entries = Object.entries(files).map(([path, content]) =>
    content === null
      ? ({ path, mode: 'deleted' } as const)
      : ({ path, mode: '100644', bytes: Buffer.from(content) } as const),
  );
  return manifestText(entries);
}

export async function planOf(stage: SchedulerStage, files: ChangedFiles): Promise<BuildPlan> {
  return {
    runId: 'run-1',
    base: stage.repository.head,
    manifest: await putManifest(stage, files),
    message: 'Deal the cards',
    when: 1_700_000_000,
  };
}

export interface BuiltScene {
  readonly issue: number;
  readonly branch: string;
  readonly plan: BuildPlan;
  readonly change: Change;
}

export type BuiltChange = Pick<BuiltScene, 'plan' | 'change'>;

/** A change that is built but not pushed. It can be pushed to any number of branches. */
export async function buildOnce(stage: SchedulerStage, files: ChangedFiles): Promise<BuiltChange> {
  const plan = await planOf(stage, files);
  const effect = { kind: 'build-change' as const, ...plan };
  const fact = await factOf(stage.activities.buildChange, { context: stage.context(1), effect });
  if (fact.type !== 'change-built') throw new Error(JSON.stringify(fact));
  return { plan, change: fact.change };
}

/** The change, for a new issue whose branch is claimed. */
export async function claimedFor(stage: SchedulerStage, built: BuiltChange): Promise<BuiltScene> {
  const issue = newIssue(stage);
  const branch = branchOf(issue);
  await stage.person('line-bot').moveBranch(branch, stage.repository.head);
  return { issue, branch, ...built };
}

export interface WorkedScene {
  readonly issue: number;
  readonly branch: string;
  readonly head: string;
}

/** An issue whose branch has our commit on GitHub, pushed by our account but not by the activity. */
export async function workedBranch(stage: SchedulerStage): Promise<WorkedScene> {
  const issue = newIssue(stage);
  const branch = branchOf(issue);
  const files = { [`src/card-${issue}.js`]: `export const card = ${issue};\n` };
  const head = await stage.person('line-bot').pushCommit({ branch, message: 'Deal the cards', files });
  return { issue, branch, head };
}
