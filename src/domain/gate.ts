/** Gates: when each is required, what its approval is bound to, and whether a valid approval exists. */
import { actorName } from './actor.ts';
import { boundTo } from './bound-to.ts';
import { changedParts } from './bound.ts';
import { currentCandidate, newConcerns } from './candidate.ts';
import { judgedChecks } from './checks.ts';
import { flakyText } from './checks-text.ts';
import type { Gate } from './decision.ts';
import { type Digest, digestOf } from './digest.ts';
import { currentChange, currentEvidence, currentRun, entryRisk, modeOf, riskOf } from './facts.ts';
import { commitsText, shortHead } from './foreign-head.ts';
import { rulesNow } from './merge-obstacle.ts';
import { wantedOfPeople } from './merge-rules.ts';
import { MODE_RIGHTS } from './mode.ts';
import { atLeast } from './risk.ts';
import { omit } from './omit.ts';
import type { IssueState } from './state.ts';
import type { Approval } from './state/people.ts';

/** The digest of everything that an approval at this gate covers. A change of any part voids the approval. */
export function approvalDigest(state: IssueState, gate: Gate): Digest {
  if (latest.state !== state) latest = { state, digests: {} };
  return (latest.digests[gate] ??= digestOf({ gate, issue: state.issue, ...boundTo(state, gate) }));
}

/** One step asks several times for the same state, which never changes; SHA-256 in JavaScript was a third of its work. */
let latest: { readonly state?: IssueState; readonly digests: Partial<Record<Gate, Digest>> } = {
  digests: {},
};

export function approvalFor(state: IssueState, gate: Gate): Approval | undefined {
  const given = state.approvals.filter(approval => approval.gate === gate);
  if (given.length === 0) return undefined;
  const digest = approvalDigest(state, gate);
  return given.findLast(approval => approval.digest === digest);
}

/** An approval is newer than the last read of the policy: the policy may have changed in between. */
export function policyIsStale(state: IssueState): boolean {
  const { policyReadAt = 0 } = state;
  return state.approvals.some(approval => approval.at > policyReadAt);
}

/** Why the gate is required; empty when it is not. */
export function gateReasons(state: IssueState, gate: Gate): readonly string[] {
  return GATE_RULES[gate].asks.flatMap(ask => ask.reasons(state));
}

/** Whether the gate is required and has no valid approval. */
export function isShut(state: IssueState, gate: Gate): boolean {
  return gateReasons(state, gate).length > 0 && approvalFor(state, gate) === undefined;
}

/** The latest approval at this gate and what changed since, if no approval is valid any more. */
export function voidedBy(
  state: IssueState,
  gate: Gate,
): { readonly approval: Approval; readonly changed: readonly string[] } | undefined {
  const approval = state.approvals.findLast(given => given.gate === gate);
  if (approval === undefined || approvalFor(state, gate) !== undefined) return undefined;
  return { approval, changed: changedParts(approval.bound, boundTo(state, gate)) };
}

export interface GateAsk {
  /** In general words, for the documentation. */
  readonly when: string;
  /** The reasons for this issue; empty when it does not apply. */
  readonly reasons: (state: IssueState) => readonly string[];
}

export interface GateRule {
  readonly before: string;
  readonly asks: readonly GateAsk[];
}

