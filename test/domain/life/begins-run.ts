/** What must hold when an agent is started: what it gets, and what it may still cost. */
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect } from '../../../src/domain/step.ts';
import { getsFailures } from './ci.ts';
import { isRetried, spentNow } from './hold-oracle.ts';
import { must } from './invariants.ts';
import { countsNow, headNow, modeNow, writes } from './oracle.ts';

const ROUNDING_USD = 1e-9;

/** An attempt gets what all reviews said that asked for it or for an earlier one. */
function getsRequests(
  { requestedChanges = [], feedback }: IssueState,
  { attempt, reviews }: Extract<Effect, { kind: 'run-agent' }>,
): void {
  const due = requestedChanges.filter(request => request.attempt <= attempt);
  const words = due.flatMap(({ body, lines }) => [body ?? [], lines?.words ?? []].flat());
  const given = reviews?.flatMap(({ body, lines }) => [body ?? [], lines ?? []].flat()) ?? [];
  const isGiven =
    reviews === undefined ? words.every(one => one === feedback?.digest) : given.join() === words.join();
  must('21 heard', isGiven, 'the attempt does not get what reviews said');
}

export function beginsRun(state: IssueState, effect: Extract<Effect, { kind: 'run-agent' }>): void {
  const known = state.runs.find(run => run.runId === effect.runId);
  const live = state.runs.filter(run => run.end === undefined && run.runId !== effect.runId);
  must('3 one run', live.length === 0, `${effect.runId} while ${live[0]?.runId ?? ''} is not over`);
  must('8 same text', effect.inputs.subject === state.subject?.digest, 'the worker gets an older issue text');
  must('8 same text', effect.inputs.policy === state.policy?.digest, 'the worker gets an older policy');
  must('8 same text', effect.feedback === state.feedback?.digest, 'the worker gets older feedback');
  getsRequests(state, effect);
  getsFailures(state, effect);
  must('7 modes', effect.mode === modeNow(state), `it runs as ${effect.mode}`);
  const claimed = state.runBase ?? state.claim?.base;
  const base = writes(effect.mode) && claimed !== undefined ? claimed : headNow(state);
  must('4 one base', effect.inputs.base === base, `it runs on ${effect.inputs.base}`);
  must('3 one run', known?.end === undefined, `${effect.runId} starts again`);
  if (known === undefined) beginsAttempt(state, effect);
}

function beginsAttempt(state: IssueState, effect: Extract<Effect, { kind: 'run-agent' }>): void {
  const attempts = state.runs.map(run => run.attempt);
  must('3 one run', effect.attempt > Math.max(0, ...attempts), `attempt ${effect.attempt} was made already`);
  const ending = countsNow(state)?.end?.ending;
  must('21 endings', ending === undefined || isRetried(ending), `another attempt after ${ending ?? ''}`);
  checkLimits(state, effect);
}

function checkLimits(state: IssueState, effect: Extract<Effect, { kind: 'run-agent' }>): void {
  const { limits } = state.policy ?? {};
  if (limits === undefined) return;
  const within = (holds: boolean, what: string): void => must('21 limits', holds, what);
  const ends = state.runs.filter(run => run.attempt > state.setAsideTo).map(run => run.end?.ending);
  const own = ends.filter(end => end !== undefined && end !== 'lost' && end !== 'cancelled').length;
  const lost = ends.filter(end => end === 'lost').length;
  const left = limits.costUsdPerIssueMax - spentNow(state);
  within(own < limits.attemptsMax, `attempt ${effect.attempt} after ${own} of ${limits.attemptsMax}`);
  within(lost < limits.lostRunsMax, `another run after ${lost} lost ones`);
  within(left > 0, 'a run after all the money');
  within(effect.costUsdMax > 0 && effect.costUsdMax <= left + ROUNDING_USD, 'more than is left');
  within(effect.costUsdMax <= limits.costUsdMax, 'more than a run may cost');
}
