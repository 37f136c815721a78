/** Holds and waits: who must do what, whether it is needed, and how a hold climbs the ladder. */
import type { Ending } from '../../../src/domain/ending.ts';
import type { Event } from '../../../src/domain/event.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Rung } from '../../../src/domain/state/people.ts';
import type { Hold, Step } from '../../../src/domain/step.ts';
import { checkCiHold, checkCiWait, isAboutCi, mustBeDeployed } from './ci.ts';
import { checkDraft } from './draft.ts';
import { checkHandOver } from './hand-over.ts';
import { must } from './invariants.ts';
import { asks, countsNow, writes, modeNow } from './oracle.ts';
import { isAboutRules, isAboutSettings, isTrueOfRules } from './rules.ts';

/** Endings after which another attempt would not help. */
const ASKING: readonly Ending[] = [
  'no-change',
  'blocked',
  'needs-human',
  'over-budget',
  'model-refused',
  'sandbox-broken',
  'could-not-start',
];
const NEITHER: readonly Ending[] = ['patch', 'analysis', 'no-change'];

export const isRetried = (ending: Ending): boolean => !ASKING.includes(ending) && !NEITHER.includes(ending);

export function checkStep(state: IssueState, step: Step): void {
  checkHandOver(state, step);
  checkDraft(state, step);
  if (step.kind === 'wait') checkWait(state, step);
  if (step.kind !== 'hold') return;
  const { who, what, why, kind, gate } = step.hold;
  const isText = [who, what].every(text => typeof text === 'string');
  must('21 named', isText && who.trim() !== '' && what.trim() !== '', `${kind} names no person or no act`);
  must('21 named', kind === 'paused' || why.some(line => line.trim() !== ''), `${kind} without a reason`);
  must(
    '8 same text',
    gate === undefined || state.subject !== undefined,
    'a gate opens before the issue was read',
  );
  must('21 in vain', gate === undefined || asks(state, gate), `the ${gate ?? ''} gate is open without need`);
  const isGiven = gate !== 'merge' && state.approvals.some(({ digest }) => digest === step.hold.digest);
  must('21 in vain', !isGiven, `the ${gate ?? ''} gate is open although it was approved`);
  if (gate === 'merge') mustBeDeployed(state);
  if (gate === 'release') checkOwner(state, step.hold);
  if (kind === 'blocked') checkBlock(state, step.hold);
  if (kind === 'paused') checkPause(state, step.hold);
  if (kind === 'delayed') checkDelayed(state, step.hold);
  if (gate !== undefined) checkWords(state, step.hold);
  checkUntil(state, step);
}

/** A failed or overdue deployment needs a person instead of a wait. */
function checkWait(state: IssueState, step: Extract<Step, { kind: 'wait' }>): void {
  if (step.for === 'checks') checkCiWait(state, step.until);
  if (step.for !== 'deployment') return;
  const { release, policy, merge, at, verifiedAt } = state;
  const failed = release?.deployment?.state === 'failure' && release.deployment.containsMerge;
  must('21 told', !failed || verifiedAt !== undefined, 'it waits for a failed deployment');
  const isLate = at >= (merge?.at ?? at) + (policy?.escalation.escalateAfterMs ?? 0);
  must('21 told', release === undefined || !isLate, 'it waits for an overdue release');
  must('21 rests', step.until !== undefined, 'it waits without a timer');
  checkPoll(state, step.until ?? 0);
}

const MINUTE_MS = 60_000;
const POLL_MS_MAX = 30 * MINUTE_MS;

/** Polled between once a minute and twice an hour, less often the longer it takes. */
function checkPoll({ releaseCheckedAt: since, merge }: IssueState, until: number): void {
  if (since === undefined) return;
  const pause = until - since;
  must('21 rests', pause >= MINUTE_MS, `polled after ${pause} ms`);
  const isSoon = since - (merge?.at ?? 0) <= MINUTE_MS;
  must('21 told', pause <= (isSoon ? MINUTE_MS : POLL_MS_MAX), `polled after ${pause} ms`);
}

function checkOwner(state: IssueState, { who }: Hold): void {
  const by = state.merge?.by;
  const { release, escalation } = state.policy ?? {};
  const person = by?.kind === 'person' ? by.login : '';
  const named = [state.releaseOwner, release?.owner, person, escalation?.to];
  const owner = named.find(name => name !== undefined && name !== '') ?? '';
  const isUp = state.held?.rung === 'escalated' || state.held?.rung === 'parked';
  must('7 owner', !who.endsWith('[bot]'), `the bot ${who} is asked`);
  must('7 owner', isUp || owner === '' || who === owner.replace('@', ''), `${who} is asked, not ${owner}`);
}

