/** Facts that result from effects. Only the effect in flight can produce a fact; others are refused by name. */
import { rule } from '../actor.ts';
import { archived } from '../audit.ts';
import { withDue } from '../due.ts';
import type { FactEvent } from '../event.ts';
import { currentBase, currentRun } from '../facts.ts';
import { fixForHold } from '../failure.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { EffectKind } from '../step.ts';
import { onMerged, onPullRequestOpened, onPushed } from './publish-facts.ts';
import { chain, type FactOf, type Noted, type Reduced, refuse } from './result.ts';
import {
  onChangeBuilt,
  onChangeOutdated,
  onChangeRefused,
  onEvidence,
  onRunEnded,
  onVerified,
} from './run-facts.ts';

const SCHEDULER = rule('lifecycle');

type FactType = FactEvent['type'];
type UpkeepFact = 'projected' | 'audit-archived';

/** The effect that produces each fact. */
const RESULT_OF: Readonly<Record<Exclude<FactType, UpkeepFact>, EffectKind>> = {
  'policy-read': 'read-policy',
  claimed: 'claim-branch',
  'run-ended': 'run-agent',
  'change-built': 'build-change',
  'change-refused': 'build-change',
  'change-outdated': 'build-change',
  verified: 'verify-change',
  'evidence-assembled': 'assemble-evidence',
  pushed: 'push-commit',
  'pull-request-opened': 'open-pull-request',
  merged: 'merge',
  'release-checked': 'check-release',
  'issue-closed': 'close-issue',
  'claim-released': 'release-claim',
};

const REDUCERS: { readonly [T in FactType]: (state: IssueState, event: FactOf<T>) => Reduced } = {
  'policy-read': onPolicy,
  claimed: onClaimed,
  'run-ended': onRunEnded,
  'change-built': onChangeBuilt,
  'change-refused': onChangeRefused,
  'change-outdated': onChangeOutdated,
  verified: onVerified,
  'evidence-assembled': onEvidence,
  pushed: onPushed,
  'pull-request-opened': onPullRequestOpened,
  merged: onMerged,
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
  'audit-archived': (state, { upTo, digest }) => ({
    state: { ...state, audit: archived(state.audit, { upTo, digest }) },
  }),
};

export function onFact(state: IssueState, event: FactEvent): Reduced {
  const reduce = REDUCERS[event.type] as (state: IssueState, event: FactEvent) => Reduced;
  if (event.type === 'projected' || event.type === 'audit-archived') return reduce(state, event);
  if (state.sent?.kind !== RESULT_OF[event.type]) return refuse(`no ${RESULT_OF[event.type]} is in progress`);
  const ended = omit(state, 'sent');
  const reduced = reduce(ended, event);
  return 'refused' in reduced ? misfit(ended, event, reduced.refused) : reduced;
}

/** The effect in flight returned an unexpected result. Repeating it would return the same. */
function misfit(state: IssueState, event: FactEvent, why: string): Noted {
  const reason = `unexpected ${event.type}: ${why}`;
  return {
    state: { ...state, blocked: { reason, mend: fixForHold('Unexpected'), since: state.at } },
    note: { cause: reason, actor: { kind: 'outside', what: 'Unexpected' } },
  };
}

function onPolicy(state: IssueState, { policy, repository }: FactOf<'policy-read'>): Reduced {
  const changed = state.policy?.digest !== policy.digest;
  const read = { ...state, policy, repository, policyReadAt: state.at, policyDue: false };
  const note = { cause: 'the policy was read', actor: SCHEDULER, digests: { policy: policy.digest } };
  const noted = changed ? { state: read, note } : { state: read };
  return chain(noted, s => onBaseMoved(s, state));
}

/** The default branch moved while there is a change. A merge of that change may have moved it. */
function onBaseMoved(state: IssueState, before: IssueState): Noted {
  const base = currentBase(state);
  const isMoved = currentRun(state) !== undefined && base !== undefined && base !== currentBase(before);
  if (!isMoved || state.change === undefined) return { state };
  return {
    state: withDue(state, ['pull-request']),
    note: {
      cause: `the default branch moved to ${base.slice(0, 12)}`,
      actor: { kind: 'outside', what: 'GitHub' },
      digests: { base },
    },
  };
}

function onClaimed(state: IssueState, { branch, base }: FactOf<'claimed'>): Reduced {
  if (state.claim !== undefined) return refuse(`${state.claim.branch} is already claimed`);
  return {
    state: { ...state, claim: { branch, base } },
    note: { cause: `claimed ${branch}`, actor: SCHEDULER, digests: { base } },
  };
}
