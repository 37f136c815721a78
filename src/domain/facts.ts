/** What follows from the facts: mode, risk, the current run, the stage. Derived on each use, so never stale. */
import { type Ending, ENDING_RULES, type EndingSequel } from './ending.ts';
import { type Mode, MODE_RIGHTS } from './mode.ts';
import { declaredRisk, entryRiskOf, NO_RISK, type RiskJudgement, worse } from './risk.ts';
import type { Stage } from './stage.ts';
import type { IssueState } from './state.ts';
import type { Reading } from './state/reading.ts';
import type { Change, Inputs, RunFacts, Work } from './state/work.ts';
import { targetHead } from './target.ts';

export function modeOf(state: IssueState): Mode {
  return state.modeSet ?? state.subject?.contract.mode ?? state.policy?.defaultMode ?? 'guarded';
}

export function entryRisk(state: Reading): RiskJudgement {
  const { subject, policy } = state;
  if (subject === undefined || policy === undefined) return NO_RISK;
  return entryRiskOf({ labels: subject.labels, ...subject.contract }, policy.risk);
}

/** The worst of the entry risk, the real change, and the risk that its agent and the current run's agent reported. */
export function riskOf(state: IssueState): RiskJudgement {
  const raised = state.runs
    .filter(run => run.runId === state.change?.runId || run === currentRun(state))
    .map(run => declaredRisk(run.end?.raisedRisk, 'the agent'));
  return [entryRisk(state), state.changeRisk ?? NO_RISK, ...raised].reduce(worse);
}

/** The inputs of a run that starts now; `undefined` until there is a base. */
export function inputsNow(state: IssueState): Inputs | undefined {
  const { subject, policy } = state;
  const base = mayWrite(state) ? runBase(state) : headNow(state);
  if (subject === undefined || policy === undefined || base === undefined) return undefined;
  return { subject: subject.digest, policy: policy.digest, base };
}

/** The latest run, if its inputs are still the current ones. */
export function currentRun(state: IssueState): RunFacts | undefined {
  const run = latestRun(state);
  if (run === undefined || run.attempt <= setAsideTo(state)) return undefined;
  return run.feedback === state.feedback?.digest && hasInputsNow(state, run) ? run : undefined;
}

export function latestRun({ runs }: Work): RunFacts | undefined {
  return runs.findLast(({ withdrawn }) => withdrawn !== true);
}

/** Whether a run that starts now would get the same issue text, policy, base and mode. */
export function hasInputsNow(state: IssueState, run: RunFacts): boolean {
  const inputs = inputsNow(state);
  if (inputs === undefined) return false;
  // Adopted commits bring the base that their author merged last.
  const wanted = run.adopted === undefined ? inputs : { ...inputs, base: run.inputs.base };
  return isSame(run.inputs, wanted) && run.mode === modeOf(state);
}

/** Set aside by a person, or because it failed in CI. */
function setAsideTo({ setAsideTo: byPeople, failedInCi }: IssueState): number {
  return Math.max(byPeople, failedInCi?.attempt ?? 0);
}

function isSame(a: Inputs, b: Inputs): boolean {
  return a.subject === b.subject && a.policy === b.policy && a.base === b.base;
}

/** The change of the current run, if it is built on the required base. */
export function currentChange(state: IssueState): IssueState['change'] {
  const run = currentRun(state);
  const { change } = state;
  if (run === undefined || change?.runId !== run.runId) return undefined;
  return baseOf(change, run) === baseFor(state, run) ? change : undefined;
}

/**
 * The base on which the run's change must be built: the latest target branch if the policy requires an up-to-date merge. A
 * change that is built stays, unless the policy wants an up-to-date head, or its patch cannot be compared. After the merge
 * the base no longer changes.
 */
export function baseFor(state: IssueState, run: RunFacts): string {
  const { merge, change } = state;
  const isBuilt = change?.runId === run.runId;
  if (isBuilt && (merge !== undefined || headStays(state, change))) return baseOf(change, run);
  const follows = followsTarget(state) && MODE_RIGHTS[run.mode].mayOpenPullRequest;
  return follows ? (headNow(state) ?? run.inputs.base) : run.inputs.base;
}

