/** What must hold when an effect starts. */
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect } from '../../../src/domain/step.ts';
import { beginsCandidate, beginsItsEvidence, isVerifiedOnto } from './candidate-check.ts';
import { beginsAhead } from './ahead-check.ts';
import { beginsSuggestions } from './begins-suggested.ts';
import { beginsRerun, beginsWithCi, isCiUnread, mustBeDeployed } from './ci.ts';
import { beginsDraft, beginsReady } from './draft.ts';
import { beginsHandOver, beginsTakingBack } from './hand-over.ts';
import { beginsInTurn, beginsJoin } from './line-check.ts';
import { must } from './invariants.ts';
import {
  baseNow,
  changeNow,
  countsNow,
  mayPropose,
  modeNow,
  roleSuffices,
  targetNow,
  targetsNamed,
  writes,
} from './oracle.ts';
import { OUTWARD } from './outward.ts';
import { beginsAllowed } from './rules.ts';

export function beginsEffect(state: IssueState, effect: Effect): void {
  const { kind } = effect;
  beginsInTime(state, kind);
  if (!ALSO_HALTED.includes(kind)) notHalted(state, kind);
  if (OUTWARD.includes(kind)) beginsOutward(state, kind);
  if (OUTWARD.includes(kind) || kind === 'close-issue') hasLooked(state, kind);
  if (kind === 'claim-branch' || kind === 'merge' || kind === 'hand-over-merge') {
    isReadAgain(state, kind);
  }
  checkKind(state, effect);
}

/** Also while people have stopped the work. */
const ALSO_HALTED: readonly string[] = ['read-policy', 'release-claim', 'take-back-merge'];

const ALONE: readonly string[] = [
  'run-agent',
  'apply-suggestions',
  'verify-change',
  'verify-candidate',
  'build-change',
  'build-candidate',
  'build-ahead',
  'verify-ahead',
  'assemble-evidence',
  'archive-audit',
  'join-line',
  'leave-line',
];

/** What keeps failing is not tried before its time, and nothing asks GitHub before the time that GitHub named. */
export function beginsInTime(state: IssueState, kind: string): void {
  const early = delayOver(state, kind);
  must('21 delayed', early === undefined, `${kind} is tried before the time of ${early?.kind ?? ''}`);
}

/** The delay that this has to wait for. */
export function delayOver({ delays = [], at }: IssueState, kind: string) {
  return delays.find(
    delay =>
      delay.until > at &&
      (delay.kind === kind || (delay.limit === true && ![kind, delay.kind].some(one => ALONE.includes(one)))),
  );
}

