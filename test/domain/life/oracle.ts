/**
 * Independent of src/domain: mode, risk, when each gate must be asked, and what an approval covers. It uses none of the
 * digests and derivations of the rules.
 */
import type { Gate } from '../../../src/domain/decision.ts';
import type { Mode } from '../../../src/domain/mode.ts';
import type { Role } from '../../../src/domain/policy.ts';
import type { Risk } from '../../../src/domain/risk.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { RunFacts } from '../../../src/domain/state/work.ts';

const RANK: Readonly<Record<Risk, number>> = { low: 0, medium: 1, high: 2 };
const ROLE_RANK: Readonly<Record<Role, number>> = {
  none: 0,
  read: 1,
  triage: 2,
  write: 3,
  maintain: 4,
  admin: 5,
};

export const roleSuffices = (role: Role, bar: Role): boolean => ROLE_RANK[role] >= ROLE_RANK[bar];

const worst = (...risks: readonly (Risk | undefined)[]): Risk =>
  risks.reduce<Risk>((so, risk = 'low') => (RANK[risk] > RANK[so] ? risk : so), 'low');

export function modeNow(state: IssueState): Mode | undefined {
  return state.modeSet ?? state.subject?.contract.mode ?? state.policy?.defaultMode;
}

export const writes = (mode: Mode | undefined): boolean => mode !== undefined && mode !== 'analysis';
export const mayPropose = (mode: Mode | undefined): boolean => mode === 'auto-run' || mode === 'guarded';

/** By the policy of the fixtures. */
export function entryRiskNow({ subject }: IssueState): Risk {
  const labels = subject?.labels ?? [];
  return worst(
    labels.includes('security') ? 'high' : 'low',
    labels.includes('risky') ? 'medium' : 'low',
    subject?.contract.wordRisk.level,
    subject?.contract.declaredRisk,
  );
}

export function riskNow(state: IssueState): Risk {
  const { change, runs } = state;
  const paths = change?.files.map(({ path }) => path) ?? [];
  const last = runs.findLast(one => one.withdrawn !== true);
  const raised = runs.filter(
    run => run.runId === change?.runId || (run === last && countsNow(state) !== undefined),
  );
  return worst(
    entryRiskNow(state),
    paths.some(path => path.startsWith('infra/')) ? 'high' : 'low',
    paths.some(path => path.startsWith('db/')) ? 'medium' : 'low',
    ...raised.map(run => run.end?.raisedRisk),
  );
}

/** What the policy of the fixtures names for the issue; `undefined` for the default branch. */
export function targetsNamed({ policy, subject }: IssueState): readonly string[] {
  const { byLabel = {}, byMilestone = {}, branch } = policy?.target ?? {};
  const labels = (subject?.labels ?? []).map(label => label.toUpperCase());
  const named = Object.keys(byLabel)
    .filter(label => labels.includes(label.toUpperCase()))
    .map(label => byLabel[label]);
  const milestone = Object.keys(byMilestone).find(
    title => title.toUpperCase() === subject?.milestone?.toUpperCase(),
  );
  const all = milestone === undefined ? named : [...named, byMilestone[milestone]];
  const found = [...new Set(all)].filter(one => one !== undefined);
  return found.length === 0 && branch !== undefined ? [branch] : found;
}

/** The branch that the work is for, by name. */
export function targetNow(state: IssueState): string {
  const { repository, claim, claimSent } = state;
  const main = repository?.defaultBranch ?? '';
  const held = claim ?? claimSent;
  return held === undefined ? (targetsNamed(state)[0] ?? main) : (held.into ?? main);
}

export function headNow({ repository }: IssueState): string | undefined {
  return repository?.target === undefined ? repository?.head : repository.target.head;
}

/** Commits of people are in it: it adopted them, or has suggestions on top of them. */
function isOfCommits(run: RunFacts | undefined): boolean {
  return run?.end?.ending === 'adopted' || (run?.end?.ending === 'suggested' && run.adopted !== undefined);
}

/** The latest run, if its inputs are still current. */
export function countsNow(state: IssueState): RunFacts | undefined {
  const run = state.runs.findLast(one => one.withdrawn !== true);
  const failedTo = state.failedInCi?.attempt ?? 0;
  if (run === undefined || run.attempt <= state.setAsideTo || run.attempt <= failedTo) return undefined;
  const base = modeNow(state) === 'analysis' ? headNow(state) : (state.runBase ?? state.claim?.base);
  const holds =
    run.inputs.subject === state.subject?.digest &&
    run.inputs.policy === state.policy?.digest &&
    // Adopted commits are based on what their author merged.
    (isOfCommits(run) || run.inputs.base === base) &&
    run.mode === modeNow(state) &&
    run.feedback === state.feedback?.digest;
  return holds ? run : undefined;
}

/**
 * The base for the pull request: the target branch as read last, if the policy requires that; after the merge, the base
 * at that time.
 */
