/** Applies people's decisions once they are allowed. A decision changes facts; the next step follows from the facts. */
import { actorName } from '../actor.ts';
import { droppedBy, foreignHead, withoutAdoption, wordsInRetry } from '../adoption.ts';
import { approvalNow } from '../carry.ts';
import { COMMANDS_MAX } from '../command.ts';
import { excerpt } from '../command-words.ts';
import { decisionProblem, gateAsked } from '../decision-problem.ts';
import { type Decision, type DecisionAnswer, type DecisionKind, judgementOf } from '../decision.ts';
import { hastened } from '../delay.ts';
import { withDue } from '../due.ts';
import { commitsText, shortHead } from '../foreign-head.ts';
import { escalationOwner } from '../hold.ts';
import { mergeObstacle } from '../merge-obstacle.ts';
import { asksForTarget, heldByRun } from '../next-step.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { Approval, Blocked } from '../state/people.ts';
import { targetChange, targetText } from '../target.ts';
import { adoptHead } from './adoption.ts';
import { handedOverAgain } from './hand-over.ts';
import { withChecksAgain } from './checks.ts';
import type { Reduced } from './result.ts';
import { withTargetChanged } from './target.ts';

/** Decision ids remembered so that a second delivery has no effect. */
const DECISIONS_SEEN_MAX = 200;
/** Few are needed: a client that waits for an answer polls often. One comment must not push out the answer to another. */
const ANSWERS_MAX = 3 * COMMANDS_MAX;

/** Words of people kept for later attempts. */
const WORDS_MAX = 20;
/** Of a reason, in the audit: the attempt gets all of it. */
const RECORDED_CHARS_MAX = 500;

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
  const reason = decision.reason === undefined ? '' : `: ${excerpt(decision.reason, RECORDED_CHARS_MAX)}`;
  const digests = decision.digest === undefined ? {} : { approved: decision.digest };
  const cause = `/${decision.kind}${placeText(state, decision)}${adoptText(state, decision)}${reason}`;
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
  answer: retry,
  adopt: adoptHead,
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
  const approved = withApproval(state, approvalNow(state, gate, { by: decision.by, at: state.at }));
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
  const isWordless = ofChange && decision.reason === undefined;
  const wordless = isWordless ? { mend: SAY_WHAT, wordless: { by: actorName(decision.by) } } : {};
  return {
    ...state,
    blocked: { reason, mend: '/retry to continue, or /cancel', since: state.at, ...wordless },
    ...(ofChange ? { setAsideTo: attempt, rejections: withWords(state, { attempt, reason }) } : {}),
  };
}

/** How to go on after changes were asked for without a word. */
export const SAY_WHAT = 'say what to change: /retry and your words (the next attempt gets them), or /cancel';

function withWords(
  { rejections }: Pick<IssueState, 'rejections'>,
  words: IssueState['rejections'][number],
): IssueState['rejections'] {
  return [...rejections, words].slice(-WORDS_MAX);
}

/**
 * Assumes that the cause of the hold is fixed. Everything is read again, including the policy, and a run that cannot
 * continue is set aside for another attempt, which gets the words of the decision.
 */
function retry(state: IssueState, decision: Decision): IssueState {
  const { blocked } = state;
  const unheld = handedOverAgain(omit(withUsableCommit(state), 'paused', 'escalated', 'blocked'));
  const stuck = blocked === undefined ? heldByRun(unheld) : needsAnew(blocked);
  const isMoved = asksForTarget(state);
  const isRunAgain = (stuck || (isMoved && hasAdopted(state))) && state.merge === undefined;
  const freed = withChecksAgain(hastened(isMoved ? withTargetChanged(unheld) : unheld));
  return withDue(
    {
      ...withRetryWords(freed, decision, blocked),
      setAsideTo: isRunAgain ? latestAttempt(state) : state.setAsideTo,
      refusals: isRunAgain ? [] : state.refusals,
      upkeepStopped: false,
      archiveStopped: false,
      policyDue: true,
      releaseDue: state.merge !== undefined,
    },
    ['issue', 'comments', 'pull-request'],
  );
}

/** Their base is a commit of the old target, with all that the new one does not have. */
function hasAdopted({ runs }: IssueState): boolean {
  return runs.some(({ adopted, withdrawn }) => adopted !== undefined && withdrawn !== true);
}

/** GitHub refuses the commit as it is, or would refuse it: the same change is built again. */
function withUsableCommit(state: IssueState): IssueState {
  const isRefused = state.blocked?.rebuild === true || mergeObstacle(state)?.failure === 'SignatureRequired';
  return isRefused && state.merge === undefined ? omit(state, 'change') : state;
}

/** The next attempt is told why GitHub refused the change, and the words. A head of others that they name first is given up. */
function withRetryWords(
  state: IssueState,
  { kind, by, reason }: Decision,
  blocked: Blocked | undefined,
): IssueState {
  const dropped = kind === 'retry' ? droppedBy(state, reason) : undefined;
  const free = dropped === undefined ? omit(state, 'branchFound') : withDropped(state, dropped);
  const said = dropped === undefined ? reason : wordsInRetry(state, reason);
  const lessons = [
    ...(blocked?.lesson === true ? [blocked.reason] : []),
    ...(said === undefined ? [] : [`${actorName(by)} said with /${kind}: ${said}`]),
  ];
  const rejections = lessons.reduce<IssueState['rejections']>(
    (known, lesson) => withWords({ rejections: known }, { attempt: latestAttempt(state), reason: lesson }),
    free.rejections,
  );
  return { ...free, rejections };
}

function latestAttempt({ runs }: IssueState): number {
  return runs.at(-1)?.attempt ?? 0;
}

/** Our verified commit replaces this head. Who approved the merge did not know of it, so the gate asks again. */
function withDropped(state: IssueState, dropped: string): IssueState {
  const approvals = state.approvals.filter(({ gate }) => gate !== 'merge');
  return { ...withoutAdoption(state), dropped, approvals };
}

function needsAnew({ anew, wordless }: Blocked): boolean {
  return anew === true || wordless !== undefined;
}

function remember(state: IssueState, answer: DecisionAnswer): IssueState {
  return {
    ...state,
    decisionsSeen: [...state.decisionsSeen, answer.id].slice(-DECISIONS_SEEN_MAX),
    answers: [...(state.answers ?? []), answer].slice(-ANSWERS_MAX),
  };
}

function adoptText(state: IssueState, { kind }: Decision): string {
  const known = kind === 'adopt' ? foreignHead(state)?.known : undefined;
  return known === undefined ? '' : ` ${shortHead(known.head)}: ${commitsText(known)}`;
}

/** Where the decision applies: the gate, or the target branch on which the work begins again. */
function placeText(state: IssueState, decision: Decision): string {
  if (decision.kind === 'retry' && asksForTarget(state)) return ` on ${targetText(targetChange(state)?.to)}`;
  if (decision.kind !== 'approve' && decision.kind !== 'reject') return '';
  const gate = gateAsked(state)?.gate;
  return gate === undefined ? '' : ` at the ${gate} gate`;
}
