/** Reviews with comments on lines, as a look brings them, and the attempts that follow. */
import { evolve } from '../../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import type { Observation, ObservedLines, ObservedReview } from '../../../src/domain/observation.ts';
import { omit } from '../../../src/domain/omit.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect } from '../../../src/domain/step.ts';
import { type Name, PEOPLE } from './fixtures.ts';

type Mark = readonly [thread: number, comment: number];

export const lines = (...marks: readonly Mark[]): ObservedLines => ({
  words: `sha256:words-${marks.map(([, comment]) => comment).join('-')}`,
  threads: marks.map(([thread, comment]) => ({ thread, comment })),
  total: marks.length,
});

/** By default a review with one comment on a line and no text, of the present head. */
export const onLines = (state: IssueState, by: Name, part: Partial<ObservedReview> = {}): ObservedReview => ({
  reviewId: 5,
  author: PEOPLE[by].account,
  role: PEOPLE[by].role,
  state: 'commented',
  commit: state.pullRequest?.head ?? null,
  body: 'sha256:empty',
  empty: true,
  lines: lines([41, 41]),
  ...part,
});

/** A request for changes with a text, and nothing on lines. */
export const inWords = (state: IssueState, by: Name, part: Partial<ObservedReview> = {}): ObservedReview => ({
  ...omit(onLines(state, by), 'empty', 'lines'),
  ...{ state: 'changes-requested', body: 'sha256:text' },
  ...part,
});

export function pullObserved(
  { pullRequest }: IssueState,
  ...reviews: readonly ObservedReview[]
): Observation {
  if (pullRequest === undefined) throw new Error('there is no pull request');
  return { facets: ['pull-request'], pullRequest: { ...pullRequest, reviews } };
}

export function reviewed(state: IssueState, ...reviews: readonly ObservedReview[]): IssueState {
  const observation = pullObserved(state, ...reviews);
  return evolve(state, { type: 'observed', observation, at: state.at + 1 });
}

/** The run that starts next, or runs. */
export function runNow(state: IssueState): Extract<Effect, { kind: 'run-agent' }> | undefined {
  const step = nextStep(state);
  return step.kind === 'effect' && step.effect.kind === 'run-agent' ? step.effect : undefined;
}

export function runStarted(state: IssueState): IssueState {
  const effect = runNow(state);
  if (effect === undefined) throw new Error('no run is due');
  return evolve(state, { type: 'step-started', effect, at: state.at + 1 });
}

export function runEnded(state: IssueState): IssueState {
  const runId = state.runs.at(-1)?.runId ?? '';
  const usage = { inputTokens: 1, outputTokens: 1, costUsd: 0 };
  const end = { ending: 'patch', endedAt: state.at, summary: 'done', usage, manifest: 'sha256:m' } as const;
  return evolve(state, { type: 'run-ended', runId, end, at: state.at + 1 });
}

export const causesOf = ({ audit }: IssueState): string => audit.records.map(({ cause }) => cause).join('\n');
