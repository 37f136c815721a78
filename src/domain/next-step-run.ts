/** The agent run: the first attempt, the next one, or a hold when another attempt would not help. */
import { currentRun, inputsNow, mayWrite, modeOf, sequelOf, spentUsd } from './facts.ts';
import { ENDING_RULES } from './ending.ts';
import { blockedHold, type HoldStep } from './hold.ts';
import { limitProblem } from './limits.ts';
import { suggestedStep } from './next-step-suggested.ts';
import { reviewsFor } from './requested-changes.ts';
import type { IssueState } from './state.ts';
import type { RunFacts } from './state/work.ts';
import type { Effect, ReviewInput, Step } from './step.ts';
import { utcTime } from './utc-time.ts';

/** Results of earlier attempts given to a new one, and as many words of people; latest last. */
const LESSONS_MAX = 5;

export function runStep(state: IssueState): Step | undefined {
  const run = currentRun(state);
  if (run === undefined) return nextAttempt(state);
  if (run.end === undefined) return { kind: 'effect', effect: runEffect(state, run) };
  if (state.refusals.length > 0) return refusedHold(state);
  switch (sequelOf(run)) {
    case 'retry':
      return nextAttempt(state);
    case 'ask':
      return askHold(state, run);
    case 'build':
    case 'deliver':
    case undefined:
      return undefined;
  }
}

function nextAttempt(state: IssueState): Step | undefined {
  const suggested = suggestedStep(state);
  if (suggested !== undefined) return suggested;
  const inputs = inputsNow(state);
  const problem = limitProblem(state);
  if (inputs === undefined) return undefined;
  if (problem !== undefined) return blockedHold(state, problem);
  const attempt = (state.runs.at(-1)?.attempt ?? 0) + 1;
  const runId = `g${state.generation}-a${attempt}`;
  return {
    kind: 'effect',
    effect: runEffect(state, {
      runId,
      attempt,
      mode: modeOf(state),
      inputs,
      startedAt: state.at,
      ...feedbackOf(state),
      ...failedChecksOf(state),
    }),
  };
}

function runEffect(state: IssueState, run: RunFacts): Effect {
  return {
    kind: 'run-agent',
    runId: run.runId,
    attempt: run.attempt,
    mode: run.mode,
    inputs: run.inputs,
    ...(run.feedback === undefined ? {} : { feedback: run.feedback }),
    ...reviewsOf(state, run),
    ...(run.failedChecks === undefined ? {} : { failedChecks: run.failedChecks }),
    lessons: lessonsFor(state, run.attempt),
    costUsdMax: run.costUsdMax ?? budgetLeft(state),
  };
}

function budgetLeft(state: IssueState): number {
  const limits = state.policy?.limits;
  if (limits === undefined) return 0;
  return Math.max(0, Math.min(limits.costUsdMax, limits.costUsdPerIssueMax - spentUsd(state)));
}

/** The results of earlier attempts, why they were not accepted, and what people answered. */
function lessonsFor(state: IssueState, attempt: number): readonly string[] {
  const ends = state.runs.flatMap(run =>
    run.end === undefined || run.attempt >= attempt
      ? []
      : [{ attempt: run.attempt, text: `${run.end.ending}: ${run.end.summary}` }],
  );
  const rejections = state.rejections
    .filter(rejection => rejection.attempt < attempt)
    .map(({ attempt: of, reason }) => ({ attempt: of, text: reason }));
  return [...ends.slice(-LESSONS_MAX), ...rejections.slice(-LESSONS_MAX)]
    .sort((a, b) => a.attempt - b.attempt)
    .map(lesson => `attempt ${lesson.attempt}: ${lesson.text}`);
}

function feedbackOf(state: IssueState): Pick<RunFacts, 'feedback'> {
  return state.feedback === undefined ? {} : { feedback: state.feedback.digest };
}

function reviewsOf(state: IssueState, { attempt }: RunFacts): { readonly reviews?: readonly ReviewInput[] } {
  const reviews = reviewsFor(state, attempt);
  return reviews === undefined ? {} : { reviews };
}

function failedChecksOf({ failedInCi }: IssueState): Pick<RunFacts, 'failedChecks'> {
  const { checks = [] } = failedInCi ?? {};
  return checks.length === 0 ? {} : { failedChecks: checks };
}

function askHold(state: IssueState, run: RunFacts): HoldStep {
  const { meaning, asks } = ENDING_RULES[run.end?.ending ?? 'needs-human'];
  const odd = mayWrite(state) && run.end?.ending === 'analysis' ? ', although a change was requested' : '';
  const { summary = '', questions = [] } = run.end ?? {};
  const step = blockedHold(state, {
    reason: `${meaning}${odd}: ${summary}`,
    fix: asks === true ? ANSWER : 'edit the issue (this starts a new run), /retry, or /cancel',
  });
  const why = [...step.hold.why, ...questions.map(question => `it asks: ${question}`), ...providerLine(run)];
  return { ...step, hold: { ...step.hold, why } };
}

function providerLine({ end }: RunFacts): readonly string[] {
  if (end?.retryAfterMs === undefined) return [];
  return [`the model provider accepts requests again at ${utcTime(end.endedAt + end.retryAfterMs)}`];
}

/** Every way to tell the agent something. */
const ANSWER =
  'answer in a new comment that begins with /answer and your words, or quotes the question (the next attempt gets them); or edit the issue, /retry, or /cancel';

function refusedHold(state: IssueState): HoldStep {
  const named = state.refusals.slice(0, 10).map(refusal => `${refusal.path}: ${refusal.reason}`);
  return blockedHold(state, {
    reason: `the change was refused: ${named.join('; ')}`,
    fix: '/retry for a new attempt, or /cancel',
  });
}
