/** Facts that result from effects. Only the effect in flight can produce a fact; others are refused by name. */
import { rule } from '../actor.ts';
import { archived } from '../audit.ts';
import { moved } from '../candidate.ts';
import { withDue } from '../due.ts';
import type { EventBody, FactEvent } from '../event.ts';
import { currentBase, currentRun } from '../facts.ts';
import { fixForHold } from '../failure.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { DelayedKind } from '../state/delays.ts';
import type { EffectKind } from '../step.ts';
import { onCalled, onFolded, onNotified } from './calls.ts';
import { targetBranch, targetText } from '../target.ts';
import { onAheadBuilt, onAheadVerified } from './ahead.ts';
import { onAdoptionRefused, onBranchMoved, onCommitsAdopted } from './adoption.ts';
import { onArrived } from './arrival.ts';
import { onCandidateBuilt, onCandidateEvidence, onCandidateVerified } from './candidate.ts';
import { onChangeOutdated, onMergeConflict } from './conflict.ts';
import { onCheckRerun, withChecksDue } from './checks.ts';
import { onMarkedReady } from './draft.ts';
import { onLineJoined, onLineLeft } from './line.ts';
import { onHandedOver, onNeedless, onTakenBack } from './hand-over.ts';
import { onReplied } from './replies.ts';
import { onEvidencePublished, onMerged, onPullRequestOpened, onPushed } from './publish-facts.ts';
import { chain, type FactOf, type Noted, type Reduced, refuse } from './result.ts';
import { onChangeBuilt, onChangeRefused, onEvidence, onRunEnded, onVerified } from './run-facts.ts';
import { onSuggestionsApplied, onSuggestionsRefused } from './suggestions.ts';
import { withNewRunBase } from './target.ts';
import { onThreadsAnswered } from './threads.ts';

const SCHEDULER = rule('lifecycle');

type FactType = FactEvent['type'];
/** They end upkeep and notices, which no step waits for. */
export const UPKEEP_FACTS = [
  'projected',
  'replied',
  'threads-answered',
  'called',
  'call-folded',
  'notified',
  'audit-archived',
  'line-left',
] as const;
type UpkeepFact = (typeof UPKEEP_FACTS)[number];

/** The effect that produces each fact. */
const RESULT_OF: Readonly<Record<Exclude<FactType, UpkeepFact>, EffectKind>> = {
  'policy-read': 'read-policy',
  claimed: 'claim-branch',
  'run-ended': 'run-agent',
  'commits-adopted': 'adopt-commits',
  'adoption-refused': 'adopt-commits',
  'suggestions-applied': 'apply-suggestions',
  'suggestions-refused': 'apply-suggestions',
  'change-built': 'build-change',
  'change-refused': 'build-change',
  'change-outdated': 'build-change',
  verified: 'verify-change',
  'candidate-built': 'build-candidate',
  'merge-conflict': 'build-candidate',
  'candidate-verified': 'verify-candidate',
  'ahead-built': 'build-ahead',
  'ahead-verified': 'verify-ahead',
  'evidence-assembled': 'assemble-evidence',
  pushed: 'push-commit',
  'branch-moved': 'push-commit',
  'evidence-published': 'publish-evidence',
  'pull-request-opened': 'open-pull-request',
  'marked-ready': 'mark-ready',
  'check-rerun': 'rerun-check',
  'line-joined': 'join-line',
  merged: 'merge',
  'handed-over': 'hand-over-merge',
  'hand-over-needless': 'hand-over-merge',
  'taken-back': 'take-back-merge',
  arrived: 'read-arrival',
  'release-checked': 'check-release',
  'issue-closed': 'close-issue',
  'claim-released': 'release-claim',
};

const REDUCERS: { readonly [T in FactType]: (state: IssueState, event: FactOf<T>) => Reduced } = {
  'policy-read': onPolicy,
  claimed: onClaimed,
  'run-ended': onRunEnded,
  'commits-adopted': onCommitsAdopted,
  'adoption-refused': onAdoptionRefused,
  'suggestions-applied': onSuggestionsApplied,
  'suggestions-refused': onSuggestionsRefused,
  'change-built': onChangeBuilt,
  'change-refused': onChangeRefused,
  'change-outdated': onChangeOutdated,
  verified: onVerified,
  'candidate-built': onCandidateBuilt,
  'merge-conflict': onMergeConflict,
  'candidate-verified': onCandidateVerified,
  'ahead-built': onAheadBuilt,
  'ahead-verified': onAheadVerified,
  'evidence-assembled': (state, event) =>
    event.evidence.onto === undefined ? onEvidence(state, event) : onCandidateEvidence(state, event.evidence),
  pushed: onPushed,
  'branch-moved': onBranchMoved,
  'evidence-published': onEvidencePublished,
  'pull-request-opened': onPullRequestOpened,
  'marked-ready': onMarkedReady,
  'check-rerun': onCheckRerun,
  'line-joined': onLineJoined,
  'line-left': onLineLeft,
  merged: onMerged,
  'handed-over': onHandedOver,
  'hand-over-needless': onNeedless,
  'taken-back': onTakenBack,
  arrived: onArrived,
  'release-checked': (state, { release }) => ({
    state: {
      ...omit(state, 'releaseNews'),
      release,
      releaseDue: state.releaseNews === true,
      releaseCheckedAt: state.at,
    },
  }),
  'issue-closed': state => ({
    state: { ...state, closedAt: state.at },
    note: { cause: 'the issue was closed', actor: rule('release boundary') },
  }),
  'claim-released': state => ({
    state: { ...state, claimReleased: true },
    note: { cause: 'the claim branch was released', actor: SCHEDULER },
  }),
  projected: (state, { digest, commentId, labels }) => ({
    state: { ...omit(state, 'unshown'), projected: { digest, commentId, labels } },
  }),
  replied: onReplied,
  'threads-answered': onThreadsAnswered,
  called: onCalled,
  'call-folded': onFolded,
  notified: onNotified,
  'audit-archived': (state, { upTo, digest }) => ({
    state: { ...state, audit: archived(state.audit, { upTo, digest }) },
  }),
};