/** The hold of a pause names the person who paused. */
function checkPause({ paused }: IssueState, { who }: Hold): void {
  const by = paused?.by;
  must('21 named', by?.kind !== 'person' || who === by.login, `${who} did not pause it`);
}

/** Something failed, and what people read of it is true: since when, and whether they can do anything. */
function checkDelayed({ delays = [] }: IssueState, { who, why }: Hold): void {
  const told = delays.find(({ kind, reason }) => why[0]?.startsWith(`${kind} `) && why[0].endsWith(reason));
  must('21 named', told !== undefined, `nothing failed: ${why[0] ?? ''}`);
  must('21 named', (who === 'no one') === (told?.limit === true), `${who} is asked`);
}

/** When it is tried again; undefined while it is tried. */
function triedAt({ delays = [], at }: IssueState, { why: [why = ''] }: Hold): number | undefined {
  return delays.find(({ kind, until }) => why.startsWith(`${kind} `) && until > at)?.until;
}

const DIGEST_SHOWN = 'sha256:'.length + 12;

/** A gate shows the command that opens it, or asks people to merge if the policy leaves that to them. */
function checkWords({ policy, pullRequest }: IssueState, { what, gate, digest }: Hold): void {
  const types = what.includes(
    `/approve ${gate ?? ''} ${digest?.slice('sha256:'.length, DIGEST_SHOWN) ?? '-'}`,
  );
  const merges =
    what.startsWith(`merge pull request #${pullRequest?.number ?? 0},`) && policy?.merge.by === 'person';
  must('7 named', types || merges, `at the ${gate ?? ''} gate: ${what}`);
}

/** The reasons of a block are true. */
function checkBlock(state: IssueState, { why }: Hold): void {
  const [reason = ''] = why;
  const { limits } = state.policy ?? {};
  const ends = state.runs.filter(run => run.attempt > state.setAsideTo).map(run => run.end?.ending);
  const own = ends.filter(end => end !== undefined && end !== 'lost' && end !== 'cancelled').length;
  const lost = ends.filter(end => end === 'lost').length;
  const told = (holds: boolean): void => must('21 limits', holds, `not true: ${reason}`);
  if (/attempts are used up/.test(reason)) told(own >= (limits?.attemptsMax ?? 0));
  if (/runs were lost with/.test(reason)) told(lost >= (limits?.lostRunsMax ?? 0));
  if (/USD is used up/.test(reason)) told(spentNow(state) >= (limits?.costUsdPerIssueMax ?? 0));
  isTrueOfRules(state, reason);
  checkNeed(state, reason);
  const ended = /: did (\S+)/.exec(reason)?.[1] as Ending | undefined;
  if (ended === undefined) return;
  const isReport = ended === 'analysis' && writes(modeNow(state));
  must('21 endings', ASKING.includes(ended) || isReport, `${ended} is no reason to ask`);
}

function checkNeed(state: IssueState, reason: string): void {
  const isUnseen = /is not visible to the GitHub credential/.test(reason);
  must('21 in vain', !isUnseen || state.merge === undefined, 'an issue need not be visible after the merge');
  const isUnread = /; at most \d+ are read$/.test(reason);
  must('21 in vain', !isUnread || state.subject?.contract.unread === reason, 'its text was read');
  const failed = state.release?.deployment?.state === 'failure' && state.release.deployment.containsMerge;
  must(
    '21 in vain',
    !/^the deployment to .* failed/.test(reason) || failed,
    'no deployment of the merge failed',
  );
}

/** A lost run reports no cost, so it counts with its allowance. */
export function spentNow({ runs }: IssueState): number {
  return runs.reduce((sum, { end, costUsdMax = 0 }) => {
    const told = end?.usage.costUsd ?? 0;
    return sum + (end?.ending === 'lost' ? Math.max(told, costUsdMax) : told);
  }, 0);
}