function checkKind(state: IssueState, effect: Effect): void {
  switch (effect.kind) {
    case 'read-policy':
      must('7 halted', state.policyDue || state.blocked === undefined, 'the policy is read while blocked');
      return;
    case 'claim-branch':
      must('5 one claim', state.claim === undefined, 'claimed already');
      must('7 modes', writes(modeNow(state)), 'an analysis claims a branch');
      beginsClaim(state, effect);
      return;
    case 'adopt-commits':
      must('23 named', state.adoption?.head === effect.head, 'commits are adopted that no one named');
      must('7 policy', !state.policyDue, 'commits are adopted before the policy was read again');
      must('7 modes', writes(modeNow(state)), 'an analysis adopts commits');
      return;
    case 'apply-suggestions':
      beginsSuggestions(state, effect);
      return;
    case 'join-line':
      beginsJoin(state, effect);
      return;
    case 'build-ahead':
    case 'verify-ahead':
      beginsAhead(state, effect);
      return;
    case 'build-candidate':
      beginsInTurn(state, effect.kind);
      beginsCandidate(state, effect);
      return;
    case 'verify-candidate':
      beginsCandidate(state, effect);
      return;
    case 'read-arrival':
      must('29 merged', effect.merge === state.merge?.commit, 'something else is read');
      return;
    case 'build-change':
    case 'verify-change':
    case 'assemble-evidence': {
      if (effect.kind === 'assemble-evidence' && effect.onto !== undefined) {
        beginsItsEvidence(state, effect.onto, effect.commit);
        return;
      }
      must('8 same text', countsNow(state)?.runId === effect.runId, `${effect.kind} of an older run`);
      if ('base' in effect) isOfRun(state, effect);
      return;
    }
    case 'push-commit':
      beginsPush(state, effect);
      return;
    case 'publish-evidence': {
      must('4 one commit', effect.commit === state.pushed, 'the evidence is published on another commit');
      isProven(state, effect.commit);
      must('4 one commit', effect.digest === state.evidence?.digest, 'other evidence is published');
      must('7 policy', effect.as === state.policy?.evidence?.publish, 'the policy does not publish it so');
      must('21 in vain', effect.digest !== state.evidencePublished, 'it is published again');
      must('7 modes', mayPropose(modeNow(state)), `${modeNow(state) ?? ''} publishes evidence`);
      return;
    }
    case 'open-pull-request':
      beginsPullRequest(state, effect);
      return;
    case 'mark-ready':
      beginsReady(state, effect);
      beginsWithCi(state, effect.head);
      return;
    case 'rerun-check':
      beginsRerun(state, effect);
      return;
    case 'merge':
      beginsInTurn(state, effect.kind);
      beginsMerge(state, effect);
      return;
    case 'hand-over-merge':
      beginsMerge(state, effect);
      beginsHandOver(state, effect);
      return;
    case 'take-back-merge':
      beginsTakingBack(state, effect.head);
      return;
    case 'release-claim':
      beginsRelease(state, effect);
      return;
    case 'check-release': {
      const isTold = state.policy?.release.verify !== 'deployment' || state.releaseDue;
      must('21 in vain', isTold || state.release !== undefined, 'a deployment is checked without news');
      return;
    }
    case 'close-issue': {
      must('6 closed last', state.verifiedAt !== undefined, 'closed before the verification');
      must('23 theirs', state.gone === undefined, 'closed although it is gone');
      return;
    }
    default:
  }
}

function notHalted(state: IssueState, kind: string): void {
  must('7 halted', state.paused === undefined, `${kind} while paused`);
  must('7 halted', state.escalated === undefined, `${kind} while escalated`);
  must('7 halted', state.blocked === undefined, `${kind} while blocked`);
}

function beginsOutward(state: IssueState, kind: string): void {
  must('7 halted', state.cancelled === undefined, `${kind} after a cancel`);
  must('7 halted', state.gone === undefined, `${kind} on an issue that is gone`);
  must('7 halted', state.merge === undefined, `${kind} after the merge`);
  must('7 policy', !state.policyDue, `${kind} before the policy was read again`);
  must('8 same text', state.subject?.contract.unread === undefined, `${kind} for a text that was not read`);
  const { by, role } = state.subject?.optIn ?? {};
  const may = role?.kind === 'role' && roleSuffices(role.role, state.policy?.optIn.roleMin ?? 'admin');
  must('9 opt-in', by?.type === 'User' && may, `${kind} without an opt-in`);
  const [named = state.repository?.defaultBranch, ...others] = targetsNamed(state);
  must('4 one target', named === targetNow(state) && others.length === 0, `${kind} for ${targetNow(state)}`);
}

/** What a look would read now; a merge is looked at in the moment it is sent. */
function hasLooked(state: IssueState, kind: string): void {
  const { due, pullRequest, merge, upkeepStopped } = state;
  const isNews = pullRequest !== undefined && merge === undefined && due['pull-request'] !== undefined;
  const isNew = due['issue'] !== undefined || due['comments'] !== undefined;
  const unread = isNew || isNews || isCiUnread(state);
  must('7 looked first', upkeepStopped || !unread, `${kind} before the news was read`);
}

/** From the head of the branch that the issue is for, which was just read and is not in dispute. */
function beginsClaim(state: IssueState, { base, into }: Extract<Effect, { kind: 'claim-branch' }>): void {
  const { repository, claimSent } = state;
  const name = into ?? repository?.defaultBranch;
  must('4 one target', name === targetNow(state), `claimed for ${name ?? ''}`);
  if (claimSent !== undefined) return;
  const read = into === undefined ? repository : repository?.target;
  must('4 one target', read?.head === base, `claimed at ${base}, which is not the head of ${name ?? ''}`);
}

function beginsPush(state: IssueState, effect: Extract<Effect, { kind: 'push-commit' }>): void {
  const { commit, expected } = effect;
  isProven(state, commit);
  if (state.policy?.merge.upToDate !== false) isReadAgain(state, effect.kind);
  must(
    '23 theirs',
    effect.ours !== undefined || expected === (state.pushed ?? state.claim?.base),
    'the push expects a head that we did not leave',
  );
  must('7 modes', writes(modeNow(state)), 'an analysis writes');
}

