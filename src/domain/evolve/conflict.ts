/** The change and the target branch cannot be put together: another attempt begins on the new base, and is told why. */
import { rule } from '../actor.ts';
import type { IssueState } from '../state.ts';
import { targetBranch, targetText } from '../target.ts';
import { type FactOf, type Noted, type Reduced, refuse } from './result.ts';

const NAMED_MAX = 5;

/** The change consists of files that the target branch changed too: putting them there would revert the other commits. */
export function onChangeOutdated(state: IssueState, event: FactOf<'change-outdated'>): Reduced {
  const { runId, base, paths } = event;
  if (!hasRun(state, runId) || paths.length === 0)
    return refuse(`${runId} has no change that can be outdated`);
  const reason = `${targetText(targetBranch(state))} moved and changed ${paths.length} of the same files: ${namedIn(paths)}`;
  return begunAgain(state, { runId, base, reason });
}

/** After a merge nothing is done again: somebody resolved the conflict, and the release owner is asked. */
export function onMergeConflict(state: IssueState, event: FactOf<'merge-conflict'>): Reduced {
  const { runId, base, paths, commits } = event;
  if (!hasRun(state, runId)) return refuse(`there is no run ${runId}`);
  const { arrival } = state;
  if (arrival !== undefined && state.merge !== undefined)
    return { state: { ...state, arrival: { ...arrival, isConflict: true } } };
  const where =
    paths.length === 0 ? 'has no common history with the change' : `conflicts in ${namedIn(paths)}`;
  const by = commits.length === 0 ? '' : `; its commits on these files: ${commits.join('; ')}`;
  const reason = `${targetText(targetBranch(state))} moved and ${where}${by}`;
  return begunAgain(state, { runId, base, reason });
}

function hasRun({ runs }: IssueState, runId: string): boolean {
  return runs.some(run => run.runId === runId);
}

/** A run on this base meets no conflict with it, so this happens at most once for each base. */
function begunAgain(
  state: IssueState,
  { runId, base, reason }: { readonly runId: string; readonly base: string; readonly reason: string },
): Noted {
  const run = state.runs.find(known => known.runId === runId);
  if (run?.adopted !== undefined) return conflicting({ ...state, runBase: base }, reason);
  return {
    state: {
      ...state,
      runBase: base,
      rejections: [...state.rejections, { attempt: run?.attempt ?? 0, reason }],
    },
    note: {
      cause: `the change of ${runId} no longer applies: ${reason}`,
      actor: rule('change judgement'),
      digests: { base },
    },
  };
}

/** No agent may replace what people did without a word of theirs. They can merge the target branch into it. */
function conflicting(state: IssueState, reason: string): Noted {
  const mend =
    'merge the target branch into the branch (“Update branch”), then /adopt the new head; or /retry for a new attempt of the agent without the adopted commits';
  return {
    state: { ...state, blocked: { reason, mend, since: state.at, anew: true } },
    note: { cause: `the adopted commits no longer apply: ${reason}`, actor: rule('change judgement') },
  };
}

function namedIn(paths: readonly string[]): string {
  return paths.slice(0, NAMED_MAX).join(', ');
}
