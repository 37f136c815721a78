/** Holds: who must do what, why, and how the ladder (remind, escalate, park) climbs while nobody does. */
import type { Gate } from './decision.ts';
import { shortDigest } from './digest.ts';
import { approvalDigest, gateReasons, voidedBy } from './gate.ts';
import type { IssueState } from './state.ts';
import type { Rung } from './state/people.ts';
import type { Reading } from './state/reading.ts';
import type { Release } from './state/release.ts';
import type { Hold, Step } from './step.ts';
import { type Actor, actorName } from './actor.ts';
import type { Policy } from './policy.ts';

export type HoldStep = Extract<Step, { kind: 'hold' }>;

export function gateHold(state: IssueState, gate: Gate): HoldStep {
  const digest = approvalDigest(state, gate);
  const voided = voidedBy(state, gate);
  const hold: Hold = {
    kind: 'gate',
    gate,
    digest,
    who: whoDecides(state, gate),
    what: whatToDo(gate, shortDigest(digest)),
    why: [...(voided === undefined ? [] : [voidText(voided)]), ...gateReasons(state, gate)],
  };
  return { kind: 'hold', hold };
}

function voidText({ approval, changed }: NonNullable<ReturnType<typeof voidedBy>>): string {
  return `the approval of ${actorName(approval.by)} holds no longer, since this changed: ${changed.join(', ')}`;
}

/** Something only a person can mend. Without a name it falls to whom the policy escalates to. */
export function blockedHold(
  state: IssueState,
  blocked: { readonly reason: string; readonly mend: string; readonly who?: string },
): HoldStep {
  const { who = escalationOwner(state), mend, reason } = blocked;
  return { kind: 'hold', hold: { kind: 'blocked', who, what: mend, why: [reason] } };
}

/** Approved, and the policy leaves the merging itself to people. */
export function mergeByPersonHold(state: IssueState, approvedBy: Actor): HoldStep {
  const { hold } = gateHold(state, 'merge');
  return {
    kind: 'hold',
    hold: {
      ...hold,
      what: `merge pull request #${state.pullRequest?.number ?? 0}; /reject with a reason otherwise`,
      why: [`approved by ${actorName(approvedBy)}; the policy leaves merging to people`],
    },
  };
}

export function pausedHold(
  paused: { readonly by: Actor; readonly reason: string },
  what = '/resume or /cancel',
): HoldStep {
  const who = paused.by.kind === 'person' ? paused.by.login : 'a maintainer';
  return {
    kind: 'hold',
    hold: { kind: 'paused', who, what, why: paused.reason === '' ? [] : [paused.reason] },
  };
}

/** Until when the hold stands on its present rung. A pause was asked for, so nobody is reminded of it. */
export function withLadder(state: IssueState, step: HoldStep): HoldStep {
  const { policy, held } = state;
  if (policy === undefined || held?.name !== holdName(step.hold) || step.hold.kind === 'paused') return step;
  const after = RUNG_RULES[held.rung].endsMs(policy);
  const climbed = { ...step, hold: { ...step.hold, who: whoOnRung(state, step.hold, held.rung) } };
  return after === undefined ? climbed : { ...climbed, until: held.since + after };
}

/** From the rung `escalated` on, it is for whom the policy escalates to, where it names someone. */
function whoOnRung(state: IssueState, hold: Hold, rung: Rung): string {
  const to = state.policy?.escalation.to ?? '';
  return to !== '' && (rung === 'escalated' || rung === 'parked') ? to : hold.who;
}

/** `gate:merge`, `blocked`, …: as people see it in labels and search attributes. */
export function holdName(hold: Hold): string {
  return hold.gate === undefined ? hold.kind : `${hold.kind}:${hold.gate}`;
}

export function nextRung(rung: Rung): Rung {
  switch (rung) {
    case 'fresh':
      return 'reminded';
    case 'reminded':
      return 'escalated';
    case 'escalated':
    case 'parked':
      return 'parked';
  }
}

export interface RungRule {
  readonly means: string;
  /** The field of the policy that says after which time it is left; none on the last one. */
  readonly leftAfter?: string;
  /** That time in milliseconds, counted from the beginning of the hold. */
  readonly endsMs: (policy: Policy) => number | undefined;
}

export const RUNG_RULES: Readonly<Record<Rung, RungRule>> = {
  fresh: {
    means: 'the hold is new',
    leftAfter: 'escalation.remindAfter',
    endsMs: policy => policy.escalation.remindAfterMs,
  },
  reminded: {
    means: 'nobody has acted yet',
    leftAfter: 'escalation.escalateAfter',
    endsMs: policy => policy.escalation.escalateAfterMs,
  },
  escalated: {
    means: 'it is for `escalation.to` now',
    leftAfter: 'escalation.parkAfter',
    endsMs: policy => policy.escalation.parkAfterMs,
  },
  parked: { means: 'nobody is reminded any more', endsMs: () => undefined },
};

function whoDecides(state: IssueState, gate: Gate): string {
  if (gate === 'release') return releaseOwnerOf(state);
  const role = state.policy?.decisions.roleMin ?? 'write';
  return `someone with the role ${role}`;
}

/** The release boundary always has a named owner: assigned, by policy, or whoever merged. */
export function releaseOwnerOf(state: IssueState): string {
  const by = state.merge?.by;
  const merger = by?.kind === 'person' ? by.login : undefined;
  return namedReleaseOwner(state) ?? merger ?? 'a maintainer';
}

/** Assigned, or by policy: nobody else signs off then. */
export function namedReleaseOwner(state: Reading & Release): string | undefined {
  const owner = state.releaseOwner ?? state.policy?.release.owner ?? '';
  return owner === '' ? undefined : owner.replace(/^@/, '');
}

export function escalationOwner(state: Reading): string {
  const to = state.policy?.escalation.to;
  return to === undefined || to === '' ? 'a maintainer' : to;
}

function whatToDo(gate: Gate, digest: string): string {
  const approve = `/approve ${gate} ${digest}`;
  if (gate === 'merge')
    return `approve the pull request in a review, or ${approve}; /reject with a reason otherwise`;
  if (gate === 'release') return `${approve}, or /verify-release`;
  return `${approve}, or /reject with a reason`;
}
