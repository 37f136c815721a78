/** Applies people's decisions once they are allowed. A decision changes facts; the next step follows from the facts. */
import { actorName } from '../actor.ts';
import { boundTo } from '../bound-to.ts';
import { COMMANDS_MAX } from '../command.ts';
import { decisionProblem, gateAsked } from '../decision-problem.ts';
import { type Decision, type DecisionAnswer, type DecisionKind, judgementOf } from '../decision.ts';
import { withDue } from '../due.ts';
import { approvalDigest } from '../gate.ts';
import { escalationOwner } from '../hold.ts';
import { heldByRun } from '../next-step.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { Approval } from '../state/people.ts';
import type { Reduced } from './result.ts';

/** Decision ids remembered so that a second delivery has no effect. */
const DECISIONS_SEEN_MAX = 200;
/** Few are needed: a client that waits for an answer polls often. One comment must not push out the answer to another. */
const ANSWERS_MAX = 3 * COMMANDS_MAX;

export function onDecision(state: IssueState, decision: Decision): Reduced {
  const problem = decisionProblem(state, decision);
  if (problem?.code === 'seen') return { refused: problem.message };
  const judgement = judgementOf(decision, gateAsked(state)?.gate);
  const actor = decision.by;
  if (problem !== undefined) {
    const refusedDecision = { by: actorName(actor), kind: decision.kind, why: problem.message };
    const known = remember(state, { id: decision.id, taken: false, text: problem.message });
    return {
      state: { ...known, refusedDecision },
      note: { cause: `refused /${decision.kind}: ${problem.message}`, actor, judgement },
    };
  }
  const reason = decision.reason === undefined ? '' : `: ${decision.reason}`;
  const digests = decision.digest === undefined ? {} : { approved: decision.digest };
  const cause = `/${decision.kind}${gateText(state, decision)}${reason}`;
  const known = remember(state, { id: decision.id, taken: true, text: cause });
  return {
    state: TAKE[decision.kind](omit(known, 'refusedDecision'), decision),
    note: { cause, actor, judgement, digests },
  };
}

type Take = (state: IssueState, decision: Decision) => IssueState;

const TAKE: Readonly<Record<DecisionKind, Take>> = {
  approve,
  reject,
  escalate: (state, { by, reason = '', to }) => ({
    ...state,
    escalated: { by, reason, to: to ?? escalationOwner(state) },
  }),
  retry,
  pause: (state, { by, reason = '' }) => ({ ...state, paused: { by, reason } }),
  // Blocked stays blocked: a resume does not say that the cause is fixed.
  resume: state => omit(state, 'paused', 'escalated'),
  cancel: (state, { by, reason = '' }) => ({
    ...omit(state, 'paused', 'escalated', 'blocked'),
    cancelled: { by, reason },
    upkeepStopped: false,
    archiveStopped: false,
  }),
  'set-mode': (state, { mode }) => (mode === undefined ? state : { ...state, modeSet: mode }),
  'assign-release-owner': (state, { to }) => (to === undefined ? state : { ...state, releaseOwner: to }),
  'verify-release': state => ({ ...state, verifiedAt: state.at }),
};

function approve(state: IssueState, decision: Decision): IssueState {
  const gate = gateAsked(state)?.gate;
  if (gate === undefined) return state;
  const [digest, bound] = [approvalDigest(state, gate), boundTo(state, gate)];
  const approved = withApproval(state, { gate, digest, bound, by: decision.by, at: state.at });
  return mayBeBehind(state, decision) ? withDue(approved, ['issue']) : approved;
}

/**
 * A look reads the issue after the comments, so it has seen every edit before them. An update arrives on its own: an edit
 * may be unread, so the issue is read before anything starts. A text without a secret was read by an older build.
 */
function mayBeBehind({ subject }: IssueState, { source }: Decision): boolean {
  return source === 'temporal' && subject?.secret !== undefined;
}

/** Keeps only the latest approval by one person for one digest. */
export function withApproval(state: IssueState, approval: Approval): IssueState {
  const others = state.approvals.filter(
    ({ digest, by }) => digest !== approval.digest || actorName(by) !== actorName(approval.by),
  );
  return { ...state, approvals: [...others, approval] };
}

/** A rejected change is set aside. A retry makes a new one, and the agent gets the reason. */
function reject(state: IssueState, decision: Decision): IssueState {
  const gate = gateAsked(state)?.gate ?? 'start';
  const said = decision.reason === undefined ? '' : `: ${decision.reason}`;
  const reason = `${actorName(decision.by)} rejected at the ${gate} gate${said}`;
  const attempt = state.runs.at(-1)?.attempt ?? 0;
  const ofChange = gate === 'publish' || gate === 'merge';
  return {
    ...state,
    blocked: { reason, mend: '/retry to continue, or /cancel', since: state.at },
    ...(ofChange ? { setAsideTo: attempt, rejections: [...state.rejections, { attempt, reason }] } : {}),
  };
}

/**
 * Assumes that the cause of the hold is fixed. Everything is read again, including the policy, and a run that cannot
 * continue is set aside for another attempt.
 */
function retry(state: IssueState): IssueState {
  const unheld = omit(state, 'paused', 'escalated', 'blocked');
  const stuck = state.blocked === undefined ? heldByRun(unheld) : state.blocked.anew === true;
  const isRunAgain = stuck && state.merge === undefined;
  const attempt = state.runs.at(-1)?.attempt ?? 0;
  return withDue(
    {
      ...unheld,
      setAsideTo: isRunAgain ? attempt : state.setAsideTo,
      refusals: isRunAgain ? [] : state.refusals,
      upkeepStopped: false,
      archiveStopped: false,
      policyDue: true,
      releaseDue: state.merge !== undefined,
    },
    ['issue', 'comments', 'pull-request'],
  );
}

function remember(state: IssueState, answer: DecisionAnswer): IssueState {
  return {
    ...state,
    decisionsSeen: [...state.decisionsSeen, answer.id].slice(-DECISIONS_SEEN_MAX),
    answers: [...(state.answers ?? []), answer].slice(-ANSWERS_MAX),
  };
}

function gateText(state: IssueState, decision: Decision): string {
  if (decision.kind !== 'approve' && decision.kind !== 'reject') return '';
  const gate = gateAsked(state)?.gate;
  return gate === undefined ? '' : ` at the ${gate} gate`;
}
