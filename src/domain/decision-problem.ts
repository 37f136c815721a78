/** Why a person's decision cannot be accepted now. Used by the update validator, the comment reader and the CLI. */
import { type Actor, isBotLogin } from './actor.ts';
import { foreignHead, wordsInRetry } from './adoption.ts';
import { boundTo } from './bound-to.ts';
import { changedParts } from './bound.ts';
import type { Decision, DecisionKind, Gate } from './decision.ts';
import { digestMatches, shortDigest } from './digest.ts';
import { stageOf } from './facts.ts';
import { adoptProblem, dropProblem } from './foreign-problem.ts';
import { approvalDigest, approvalFor } from './gate.ts';
import { namedReleaseOwner, releaseOwnerOf } from './hold.ts';
import { MODES } from './mode.ts';
import { asksPeople, isCloseOwed, nextStep } from './next-step.ts';
import { roleIsAtLeast } from './role.ts';
import { isEnd } from './stage.ts';
import type { IssueState } from './state.ts';

export type ProblemCode =
  | 'unclear'
  | 'not-allowed'
  | 'wrong-gate'
  | 'stale-digest'
  | 'no-digest'
  | 'old-generation'
  | 'not-now'
  | 'ended'
  | 'seen';

export interface DecisionProblem {
  readonly code: ProblemCode;
  /** One line: the problem and what to do. */
  readonly message: string;
}

export function decisionProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  if (state.decisionsSeen.includes(decision.id))
    return { code: 'seen', message: 'this decision was already accepted' };
  if (decision.generation !== undefined && decision.generation !== state.generation) {
    return {
      code: 'old-generation',
      message: `the decision is for generation ${decision.generation}, but the issue is in generation ${state.generation}`,
    };
  }
  const stage = stageOf(state);
  if (isEnd(stage) && !isCloseOwed(state, stage))
    return { code: 'ended', message: `the issue has ended as ${stage}` };
  return (
    authorityProblem(state, decision) ??
    unclearProblem(decision) ??
    KIND_PROBLEM[decision.kind](state, decision)
  );
}

/** The open gate, and the digest that its approval must name. */
export function gateAsked(state: IssueState): { readonly gate: Gate; readonly digest: string } | undefined {
  const step = nextStep(state);
  const gate = step.kind === 'hold' ? step.hold.gate : undefined;
  return gate === undefined ? undefined : { gate, digest: approvalDigest(state, gate) };
}

function authorityProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  const rules = state.policy?.decisions;
  // Reading the policy again grants nothing, so anyone may request it while there is none.
  if (rules === undefined && decision.kind === 'retry') return undefined;
  if (rules === undefined)
    return { code: 'not-now', message: 'the policy has not been read yet; try again in a moment' };
  if (!rules.sources.includes(decision.source)) {
    return {
      code: 'not-allowed',
      message: `the policy takes decisions from ${rules.sources.join(' and ')} only, not from ${decision.source}`,
    };
  }
  return roleProblem(decision.by, rules.roleMin);
}

/** On GitHub the person's role must be readable and sufficient. Over Temporal the namespace controls access. */
export function roleProblem(
  by: Actor,
  roleMin: NonNullable<IssueState['policy']>['decisions']['roleMin'],
): DecisionProblem | undefined {
  if (by.kind !== 'person' || isBotLogin(by.login))
    return { code: 'not-allowed', message: 'only a person can decide' };
  if (by.how === 'temporal') return undefined;
  if (by.role === undefined) return { code: 'not-allowed', message: `cannot read the role of ${by.login}` };
  return roleIsAtLeast(by.role, roleMin)
    ? undefined
    : { code: 'not-allowed', message: `${by.login} has the role ${by.role}, but ${roleMin} is required` };
}

function unclearProblem({ unclear }: Decision): DecisionProblem | undefined {
  return unclear === undefined ? undefined : { code: 'unclear', message: unclear };
}

type Check = (state: IssueState, decision: Decision) => DecisionProblem | undefined;

const KIND_PROBLEM: Readonly<Record<DecisionKind, Check>> = {
  approve: approvalProblem,
  reject: state => (gateAsked(state) === undefined ? noGate() : undefined),
  answer: answerProblem,
  adopt: adoptProblem,
  escalate: (_state, { to }) => botProblem(to),
  retry: retryProblem,
  pause: state => (state.paused === undefined ? undefined : notNow('the issue is already paused')),
  resume: state =>
    state.paused === undefined && state.escalated === undefined
      ? notNow('the issue is neither paused nor escalated')
      : undefined,
  cancel: state =>
    state.merge === undefined
      ? undefined
      : notNow('the change is merged; verify or revert the release instead'),
  'set-mode': modeProblem,
  'assign-release-owner': (_state, { to }) =>
    to === undefined ? notNow('name the owner: /assign-release-owner @login') : botProblem(to),
  'verify-release': verifyProblem,
};

function approvalProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  const asked = gateAsked(state);
  if (asked === undefined) return noGate();
  if (approvalFor(state, asked.gate) !== undefined) return notNow('the gate is already approved');
  const present = shortDigest(approvalDigest(state, asked.gate));
  if (decision.gate !== undefined && decision.gate !== asked.gate) {
    return {
      code: 'wrong-gate',
      message: `the ${asked.gate} gate is open (digest ${present}), not ${decision.gate}`,
    };
  }
  if (decision.digest === undefined)
    return { code: 'no-digest', message: `name what you approve: /approve ${asked.gate} ${present}` };
  if (!digestMatches(approvalDigest(state, asked.gate), decision.digest)) {
    const why = whyStale(state, asked.gate, decision.digest);
    return {
      code: 'stale-digest',
      message: `digest ${decision.digest.slice(0, 12)} ${why}; the current digest is ${present}`,
    };
  }
  return asked.gate === 'release' ? ownerProblem(state, decision) : undefined;
}

/** Compares with the digests that the gates showed before, as far as they are remembered. */
function whyStale(state: IssueState, gate: Gate, given: string): string {
  const older = state.asked?.findLast(asked => digestMatches(asked.digest, given));
  if (older === undefined) return 'is not the one to approve now';
  if (older.gate !== gate) return `belongs to the ${older.gate} gate`;
  return `is no longer valid; changed: ${changedParts(older.bound, boundTo(state, gate)).join(', ')}`;
}

/** If the policy or an assignment names a release owner, only that person signs off. */
function ownerProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  const named = namedReleaseOwner(state);
  const login = decision.by.kind === 'person' ? decision.by.login : '';
  // GitHub logins are case-insensitive.
  if (named === undefined || login.toLowerCase() === named.toLowerCase()) return undefined;
  return { code: 'not-allowed', message: `only the release owner, ${releaseOwnerOf(state)}, can decide` };
}

/** A retry assumes that the cause of the hold is fixed. Without such a hold it would only discard good work. */
function retryProblem(state: IssueState, { reason }: Decision): DecisionProblem | undefined {
  if (state.paused !== undefined) return notNow('the issue is paused; /resume first');
  if (state.blocked?.wordless !== undefined && wordsInRetry(state, reason) === undefined)
    return notNow('say what to change, for the next attempt: /retry WORDS');
  if (state.escalated !== undefined || state.blocked !== undefined) return undefined;
  return retryNowProblem(state, reason);
}

function retryNowProblem(state: IssueState, reason: string | undefined): DecisionProblem | undefined {
  const step = nextStep(state);
  if (step.kind === 'hold' && foreignHead(state) !== undefined) return dropProblem(state, reason);
  if (step.kind === 'effect') return notNow(`${step.effect.kind} is in progress`);
  if (step.kind !== 'hold' || step.hold.gate === undefined) return undefined;
  return notNow(`nothing has failed; the ${step.hold.gate} gate is open. /reject it for another attempt`);
}

/** A question of the agent, or changes that were asked for without a word. */
function answerProblem(state: IssueState, { reason }: Decision): DecisionProblem | undefined {
  if (state.paused !== undefined) return notNow('the issue is paused; /resume first');
  const isAsked = state.blocked === undefined ? asksPeople(state) : state.blocked.wordless !== undefined;
  if (!isAsked) return notNow('no question is open; /retry WORDS gives words to the next attempt');
  return reason === undefined ? notNow('write the answer after the command: /answer WORDS') : undefined;
}

function verifyProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  if (state.merge === undefined) return notNow('nothing is merged yet');
  return state.verifiedAt === undefined
    ? ownerProblem(state, decision)
    : notNow('the release is already verified');
}

/** The name in an update is a text that any client sends. */
function botProblem(to = ''): DecisionProblem | undefined {
  return isBotLogin(to) ? notNow(`${to} is a bot; name a person`) : undefined;
}

function modeProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  // The mode of an update is a text that any client sends.
  if (!MODES.some(known => known === decision.mode)) return notNow(`name the mode: ${MODES.join(', ')}`);
  return state.pullRequest === undefined ? undefined : notNow('a pull request already exists');
}

const noGate = (): DecisionProblem => ({ code: 'wrong-gate', message: 'no gate is open' });
const notNow = (message: string): DecisionProblem => ({ code: 'not-now', message });