/** Only a report, or the pushed change of a spike, is delivered. */
export function checkDelivered(state: IssueState): void {
  const run = countsNow(state);
  const ending = run?.end?.ending;
  const isReport = ending === 'analysis' || ending === 'no-change';
  const analysed = run?.mode === 'analysis' && (isReport || ending === 'patch');
  const isShown = ending === 'patch' && state.pushed !== undefined && state.pushed === state.change?.commit;
  const spiked = run?.mode === 'spike' && (isReport || isShown);
  must('7 modes', analysed || spiked, `${run?.mode ?? 'nothing'} was delivered after ${ending ?? 'nothing'}`);
}

const NEXT: Readonly<Record<Rung, Rung>> = {
  fresh: 'reminded',
  reminded: 'escalated',
  escalated: 'parked',
  parked: 'parked',
};

function dueAfter(state: IssueState, rung: Rung): number | undefined {
  const { remindAfterMs = 0, escalateAfterMs = 0, parkAfterMs = 0 } = state.policy?.escalation ?? {};
  const after = {
    fresh: remindAfterMs,
    reminded: escalateAfterMs,
    escalated: parkAfterMs,
    parked: undefined,
  };
  return after[rung];
}

function checkUntil(state: IssueState, { hold, until }: Extract<Step, { kind: 'hold' }>): void {
  const { held, policy } = state;
  if (policy === undefined || held === undefined) return;
  const isPatient = hold.kind === 'paused' || (hold.kind === 'delayed' && hold.who === 'no one');
  const after = isPatient ? undefined : dueAfter(state, held.rung);
  const tried = hold.kind === 'delayed' ? triedAt(state, hold) : undefined;
  const times = [after === undefined ? undefined : held.since + after, tried].flatMap(time => time ?? []);
  const due = times.length === 0 ? undefined : Math.min(...times);
  const [why = ''] = hold.why;
  if (isSought(hold)) checkSought(state, until ?? Infinity, due);
  else if (isAboutCi(why) || isAboutRules(why)) checkCiHold(state, until, due);
  else if (isAboutSettings(why))
    must('21 ladder', (until ?? Infinity) <= (due ?? Infinity), 'the rung lasts longer');
  else if (isLate(why))
    must('21 told', (until ?? Infinity) <= state.at + POLL_MS_MAX, 'what GitHub has is not polled');
  else
    must('21 ladder', until === due, `the rung ${held.rung} of ${held.name} lasts until ${until ?? 'ever'}`);
  checkRungOwner(state, hold, isPatient);
}

const isLate = (why: string): boolean => /has not merged pull request/.test(why);

function checkRungOwner({ held, policy }: IssueState, hold: Hold, isPatient: boolean): void {
  const isUp = !isPatient && (held?.rung === 'escalated' || held?.rung === 'parked');
  const { to = '' } = policy?.escalation ?? {};
  must(
    '21 ladder',
    !isUp || to === '' || hold.who === to,
    `${hold.who} has it on the rung ${held?.rung ?? ''}`,
  );
}

const isSought = ({ why }: Hold): boolean => /^the target branch .* does not exist$/.test(why[0] ?? '');

/** A missing branch is looked for at least every half an hour, and never more than once a minute. */
function checkSought(state: IssueState, until: number, due = Infinity): void {
  if (state.due.branch !== undefined) {
    must('21 rests', until === due, 'a timer is set while it is looked for');
    return;
  }
  const { policyReadAt = 0, targetSoughtAt = 0 } = state;
  const pause = until - Math.max(policyReadAt, targetSoughtAt);
  must('21 told', pause <= POLL_MS_MAX, `looked for after ${pause} ms`);
  must('21 rests', pause >= MINUTE_MS || until === due, `looked for after ${pause} ms`);
}

/** One rung at a time, not before its time, and always with another look. */
export function checkClimb(before: IssueState, event: Event, after: IssueState): void {
  const { held } = after;
  if (held === undefined || held === before.held) return;
  if (held.name !== before.held?.name || held.since !== before.held.since) {
    must(
      '21 ladder',
      held.rung === 'fresh' && held.since === after.at,
      `${held.name} starts at ${held.rung}`,
    );
    return;
  }
  const { rung } = before.held;
  const due = dueAfter(before, rung);
  must('21 ladder', event.type === 'timer' && held.rung === NEXT[rung], `from ${rung} to ${held.rung}`);
  must('21 ladder', due !== undefined && after.at >= held.since + due, `${held.rung} before its time`);
  must('21 ladder', after.due['issue'] !== undefined, 'reminded without another look');
}