function beginsPullRequest(state: IssueState, effect: Extract<Effect, { kind: 'open-pull-request' }>): void {
  const isShown = state.policy?.evidence === undefined || state.evidencePublished === state.evidence?.digest;
  must('21 shown', isShown, 'the pull request comes before its evidence');
  must('4 one commit', effect.head === state.pushed, 'the pull request is not for the pushed commit');
  must('7 modes', mayPropose(modeNow(state)), `${modeNow(state) ?? ''} opens a pull request`);
  must('4 one target', effect.into === targetNow(state), `the pull request is for ${effect.into}`);
  beginsDraft(state, effect);
  must('2 one pull request', effect.number === state.pullRequest?.number, 'another one is opened');
}

function beginsMerge(
  state: IssueState,
  effect: Extract<Effect, { kind: 'merge' | 'hand-over-merge' }>,
): void {
  const { head, approval, method } = effect;
  const { pullRequest } = state;
  must('7 merge', state.policy?.merge.by === 'scheduler', 'the policy leaves merging to people');
  must('7 merge', method === state.policy?.merge.method, 'in another way than the policy says');
  must('7 merge', pullRequest?.state === 'open', 'it is not open');
  must('7 merge', pullRequest?.draft === false, 'it is a draft');
  must('7 merge', pullRequest?.base === targetNow(state), 'it is for another branch');
  must('7 modes', mayPropose(modeNow(state)), `${modeNow(state) ?? ''} merges`);
  beginsAllowed(state);
  isProven(state, head);
  isVerifiedOnto(state, head);
  must('4 one commit', state.pushed === head && pullRequest?.head === head, 'merges another head');
  must('4 one commit', state.described === head, 'the pull request describes another commit');
  beginsWithCi(state, head);
  mustBeDeployed(state);
  must('9 persons only', approval.by.kind === 'person', 'not approved by a person');
  const attempt = state.runs.at(-1)?.attempt ?? 0;
  const isHeard = (state.requestedChanges ?? []).every(request => request.attempt <= attempt);
  must('21 heard', isHeard, 'merged although a review asked for another attempt');
}

/** The effect uses the bytes of the current run, the base that the run saw, and the base that is current now. */
function isOfRun(
  state: IssueState,
  {
    kind,
    base,
    from = base,
    manifest,
  }: Extract<Effect, { readonly manifest: string; readonly base: string }>,
): void {
  const run = countsNow(state);
  must('4 one base', base === baseNow(state), `${kind} on ${base}`);
  must('8 same text', from === run?.inputs.base, `${kind} from a base that the run did not see`);
  must('8 same text', manifest === run?.end?.manifest, `${kind} of bytes that the run did not leave`);
}

function isProven(state: IssueState, commit: string): void {
  must('4 one commit', state.change?.commit === commit, 'it is not the change');
  must('4 one commit', state.verification?.commit === commit, 'it was not verified');
  must('4 one commit', state.evidence?.commit === commit, 'it has no evidence');
  must('8 same text', countsNow(state)?.runId === state.change?.runId, 'the change is of an older run');
  must('4 one base', changeNow(state)?.commit === commit, 'the default branch has moved since');
}

/** The policy and the default branch are read again after an approval and before it is used. */
function isReadAgain({ approvals, policyReadAt = 0 }: IssueState, kind: string): void {
  const isOld = approvals.some(({ at }) => at > policyReadAt);
  must('7 policy', !isOld, `${kind} under a policy that was read before the approval`);
}

function beginsRelease(state: IssueState, { expected }: Extract<Effect, { kind: 'release-claim' }>): void {
  const { claim, claimSent, pushed, pullRequest, runs } = state;
  must('23 theirs', pullRequest === undefined, 'the branch of a pull request is deleted');
  must('23 theirs', expected === (pushed ?? claim?.base ?? claimSent?.base), 'commits of others are deleted');
  const isResult = runs.at(-1)?.mode === 'spike' && state.deliveredAt !== undefined && pushed !== undefined;
  must('5 freed', !isResult, 'the result of a spike is deleted');
}
