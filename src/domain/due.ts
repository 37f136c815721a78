/** Which parts of GitHub's record must be read. News that arrives during a look stays due for the next look. */
import { areChecksReadable } from './checks.ts';
import { FACETS, type Facet } from './observation.ts';
import type { IssueState } from './state.ts';
import type { Reading } from './state/reading.ts';

export function withDue(state: IssueState, facets: readonly Facet[]): IssueState {
  if (facets.length === 0) return state;
  const mark = state.mark + 1;
  const news = Object.fromEntries(facets.map(facet => [facet, mark]));
  return { ...state, mark, due: { ...state.due, ...news } };
}

/** The state after a look that started at `mark` has read these facets. */
export function withRead(state: IssueState, facets: readonly Facet[], mark = state.mark): IssueState {
  const left = dueEntries(state).filter(([facet, since]) => !facets.includes(facet) || since > mark);
  return { ...state, due: Object.fromEntries(left) };
}

/** What a look would read now. Without the policy the scheduler cannot know what to read. */
export function readable(state: IssueState): readonly Facet[] {
  if (state.policy === undefined || state.upkeepStopped) return [];
  return dueEntries(state)
    .map(([facet]) => facet)
    .filter(facet => exists(state, facet));
}

function exists(state: IssueState, facet: Facet): boolean {
  if (facet === 'pull-request') return state.pullRequest !== undefined && state.merge === undefined;
  if (facet === 'checks') return areChecksReadable(state);
  if (facet === 'branch') return state.repository?.target?.isMissing === true;
  return facet === 'issue' || facet === 'comments';
}

function dueEntries(state: Reading): readonly (readonly [Facet, number])[] {
  return FACETS.flatMap(facet => {
    const since = state.due[facet];
    return since === undefined ? [] : [[facet, since] as const];
  });
}
