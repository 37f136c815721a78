/** What follows from the facts: mode, risk, the run that counts, the stage. Derived each time, so never stale. */
import { type Ending, ENDING_RULES, type EndingSequel } from './ending.ts';
import { type Mode, MODE_RIGHTS } from './mode.ts';
import { declaredRisk, entryRiskOf, NO_RISK, type RiskJudgement, worse } from './risk.ts';
import type { Stage } from './stage.ts';
import type { IssueState } from './state.ts';
import type { Reading } from './state/reading.ts';
import type { Change, Inputs, RunFacts, Work } from './state/work.ts';

export function modeOf(state: IssueState): Mode {
  return state.modeSet ?? state.subject?.contract.mode ?? state.policy?.defaultMode ?? 'guarded';
}

export function entryRisk(state: Reading): RiskJudgement {
  const { subject, policy } = state;
  if (subject === undefined || policy === undefined) return NO_RISK;
  return entryRiskOf({ labels: subject.labels, ...subject.contract }, policy.risk);
}

/** The floor, the real change, and what the agents of it and of the present run raised: the worse wins. */
export function riskOf(state: IssueState): RiskJudgement {
  const raised = state.runs
    .filter(run => run.runId === state.change?.runId || run === currentRun(state))
    .map(run => declaredRisk(run.end?.raisedRisk, 'the agent'));
  return [entryRisk(state), state.changeRisk ?? NO_RISK, ...raised].reduce(worse);
}

/** What a run would be made for now; `undefined` until there is a base to work on. */
export function inputsNow(state: IssueState): Inputs | undefined {
  const { subject, policy } = state;
  const base = mayWrite(state) ? runBase(state) : state.repository?.head;
  if (subject === undefined || policy === undefined || base === undefined) return undefined;
  return { subject: subject.digest, policy: policy.digest, base };
}

/** The latest run, when it was made for exactly what holds now. */
export function currentRun(state: IssueState): RunFacts | undefined {
  const run = state.runs.at(-1);
  const inputs = inputsNow(state);
  if (run === undefined || inputs === undefined || run.attempt <= state.setAsideTo) return undefined;
  const same =
    isSame(run.inputs, inputs) && run.mode === modeOf(state) && run.feedback === state.feedback?.digest;
  return same ? run : undefined;
}

function isSame(a: Inputs, b: Inputs): boolean {
  return a.subject === b.subject && a.policy === b.policy && a.base === b.base;
}

/** The change of the run that counts, on the base that it has to stand on. */
export function currentChange(state: IssueState): IssueState['change'] {
  const run = currentRun(state);
  const { change } = state;
  if (run === undefined || change?.runId !== run.runId) return undefined;
  return baseOf(change, run) === baseFor(state, run) ? change : undefined;
}

/**
 * The default branch as it was read last, where the policy wants what is merged to be up to date with it. After the
 * merge it moves on without us.
 */
export function baseFor(state: IssueState, run: RunFacts): string {
  const { policy, repository, merge, change } = state;
  if (merge !== undefined && change?.runId === run.runId) return baseOf(change, run);
  const follows = policy?.merge.upToDate === true && MODE_RIGHTS[run.mode].mayOpenPullRequest;
  return follows ? (repository?.head ?? run.inputs.base) : run.inputs.base;
}

function baseOf(change: Change, run: RunFacts): string {
  return change.base ?? run.inputs.base;
}

/** Where the work on the issue stands, or is to stand. */
export function currentBase(state: IssueState): string | undefined {
  const run = currentRun(state);
  return run === undefined ? runBase(state) : baseFor(state, run);
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

/** A run that was lost told nobody what it cost: it counts with all that it was allowed to. */
export function spentUsd(state: Work): number {
  return state.runs.reduce((sum, run) => sum + costOf(run), 0);
}

/** What the run under way may still cost: set aside for it, and told beside what was spent. */
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
  // What we may not see may still be there: only what is known to be gone has left.
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

/** What the ending of the current run leads to, in the mode it ran in. */
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

/** Analysis and spike end with a report; a spike's change is on its branch by then. */
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