/** What each gate protects, and everything that makes it required. */
export const GATE_RULES: Readonly<Record<Gate, GateRule>> = {
  start: {
    before: 'the first run',
    asks: [
      { when: 'the issue or the policy has not been read yet', reasons: unreadReasons },
      {
        when: 'a field of the contract is missing',
        reasons: ({ subject }) =>
          (subject?.contract.missing ?? []).map(title => `the contract lacks “${title}”`),
      },
      {
        when: 'a field of the contract is unclear, or the issue contains text that readers do not see',
        reasons: ({ subject }) => (subject?.contract.unclear ?? []).map(field => `unclear: ${field}`),
      },
      { when: 'the mode requires an approval before the first run', reasons: modeReasons },
      {
        when: 'the mode can write and the risk is at least `gates.startFromRisk`',
        reasons: entryRiskReasons,
      },
    ],
  },
  publish: {
    before: 'the push',
    asks: [
      { when: 'the evidence has concerns', reasons: state => currentEvidence(state)?.concerns ?? [] },
      {
        when: 'a protected path was changed',
        reasons: state => (currentChange(state)?.protectedPaths ?? []).map(path => `protected path ${path}`),
      },
      {
        when: 'commits of others were adopted, and a later change leaves them out',
        reasons: leftOutReasons,
      },
      { when: 'the real change or the agent’s report raised the risk', reasons: risenRiskReasons },
      {
        when: '`gates.publish` is `always`',
        reasons: ({ policy }) =>
          policy?.gates.publish === 'always'
            ? ['the policy requires an approval before every pull request']
            : [],
      },
    ],
  },
  merge: {
    before: 'the merge',
    asks: [
      { when: 'always', reasons: () => ['every merge is a decision of a person'] },
      {
        when: 'the target branch moved, and the evidence for the merge has new concerns',
        reasons: state => newConcerns(state).map(concern => `merged into the moved branch: ${concern}`),
      },
      {
        when: 'the target branch moved, and both sides changed a file',
        reasons: state =>
          (currentCandidate(state)?.sameFiles ?? []).map(path => `both sides changed ${path}`),
      },
      {
        when: 'always; it names required checks that passed only when they were run again',
        reasons: flakyReasons,
      },
      {
        when: 'always; it names what a rule of the target branch wants of people besides',
        reasons: wantedReasons,
      },
    ],
  },
  release: {
    before: '`release-verified`',
    asks: [
      { when: 'the risk is at least `release.signOffFromRisk`', reasons: releaseReasons },
      { when: 'no person merged the change or approved the merge', reasons: unjudgedReasons },
    ],
  },
};

function unreadReasons({ subject, policy }: IssueState): readonly string[] {
  return subject === undefined || policy === undefined ? ['the issue has not been read yet'] : [];
}

function modeReasons(state: IssueState): readonly string[] {
  const mode = modeOf(state);
  return MODE_RIGHTS[mode].startGate
    ? [`mode ${mode} requires a person's approval before the first run`]
    : [];
}

function entryRiskReasons(state: IssueState): readonly string[] {
  const { policy } = state;
  const risk = entryRisk(state);
  if (policy === undefined || !MODE_RIGHTS[modeOf(state)].mayWrite) return [];
  return atLeast(risk.level, policy.gates.startFromRisk)
    ? [`risk ${risk.level}${risk.reasons.length > 0 ? `: ${risk.reasons.join(', ')}` : ''}`]
    : [];
}

function risenRiskReasons(state: IssueState): readonly string[] {
  const before = entryRisk(state).level;
  const after = riskOf(state);
  return after.level !== before
    ? [`the risk rose from ${before} to ${after.level}: ${after.reasons.join(', ')}`]
    : [];
}

/** Adopted commits are not undone in silence by another attempt, which starts from the base. */
function leftOutReasons(state: IssueState): readonly string[] {
  const run = currentRun(state);
  const lost = state.runs.findLast(({ adopted, withdrawn }) => adopted !== undefined && withdrawn !== true);
  if (run === undefined || run.adopted !== undefined || lost?.adopted === undefined) return [];
  const { attempt, adopted } = lost;
  if (attempt > run.attempt) return [];
  return [
    `the change leaves out ${commitsText(adopted)}, adopted in attempt ${attempt} (head ${shortHead(adopted.head)})`,
  ];
}

/** Who approves must know that the checks passed by chance, perhaps. */
function flakyReasons(state: IssueState): readonly string[] {
  const flaky = judgedChecks(state).filter(({ isFlaky }) => isFlaky);
  return flaky.length === 0 ? [] : [flakyText(flaky.map(({ name }) => name))];
}

function wantedReasons(state: IssueState): readonly string[] {
  const rules = rulesNow(state) ?? {};
  // What could be read was waited for.
  const open = state.checks?.deployments === undefined ? rules : omit(rules, 'deployments');
  return wantedOfPeople(open).map(what => `a rule of the target branch wants ${what}`);
}

function releaseReasons(state: IssueState): readonly string[] {
  const bar = state.policy?.release.signOffFromRisk ?? 'never';
  const risk = riskOf(state).level;
  return bar !== 'never' && atLeast(risk, bar) ? [`risk ${risk}: the release owner must sign off`] : [];
}

/** The decision that every merge needs is made up for. */
function unjudgedReasons({ merge }: IssueState): readonly string[] {
  if (merge === undefined || merge.by.kind === 'person') return [];
  return [`merged by ${actorName(merge.by)}: no person approved the merge`];
}
