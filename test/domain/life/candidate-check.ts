/**
 * 28 and 29, independent of src/domain: what is merged is verified on the present target branch, and an approval is carried
 * over only for an equal patch, without a new concern, as the policy allows for the risk.
 */
import type { Event } from '../../../src/domain/event.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Approval } from '../../../src/domain/state/people.ts';
import type { Effect } from '../../../src/domain/step.ts';
import { must } from './invariants.ts';
import { candidateNow, changeNow, headNow, intoNow, riskNow, staysNow } from './oracle.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** The head that is on GitHub, into the branch as it is known, or as it was merged into. */
export function beginsCandidate(
  state: IssueState,
  { base, head, kind }: EffectOf<'build-candidate' | 'verify-candidate'>,
): void {
  must('29 merged', base === intoNow(state), `${kind} for ${base}`);
  must('4 one commit', head === state.pushed && head === state.change?.commit, `${kind} of ${head}`);
  const isNews = state.merge === undefined && state.due['pull-request'] !== undefined;
  const isBegun = kind !== 'build-candidate' || state.upkeepStopped || !isNews;
  must('7 looked first', isBegun, 'a merge is tried before the news was read');
}

/** Its evidence is assembled from the verification of just this merge. */
export function beginsItsEvidence({ candidate, change }: IssueState, onto: string, commit: string): void {
  const { commit: of, onto: on } = candidate?.verification ?? {};
  must('29 merged', of === commit && on === onto && commit === change?.commit, `evidence for ${onto}`);
}

/** What GitHub would merge now, as far as it is known, is verified, and was read again since. */
export function isVerifiedOnto(state: IssueState, head: string): void {
  const { change, policyReadAt = 0, runs } = state;
  if (!staysNow(state)) return;
  const own = change?.base ?? runs.find(({ runId }) => runId === change?.runId)?.inputs.base;
  if (headNow(state) === own) return;
  const candidate = candidateNow(state);
  const { commit, onto } = candidate?.verification ?? {};
  must('29 merged', commit === head && onto === headNow(state), 'what it makes is not verified');
  must('29 merged', policyReadAt >= (candidate?.provenAt ?? Infinity), 'the branch was not read again');
}

/** A release is verified only if what arrived is what was verified, or was verified afterwards without a new concern. */
export function checkArrived(state: IssueState): void {
  const { merge, arrival, change, candidate } = state;
  const isUpToDate = state.policy?.merge.upToDate === 'head';
  if (merge === undefined || change?.commit !== merge.head || !(staysNow(state) || isUpToDate)) return;
  must('29 merged', arrival?.commit === merge.commit, 'nobody read what arrived');
  if (arrival?.tree === change.tree) return;
  must('29 merged', !isUpToDate && candidate?.tree === arrival?.tree, 'another tree arrived');
  // A rebase makes commits below the last one.
  const isThere = candidate?.verification?.onto === arrival?.base || !isLate(state, merge.at);
  must('29 merged', candidate?.head === merge.head && isThere, 'what arrived was not verified');
  checkLate(state, merge.at);
}

function isLate({ candidate }: IssueState, mergedAt: number): boolean {
  return (candidate?.provenAt ?? 0) > mergedAt;
}

/** Nobody could read its evidence before they merged. */
function checkLate(state: IssueState, mergedAt: number): void {
  const late = state.candidate?.evidence;
  must('29 merged', late !== undefined, 'what arrived has no evidence');
  const more = (late?.concerns ?? []).filter(one => !state.evidence?.concerns.includes(one));
  const isBad = isLate(state, mergedAt) && more.length > 0;
  must('29 merged', !isBad, `what arrived is bad: ${more[0] ?? ''}`);
}

const RANK = { never: -1, low: 0, medium: 1, high: 2 } as const;
/** What each evidence says, and whose work each commit is: by content, so equal in all worlds. */
const concernsOf = new Map<string, readonly string[]>();
const workOf = new Map<string, string>();

export function remembers(event: Event): void {
  if (event.type === 'evidence-assembled') concernsOf.set(event.evidence.digest, event.evidence.concerns);
  if (event.type === 'change-built') workOf.set(event.change.commit, event.change.runId);
}

const SAME = ['generation', 'subject', 'policy', 'mode', 'entryRisk', 'target', 'patch'] as const;

export function checkCarried(before: IssueState, approval: Approval, after: IssueState): void {
  const { carried, bound, gate, by, at } = approval;
  if (carried === undefined) return;
  const carries: Carries = (holds, what) => must('28 carried', holds, `an approval is carried over ${what}`);
  const origin = [...before.approvals, ...after.approvals].find(
    one => one.carried === undefined && one.digest === carried.digest && one.by === by && one.at === at,
  );
  carries(origin?.gate === gate && origin.review === approval.review, 'that nobody gave');
  for (const name of SAME) carries(origin?.bound[name] === bound[name], `although its ${name} differs`);
  carries(bound.patch !== undefined && bound.patch === patchNow(after, gate), 'for another patch');
  const [was, is] = [origin?.bound.evidence, bound.evidence].map(digest => concernsOf.get(digest ?? ''));
  carries(is?.every(concern => was?.includes(concern)) === true, 'to evidence that says something new');
  carries(isSameWork(after, origin?.bound.head ?? '', bound.head ?? '-'), 'to other work');
  checkAllowed(after, carries);
  checkVerified(after, approval, carries);
}

type Carries = (holds: boolean, what: string) => void;

function isSameWork({ policy }: IssueState, before: string, now: string): boolean {
  if (before === now) return true;
  return policy?.merge.upToDate !== true && workOf.get(before) === workOf.get(now);
}

function checkVerified(after: IssueState, { gate, bound }: Approval, carries: Carries): void {
  const verified = (gate === 'merge' ? candidateNow(after)?.verification : undefined) ?? after.verification;
  carries(verified?.commit === changeNow(after)?.commit, 'to what was not verified');
  carries(gate !== 'merge' || !staysNow(after) || verified?.onto === bound.base, 'to an unverified merge');
}

function checkAllowed(state: IssueState, carries: Carries): void {
  const { policy, candidate } = state;
  const risk = RANK[riskNow(state)];
  carries(risk <= RANK[policy?.approvals?.carryOver ?? 'medium'], `at the risk ${riskNow(state)}`);
  const isShared = candidateNow(state) !== undefined && candidate?.sameFiles !== undefined;
  carries(!isShared || risk <= RANK[policy?.merge.sameFile ?? 'medium'], 'over a file of both');
}

function patchNow(state: IssueState, gate: Approval['gate']): string | undefined {
  const candidate = gate === 'merge' ? candidateNow(state) : undefined;
  return candidate === undefined ? changeNow(state)?.patch : candidate.patch;
}
