/** Suggestions of reviews: whether a review can be applied as it is written, and what became of it. */
import { type Actor, rule } from '../actor.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Digest } from '../digest.ts';
import { currentChange, inputsNow, modeOf } from '../facts.ts';
import { shortHead } from '../foreign-head.ts';
import { editsOf, type SuggestionsDue, suggestionsDue } from '../next-step-suggested.ts';
import type { ObservedReview } from '../observation.ts';
import { omit } from '../omit.ts';
import { isAttemptRunning, nextAttemptNumber } from '../requested-changes.ts';
import type { IssueState } from '../state.ts';
import type { Inputs, RequestedChanges, RunFacts, Suggester } from '../state/work.ts';
import { suggesterNames } from '../suggested-text.ts';
import { endWithoutAgent } from './adoption.ts';
import { type FactOf, type Noted, type Reduced, refuse } from './result.ts';

/** What a review that asks for changes suggests. Empty unless the policy lets suggestions be applied. */
export function suggestedPart(
  state: IssueState,
  by: Actor,
  { empty, lines }: ObservedReview,
): Pick<RequestedChanges, 'suggested' | 'unsuggested'> {
  const { suggested } = lines ?? {};
  if (suggested === undefined || state.policy?.review?.suggestions !== true) return {};
  if ('problem' in suggested) return { unsuggested: suggested.problem };
  if (empty !== true) return { unsuggested: 'the review has a text besides them' };
  if (by.kind !== 'person') return { unsuggested: 'only suggestions of people are applied' };
  const unsuggested = headProblem(state, suggested.commit);
  return unsuggested === undefined ? { suggested } : { unsuggested };
}

/** They are for the present change: nobody changes it at the moment, but for other suggestions. */
function headProblem(state: IssueState, commit: string): string | undefined {
  if (isAttemptRunning(state)) return 'an attempt was running, which changes the same files';
  if (commit !== state.change?.commit || commit !== state.pushed)
    return `they are on commit ${shortHead(commit)}, which is not the present one`;
  const isPresent = currentChange(state) !== undefined || suggestionsDue(state) !== undefined;
  return isPresent ? undefined : 'another attempt was due already';
}

/** The change below with the suggestions is the result of a run without an agent: it costs nothing and counts as no attempt. */
export function onSuggestionsApplied(state: IssueState, event: FactOf<'suggestions-applied'>): Reduced {
  const due = suggestionsDue(state);
  const inputs = inputsNow(state);
  // Something else was said while they were applied: this result is void.
  if (due === undefined || !isSame(editsOf(due), event.suggestions)) return { state };
  if (inputs === undefined) return refuse('there is nothing to work on');
  const run = runOf(state, { due, inputs, event });
  const { below } = due;
  return {
    state: { ...state, runs: [...state.runs, run], refusals: [] },
    note: {
      cause: `run ${event.runId}: applied ${countText(due)} on top of run ${below.runId}`,
      actor: rule('lifecycle'),
      digests: { manifest: event.manifest },
    },
  };
}

interface Applied {
  readonly due: SuggestionsDue;
  readonly inputs: Inputs;
  readonly event: FactOf<'suggestions-applied'>;
}

function runOf(state: IssueState, { due, inputs, event }: Applied): RunFacts {
  const { requests, below } = due;
  const count = countOf(due);
  return {
    runId: event.runId,
    attempt: nextAttemptNumber(state),
    mode: modeOf(state),
    // The files of the change below differ from its base.
    inputs: { ...inputs, base: below.inputs.base },
    ...(state.feedback === undefined ? {} : { feedback: state.feedback.digest }),
    startedAt: state.at,
    costUsdMax: 0,
    ...(below.adopted === undefined ? {} : { adopted: below.adopted }),
    suggested: { reviews: requests.map(({ reviewId }) => reviewId), count },
    suggestedBy: distinct([...(below.suggestedBy ?? []), ...requests.map(suggesterOf)]),
    end: endWithoutAgent(state, { ending: 'suggested', what: countText(due), manifest: event.manifest }),
  };
}

function suggesterOf({ by: login, suggested }: RequestedChanges): Suggester {
  return suggested?.authorId === undefined ? { login } : { login, id: suggested.authorId };
}

function distinct(by: readonly Suggester[]): readonly Suggester[] {
  return [...new Map(by.map(one => [one.login, one])).values()];
}

function countOf({ requests }: SuggestionsDue): number {
  return requests.reduce((sum, { suggested }) => sum + suggested.count, 0);
}

/** “2 suggestions of ann, ben”. */
function countText(due: SuggestionsDue): string {
  const count = countOf(due);
  const by = distinct(due.requests.map(suggesterOf));
  return `${count} ${count === 1 ? 'suggestion' : 'suggestions'} of ${suggesterNames(by)}`;
}

function isSame(one: readonly Digest[], other: readonly Digest[]): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** The agent gets them instead, with the reason. */
export function onSuggestionsRefused(
  state: IssueState,
  { suggestions, reason }: FactOf<'suggestions-refused'>,
): Noted {
  const isRefused = ({ suggested }: RequestedChanges): boolean =>
    suggested !== undefined && suggestions.includes(suggested.edits);
  return {
    state: withLeft(state, isRefused, reason),
    note: { cause: `${LEFT}: ${reason}`, actor: rule('lifecycle') },
  };
}

const LEFT = 'suggestions are left to the agent';

export function isSuggested({ runs }: IssueState, runId: string): boolean {
  return runs.some(run => run.runId === runId && run.suggested !== undefined);
}

/** The change with the suggestions is not allowed. Its run does not count any more, and the agent gets them. */
export function refusedSuggestions(state: IssueState, why: string): Noted {
  const run = state.runs.at(-1);
  const reviews = run?.suggested?.reviews ?? [];
  const reason = `the change with them is not allowed: ${why}`;
  const runs = state.runs.map(known => (known === run ? { ...known, withdrawn: true as const } : known));
  return {
    state: withLeft({ ...state, runs }, ({ reviewId }) => reviews.includes(reviewId), reason),
    note: { cause: `${LEFT}: ${reason}`, actor: rule('change judgement') },
  };
}

function withLeft(
  state: IssueState,
  isLeft: (request: RequestedChanges) => boolean,
  unsuggested: string,
): IssueState {
  const requestedChanges = (state.requestedChanges ?? []).map(request =>
    isLeft(request) ? { ...omit(request, 'suggested'), unsuggested } : request,
  );
  return { ...state, requestedChanges };
}
