/** What reviews asked for: which attempt gets it, and whether one is running that does not know it yet. */
import { currentRun } from './facts.ts';
import { whyNotApplied } from './not-applied.ts';
import type { IssueState } from './state.ts';
import type { RequestedChanges, Work } from './state/work.ts';
import type { ReviewInput } from './step.ts';

/** Reviews that wait for the next attempt. Each single comment on a line is a review of its own. */
export const REQUESTS_WAITING_MAX = 30;
/** Reviews that an attempt gets, the latest ones: what an earlier attempt got is still true of the next one. */
const REQUESTS_MAX = 50;

/** The attempt that starts next. */
export function nextAttemptNumber({ runs }: Pick<Work, 'runs'>): number {
  return (runs.at(-1)?.attempt ?? 0) + 1;
}

/** Not yet known to an attempt. */
export function waitingRequests(state: Work): readonly RequestedChanges[] {
  const next = nextAttemptNumber(state);
  return (state.requestedChanges ?? []).filter(({ attempt }) => attempt >= next);
}

/** An attempt is running, whose result counts. */
export function isAttemptRunning(state: IssueState): boolean {
  const run = currentRun(state);
  return run !== undefined && run.end === undefined;
}

export function withRequest(state: IssueState, request: RequestedChanges): IssueState {
  const requestedChanges = [...(state.requestedChanges ?? []), request].slice(-REQUESTS_MAX);
  return { ...state, requestedChanges };
}

/** The attempts so far are set aside: the next one gets what reviews asked for. */
export function withNextAttempt(
  state: IssueState,
  { reviewId, body, lines, by }: RequestedChanges,
): IssueState {
  const digest = body ?? lines?.words;
  return {
    ...state,
    ...(digest === undefined ? {} : { feedback: { reviewId, digest, by } }),
    setAsideTo: state.runs.at(-1)?.attempt ?? 0,
  };
}

/** What the attempt gets of reviews; `undefined` if the text of the latest one is all of it. */
export function reviewsFor(state: Work, attempt: number): readonly ReviewInput[] | undefined {
  const { requestedChanges = [] } = state;
  const known = requestedChanges.filter(request => request.attempt <= attempt);
  const isPlain = known.length < 2 && known.every(({ lines }) => lines === undefined);
  return isPlain ? undefined : known.map(request => reviewInput(state, request));
}

function reviewInput(state: Work, request: RequestedChanges): ReviewInput {
  const { by, body, lines } = request;
  const unsuggested = whyNotApplied(state, request);
  return {
    by,
    ...(unsuggested === undefined ? {} : { unsuggested }),
    ...(body === undefined ? {} : { body }),
    ...(lines === undefined ? {} : { lines: lines.words }),
  };
}
