/** Why a person's decision cannot be taken now: asked by the update validator, the comment reader and the CLI alike. */
import type { Actor } from './actor.ts';
import { boundTo } from './bound-to.ts';
import { changedParts } from './bound.ts';
import type { Decision, DecisionKind, Gate } from './decision.ts';
import { digestMatches, shortDigest } from './digest.ts';
import { stageOf } from './facts.ts';
import { approvalDigest, approvalFor } from './gate.ts';
import { namedReleaseOwner, releaseOwnerOf } from './hold.ts';
import { isCloseOwed, nextStep } from './next-step.ts';
import { roleIsAtLeast } from './role.ts';
import { isEnd } from './stage.ts';
import type { IssueState } from './state.ts';

export type ProblemCode =
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
  /** One line: what is wrong and what to do. */
  readonly message: string;
}

export function decisionProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  if (state.decisionsSeen.includes(decision.id))
    return { code: 'seen', message: 'this decision was taken already' };
  if (decision.generation !== undefined && decision.generation !== state.generation) {
    return {
      code: 'old-generation',
      message: `that was meant for generation ${decision.generation}; this is generation ${state.generation}`,
    };
  }
  const stage = stageOf(state);
  if (isEnd(stage) && !isCloseOwed(state, stage))
    return { code: 'ended', message: `the issue has ended as ${stage}` };
  return authorityProblem(state, decision) ?? KIND_PROBLEM[decision.kind](state, decision);
}

/** The gate that is asked now, and what its approval must name. */
export function gateAsked(state: IssueState): { readonly gate: Gate; readonly digest: string } | undefined {
  const step = nextStep(state);
  const gate = step.kind === 'hold' ? step.hold.gate : undefined;
  return gate === undefined ? undefined : { gate, digest: approvalDigest(state, gate) };
}

function authorityProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  const rules = state.policy?.decisions;
  // To read the policy once more grants nothing, so anyone may ask for it while there is none.
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

/** On GitHub the role counts, and only one that could be read; over Temporal the namespace's own access rules do. */
function roleProblem(
  by: Actor,
  roleMin: NonNullable<IssueState['policy']>['decisions']['roleMin'],
): DecisionProblem | undefined {
  if (by.kind !== 'person') return { code: 'not-allowed', message: 'only a person decides' };
  if (by.how === 'temporal') return undefined;
  if (by.role === undefined)
    return { code: 'not-allowed', message: `the role of ${by.login} could not be read` };
  return roleIsAtLeast(by.role, roleMin)
    ? undefined
    : { code: 'not-allowed', message: `${by.login} has the role ${by.role}; ${roleMin} is needed` };
}

type Check = (state: IssueState, decision: Decision) => DecisionProblem | undefined;

const KIND_PROBLEM: Readonly<Record<DecisionKind, Check>> = {
  approve: approvalProblem,
  reject: state => (gateAsked(state) === undefined ? noGate() : undefined),
  escalate: () => undefined,
  retry: retryProblem,
  pause: state => (state.paused === undefined ? undefined : notNow('it is paused already')),
  resume: state =>
    state.paused === undefined && state.escalated === undefined
      ? notNow('it is neither paused nor escalated')
      : undefined,
  cancel: state =>
    state.merge === undefined ? undefined : notNow('it is merged; verify or revert the release instead'),
  'set-mode': modeProblem,
  'assign-release-owner': (_state, { to }) =>
    to === undefined ? notNow('name the owner: /assign-release-owner @login') : undefined,
  'verify-release': verifyProblem,
};

function approvalProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  const asked = gateAsked(state);
  if (asked === undefined) return noGate();
  if (approvalFor(state, asked.gate) !== undefined) return notNow('it is approved already');
  const present = shortDigest(approvalDigest(state, asked.gate));
  if (decision.gate !== undefined && decision.gate !== asked.gate) {
    return {
      code: 'wrong-gate',
      message: `the gate asked now is ${asked.gate} (digest ${present}), not ${decision.gate}`,
    };
  }
  if (decision.digest === undefined)
    return { code: 'no-digest', message: `name what you approve: /approve ${asked.gate} ${present}` };
  if (!digestMatches(approvalDigest(state, asked.gate), decision.digest)) {
    const why = whyStale(state, asked.gate, decision.digest);
    return {
      code: 'stale-digest',
      message: `${decision.digest.slice(0, 12)} ${why}; the present digest is ${present}`,
    };
  }
  return asked.gate === 'release' ? ownerProblem(state, decision) : undefined;
}

/** Against what the gates once asked, as far as that is remembered. */
function whyStale(state: IssueState, gate: Gate, given: string): string {
  const older = state.asked?.findLast(asked => digestMatches(asked.digest, given));
  if (older === undefined) return 'is not what is asked now';
  if (older.gate !== gate) return `was asked at the ${older.gate} gate`;
  return `holds no longer, since this changed: ${changedParts(older.bound, boundTo(state, gate)).join(', ')}`;
}

/** Where the release has a named owner by policy or assignment, nobody else signs off. */
function ownerProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  const named = namedReleaseOwner(state);
  const login = decision.by.kind === 'person' ? decision.by.login : '';
  // GitHub's logins are case-insensitive.
  if (named === undefined || login.toLowerCase() === named.toLowerCase()) return undefined;
  return { code: 'not-allowed', message: `the release owner is ${releaseOwnerOf(state)}` };
}

/** A retry takes what holds the work as mended; where nothing does, it would only throw good work away. */
function retryProblem(state: IssueState): DecisionProblem | undefined {
  if (state.paused !== undefined) return notNow('it is paused: /resume first');
  if (state.escalated !== undefined || state.blocked !== undefined) return undefined;
  const step = nextStep(state);
  if (step.kind === 'effect') return notNow(`${step.effect.kind} is under way`);
  if (step.kind !== 'hold' || step.hold.gate === undefined) return undefined;
  return notNow(`nothing has failed: the ${step.hold.gate} gate is asked; /reject it for another attempt`);
}

function verifyProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  if (state.merge === undefined) return notNow('nothing is merged yet');
  return state.verifiedAt === undefined ? ownerProblem(state, decision) : notNow('it is verified already');
}

function modeProblem(state: IssueState, decision: Decision): DecisionProblem | undefined {
  if (decision.mode === undefined) return notNow('name the mode: auto-run, guarded, analysis or spike');
  return state.pullRequest === undefined ? undefined : notNow('there is a pull request already');
}

const noGate = (): DecisionProblem => ({ code: 'wrong-gate', message: 'no gate is asked now' });
const notNow = (message: string): DecisionProblem => ({ code: 'not-now', message });