export function baseNow(state: IssueState): string | undefined {
  const run = countsNow(state);
  const { policy, merge, change } = state;
  if (run === undefined) return state.runBase ?? state.claim?.base;
  const ofRun = run.inputs.base;
  const isBuilt = change?.runId === run.runId;
  if (isBuilt && (merge !== undefined || staysNow(state))) return change.base ?? ofRun;
  const follows = policy?.merge.upToDate === true || policy?.merge.upToDate === 'head';
  return follows && mayPropose(run.mode) ? (headNow(state) ?? ofRun) : ofRun;
}

/** Whether the change stays as it is when the target branch moves. */
export function staysNow({ policy, change }: IssueState): boolean {
  return policy?.merge.upToDate === true && change?.patch !== undefined;
}

/** The commit of the target branch into which the change would be merged, or was. */
export function intoNow(state: IssueState): string | undefined {
  return state.merge === undefined ? headNow(state) : state.arrival?.base;
}

/** What a merge makes of the change, once there is evidence for it. */
export function candidateNow(state: IssueState): IssueState['candidate'] {
  const { candidate, change, merge } = state;
  const head = merge === undefined ? changeNow(state)?.commit : change?.commit;
  const isIt = head !== undefined && candidate?.head === head && candidate.base === intoNow(state);
  return isIt && staysNow(state) && candidate.evidence !== undefined ? candidate : undefined;
}

/** The change, if its run is still current and it is on the current base. */
export function changeNow(state: IssueState): IssueState['change'] {
  const { change } = state;
  const run = countsNow(state);
  if (change === undefined || run?.runId !== change.runId) return undefined;
  return (change.base ?? run.inputs.base) === baseNow(state) ? change : undefined;
}

interface Proof {
  readonly base?: string | undefined;
  readonly head?: string;
  readonly patch?: string | undefined;
  readonly proof?: string | undefined;
}

/** A merge is approved for the branch into which it goes; the push, and what follows the merge, for the base of the change. */
function proofNow(state: IssueState, gate: Gate): Proof {
  const change = changeNow(state);
  const own = { base: baseNow(state), patch: change?.patch };
  if (change === undefined) return own;
  const head = change.commit;
  const candidate = gate === 'merge' ? candidateNow(state) : undefined;
  if (candidate !== undefined)
    return { base: candidate.base, head, patch: candidate.patch, proof: candidate.evidence?.digest };
  const { evidence } = state;
  return evidence?.commit === head ? { ...own, head, proof: evidence.digest } : { ...own, head };
}

/** Everything that an approval of the gate covers. */
export function boundFacts(state: IssueState, gate: Gate): string {
  const start = {
    gate,
    issue: state.issue,
    generation: state.generation,
    // A text that was edited and restored may have been another one when it was approved.
    subject: [state.subject?.digest, state.subject?.edits?.count].join(' '),
    policy: state.policy?.digest,
    mode: modeNow(state),
    risk: entryRiskNow(state),
    target: targetNow(state),
  };
  if (gate === 'start') return JSON.stringify(start);
  const bound = { ...start, ...proofNow(state, gate) };
  return JSON.stringify(gate === 'release' ? { ...bound, merge: state.merge?.commit } : bound);
}

/** Whether a person must approve at this gate. */
export function asks(state: IssueState, gate: Gate): boolean {
  switch (gate) {
    case 'start':
      return asksStart(state);
    case 'publish':
      return asksPublish(state);
    case 'merge':
      return true;
    case 'release': {
      const bar = state.policy?.release.signOffFromRisk ?? 'never';
      const isUnjudged = state.merge !== undefined && state.merge.by.kind !== 'person';
      return isUnjudged || (bar !== 'never' && RANK[riskNow(state)] >= RANK[bar]);
    }
  }
}

function asksStart(state: IssueState): boolean {
  const { missing = [], unclear = [] } = state.subject?.contract ?? {};
  if (missing.length > 0 || unclear.length > 0) return true;
  const mode = modeNow(state);
  if (mode === 'guarded' || mode === 'spike') return true;
  return mode === 'auto-run' && RANK[entryRiskNow(state)] >= RANK[state.policy?.gates.startFromRisk ?? 'low'];
}

/** From the checks themselves, not from the evidence. */
function asksPublish(state: IssueState): boolean {
  const { policy, change, verification } = state;
  const checks = verification?.checks ?? [];
  const isOdd = checks.some(({ passed, expected }) => passed !== (expected === 'pass'));
  const isBare = !checks.some(({ on }) => on === 'head');
  const told = countsNow(state)?.end?.summary ?? '';
  return (
    policy?.gates.publish === 'always' ||
    isOdd ||
    isBare ||
    told.includes('skipped') ||
    told.includes('stopped') ||
    isOfCommits(countsNow(state)) ||
    leavesOut(state) ||
    (change?.protectedPaths ?? []).length > 0 ||
    riskNow(state) !== entryRiskNow(state)
  );
}

/** An attempt of the agent after adopted commits, which starts without them. */
function leavesOut(state: IssueState): boolean {
  const run = countsNow(state);
  if (run === undefined || isOfCommits(run)) return false;
  return state.runs.some(one => isOfCommits(one) && one.withdrawn !== true && one.attempt < run.attempt);
}