/** The kind of effect or upkeep whose outcome the event is. */
export function kindEndedBy(event: EventBody): DelayedKind | undefined {
  switch (event.type) {
    case 'step-failed':
    case 'step-cancelled':
    case 'step-lost':
      return event.effect.kind;
    case 'upkeep-failed':
      return event.upkeep;
    case 'observed':
      return 'look';
    case 'projected':
      return 'project';
    case 'replied':
      return 'reply';
    case 'threads-answered':
      return 'answer-threads';
    case 'called':
      return 'call';
    case 'call-folded':
      return 'fold-call';
    case 'audit-archived':
      return 'archive-audit';
    case 'line-left':
      return 'leave-line';
    case 'turn-given':
    case 'ahead-given':
    case 'poked':
    case 'decision':
    case 'step-started':
    case 'step-delayed':
    case 'upkeep-delayed':
    case 'timer':
    case 'notified':
      return undefined;
    default:
      return RESULT_OF[event.type];
  }
}

export function onFact(state: IssueState, event: FactEvent): Reduced {
  const reduce = REDUCERS[event.type] as (state: IssueState, event: FactEvent) => Reduced;
  if (isUpkeepFact(event)) return reduce(state, event);
  if (state.sent?.kind !== RESULT_OF[event.type]) return refuse(`no ${RESULT_OF[event.type]} is in progress`);
  const ended = omit(state, 'sent');
  const missed = missedTarget(state, event);
  if (missed !== undefined) return misfit(ended, event, missed);
  const reduced = reduce(ended, event);
  return 'refused' in reduced ? misfit(ended, event, reduced.refused) : reduced;
}

type UpkeepFactEvent = Extract<FactEvent, { readonly type: UpkeepFact }>;

function isUpkeepFact(event: FactEvent): event is UpkeepFactEvent {
  return UPKEEP_FACTS.some(type => type === event.type);
}

/** The effect in flight returned an unexpected result. Repeating it would return the same. */
function misfit(state: IssueState, event: FactEvent, why: string): Noted {
  const reason = `unexpected ${event.type}: ${why}`;
  return {
    state: { ...state, blocked: { reason, mend: fixForHold('Unexpected'), since: state.at } },
    note: { cause: reason, actor: { kind: 'outside', what: 'Unexpected' } },
  };
}

/** An older scheduler would read the default branch only, again and again. */
function missedTarget({ sent }: IssueState, event: FactEvent): string | undefined {
  if (event.type !== 'policy-read' || sent?.kind !== 'read-policy') return undefined;
  return sent.target === event.repository.target?.branch
    ? undefined
    : `it is not for ${targetText(sent.target)}`;
}

function onPolicy(before: IssueState, event: FactOf<'policy-read'>): Reduced {
  const { policy, repository, ownLogin, calling, hasLines } = event;
  const state: IssueState = {
    ...omit(before, 'hasLines'),
    ...(hasLines === undefined ? {} : { hasLines }),
    ...(ownLogin === undefined ? {} : { ownLogin }),
    ...(calling === undefined ? {} : { calling }),
  };
  const changed = state.policy?.digest !== policy.digest;
  const read = withNewRunBase({ ...state, policy, repository, policyReadAt: state.at, policyDue: false });
  const note = { cause: 'the policy was read', actor: SCHEDULER, digests: { policy: policy.digest } };
  const due = withChecksDue(read);
  const noted = changed ? { state: due, note } : { state: due };
  return chain(noted, s => onBaseMoved(s, state));
}

/** The target branch moved while there is a change. A merge of that change may have moved it. */
function onBaseMoved(state: IssueState, before: IssueState): Noted {
  const base = groundOf(state);
  const isMoved = currentRun(state) !== undefined && base !== undefined && base !== groundOf(before);
  if (!isMoved || state.change === undefined) return { state };
  return {
    state: withDue(state, ['pull-request']),
    note: {
      cause: `${targetText(targetBranch(state))} moved to ${base.slice(0, 12)}`,
      actor: { kind: 'outside', what: 'GitHub' },
      digests: { base },
    },
  };
}

/** What the change is built on, or what it would be merged into. */
function groundOf(state: IssueState): string | undefined {
  return moved(state)?.base ?? currentBase(state);
}

function onClaimed(state: IssueState, { branch, base }: FactOf<'claimed'>): Reduced {
  if (state.claim !== undefined) return refuse(`${state.claim.branch} is already claimed`);
  const { into } = state.claimSent ?? {};
  const forTarget = into === undefined ? '' : ` for ${into}`;
  return {
    state: { ...state, claim: { branch, base, ...(into === undefined ? {} : { into }) } },
    note: { cause: `claimed ${branch}${forTarget}`, actor: SCHEDULER, digests: { base } },
  };
}
