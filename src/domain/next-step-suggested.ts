/** Reviews that consist of suggestions: applied to the change below as they are written, as a run without an agent. */
import { hasInputsNow, latestRun } from './facts.ts';
import { nextAttemptNumber, waitingRequests } from './requested-changes.ts';
import type { IssueState } from './state.ts';
import type { Suggested } from './observation.ts';
import type { RequestedChanges, RunFacts } from './state/work.ts';
import type { Step } from './step.ts';
import { SUGGESTIONS_MAX } from './suggestion.ts';
import type { Digest } from './digest.ts';

export interface SuggestionsDue {
  readonly requests: readonly (RequestedChanges & { readonly suggested: Suggested })[];
  /** The run whose change they are written on. */
  readonly below: RunFacts;
  readonly manifest: Digest;
}

/** Every review that waits for the next attempt consists of suggestions, and nothing else has changed what it would do. */
export function suggestionsDue(state: IssueState): SuggestionsDue | undefined {
  if (state.policy?.review?.suggestions !== true) return undefined;
  const on = soundChange(state);
  if (on === undefined) return undefined;
  const waiting = waitingRequests(state);
  const requests = waiting.flatMap(request =>
    request.suggested?.commit === on.commit ? [{ ...request, suggested: request.suggested }] : [],
  );
  const count = requests.reduce((sum, { suggested }) => sum + suggested.count, 0);
  const isAll = requests.length === waiting.length && requests.length > 0;
  return isAll && count <= SUGGESTIONS_MAX ? { requests, below: on.below, manifest: on.manifest } : undefined;
}

interface SoundChange extends Pick<SuggestionsDue, 'below' | 'manifest'> {
  readonly commit: string;
}

/** The change on the branch, if it would still count but for the reviews. */
function soundChange(state: IssueState): SoundChange | undefined {
  const { change, pushed } = state;
  const below = latestRun(state);
  const manifest = below?.end?.manifest;
  if (below === undefined || manifest === undefined || change?.runId !== below.runId) return undefined;
  return change.commit === pushed && isUnjudged(state, below)
    ? { commit: change.commit, below, manifest }
    : undefined;
}

function isUnjudged(state: IssueState, below: RunFacts): boolean {
  const isFailed = (state.failedInCi?.attempt ?? 0) >= below.attempt;
  const isRejected = state.rejections.some(({ attempt }) => attempt >= below.attempt);
  return !isFailed && !isRejected && hasInputsNow(state, below);
}

export function suggestedStep(state: IssueState): Step | undefined {
  const due = suggestionsDue(state);
  if (due === undefined) return undefined;
  const attempt = nextAttemptNumber(state);
  return {
    kind: 'effect',
    effect: {
      kind: 'apply-suggestions',
      runId: `g${state.generation}-a${attempt}`,
      attempt,
      manifest: due.manifest,
      suggestions: editsOf(due),
    },
  };
}

export function editsOf({ requests }: SuggestionsDue): readonly Digest[] {
  return requests.map(({ suggested }) => suggested.edits);
}
