/** Holds: who must do what and why, and the ladder (remind, escalate, park) while no one acts. */
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
  return `the approval by ${actorName(approval.by)} is no longer valid; changed: ${changed.join(', ')}`;
}

/** Something that only a person can fix. Without `who`, it goes to the escalation contact of the policy. */
export function blockedHold(
  state: IssueState,
  blocked: { readonly reason: string; readonly fix: string; readonly who?: string },
): HoldStep {
  const { who = escalationOwner(state), fix, reason } = blocked;
  return { kind: 'hold', hold: { kind: 'blocked', who, what: fix, why: [reason] } };
}

/** The merge is approved, but the policy lets only people merge. */
export function mergeByPersonHold(state: IssueState, approvedBy: Actor): HoldStep {
  const { hold } = gateHold(state, 'merge');
  return {
    kind: 'hold',
    hold: {
      ...hold,
      what: `merge pull request #${state.pullRequest?.number ?? 0}, or /reject with a reason`,
      why: [`approved by ${actorName(approvedBy)}; by policy a person does the merge`],
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

/** Adds the end of the current rung, if nothing is due before. */
export function withLadder(state: IssueState, step: HoldStep): HoldStep {
  const { policy, held } = state;
  if (policy === undefined || held?.name !== holdName(step.hold) || isPatient(step.hold)) return step;
  const climbed = { ...step, hold: { ...step.hold, who: whoOnRung(state, step.hold, held.rung) } };
  const until = [step.until, rungEndsAt(state)].filter(time => time !== undefined);
  return until.length === 0 ? climbed : { ...climbed, until: Math.min(...until) };
}

export function isRungOver(state: IssueState): boolean {
  return state.at >= (rungEndsAt(state) ?? Infinity);
}

/** Epoch milliseconds; the last rung does not end. */
function rungEndsAt({ policy, held }: IssueState): number | undefined {
  if (policy === undefined || held === undefined) return undefined;
  const after = RUNG_RULES[held.rung].endsMs(policy);
  return after === undefined ? undefined : held.since + after;
}

/** A person asked for a pause, and no one can end a limit of GitHub: there are no reminders. */
export function isPatient({ kind, because }: Hold): boolean {
  return kind === 'paused' || because === 'limit';
}

/** From the rung `escalated` on, the escalation contact of the policy must act, if there is one. */
function whoOnRung(state: IssueState, hold: Hold, rung: Rung): string {
  const to = state.policy?.escalation.to ?? '';
  return to !== '' && (rung === 'escalated' || rung === 'parked') ? to : hold.who;
}

/** `gate:merge`, `blocked`, …, as shown in labels and search attributes. */
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
  /** The policy field with the time after which the rung ends; absent on the last rung. */
  readonly leftAfter?: string;
  /** That time in milliseconds from the start of the hold. */
  readonly endsMs: (policy: Policy) => number | undefined;
}

export const RUNG_RULES: Readonly<Record<Rung, RungRule>> = {
  fresh: {
    means: 'the hold is new',
    leftAfter: 'escalation.remindAfter',
    endsMs: policy => policy.escalation.remindAfterMs,
  },
  reminded: {
    means: 'no one has acted yet',
    leftAfter: 'escalation.escalateAfter',
    endsMs: policy => policy.escalation.escalateAfterMs,
  },
  escalated: {
    means: '`escalation.to` must act now',
    leftAfter: 'escalation.parkAfter',
    endsMs: policy => policy.escalation.parkAfterMs,
  },
  parked: { means: 'no more reminders', endsMs: () => undefined },
};

function whoDecides(state: IssueState, gate: Gate): string {
  if (gate === 'release') return releaseOwnerOf(state);
  const role = state.policy?.decisions.roleMin ?? 'write';
  return `someone with the role ${role}`;
}

/** A release always has an owner: assigned, from the policy, or the person who merged or approved the merge; never a bot. */
export function releaseOwnerOf(state: IssueState): string {
  const by = state.merge?.by;
  const merger = by?.kind === 'person' ? by.login : undefined;
  return namedReleaseOwner(state) ?? merger ?? escalationOwner(state);
}

/** Assigned, or from the policy. If there is one, no one else can sign off. */
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