/** Whether it matters for a merge that the target branch moves. */
export function followsTarget({ policy }: Reading): boolean {
  return (policy?.merge.upToDate ?? false) !== false;
}

/** Nothing is pushed when the target branch moves: what a merge would make is verified instead. */
export function headStays({ policy }: Reading, { patch }: Change): boolean {
  return policy?.merge.upToDate === true && patch !== undefined;
}

export function baseOf(change: Change, run: RunFacts): string {
  return change.base ?? run.inputs.base;
}

/** The base commit of the current or the next work on the issue. */
export function currentBase(state: IssueState): string | undefined {
  const run = currentRun(state);
  return run === undefined ? runBase(state) : baseFor(state, run);
}

export function headNow({ repository }: Reading): string | undefined {
  return repository === undefined ? undefined : targetHead(repository);
}

function runBase(state: Work): string | undefined {
  return state.runBase ?? state.claim?.base;
}

export function currentEvidence(state: IssueState): IssueState['evidence'] {
  const change = currentChange(state);
  return change !== undefined && state.evidence?.commit === change.commit ? state.evidence : undefined;
}

export function runsCounted(state: Work, counts: 'own' | 'lost'): number {
  return state.runs.filter(run => run.end !== undefined && ENDING_RULES[run.end.ending].counts === counts)
    .length;
}

/** The cost of a lost run is unknown, so it counts with its full budget. */
export function spentUsd(state: Work): number {
  return state.runs.reduce((sum, run) => sum + costOf(run), 0);
}

/** The budget of the running run. It is reserved, and shown separately from the money spent. */
export function reservedUsd(state: Work): number {
  const live = state.runs.filter(run => run.end === undefined);
  return live.reduce((sum, { costUsdMax = 0 }) => sum + costUsdMax, 0);
}

function costOf({ end, costUsdMax = 0 }: RunFacts): number {
  if (end === undefined) return 0;
  return end.ending === 'lost' ? Math.max(end.usage.costUsd, costUsdMax) : end.usage.costUsd;
}

export function stageOf(state: IssueState): Stage {
  if (state.merge !== undefined) return state.verifiedAt === undefined ? 'merged' : 'release-verified';
  if (state.deliveredAt !== undefined) return 'delivered';
  // An issue that we cannot see may still exist: only a known transfer or deletion counts as left.
  if (state.gone === 'transferred' || state.gone === 'deleted') return 'left';
  if (state.cancelled !== undefined) return 'cancelled';
  return stageBeforeMerge(state);
}

function stageBeforeMerge(state: IssueState): Stage {
  const change = currentChange(state);
  if (isDelivered(state)) return 'delivered';
  if (state.pullRequest !== undefined && change !== undefined && state.pushed === change.commit) return 'pr';
  if (state.runs.length > 0) return 'working';
  return state.claim === undefined ? 'triage' : 'claimed';
}

/** What the run's ending leads to, in the mode of the run. */
export function sequelOf(run: RunFacts): EndingSequel | undefined {
  return run.end === undefined ? undefined : sequelIn(run.mode, run.end.ending);
}

export function sequelIn(mode: Mode, ending: Ending): EndingSequel {
  const { sequel } = ENDING_RULES[ending];
  const reports = sequel === 'build' || sequel === 'deliver' || ending === 'no-change';
  if (reports && !MODE_RIGHTS[mode].mayWrite) return 'deliver';
  if (mode === 'spike') return ending === 'no-change' ? 'deliver' : sequel;
  return sequel === 'deliver' ? 'ask' : sequel;
}

/** Analysis and spike end with a report. A spike's change must be on its branch first. */
function isDelivered(state: IssueState): boolean {
  const run = currentRun(state);
  if (run === undefined) return false;
  if (sequelOf(run) === 'deliver') return true;
  const change = currentChange(state);
  return run.mode === 'spike' && change !== undefined && state.pushed === change.commit;
}

export function mayWrite(state: IssueState): boolean {
  return MODE_RIGHTS[modeOf(state)].mayWrite;
}
