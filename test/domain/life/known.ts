/** The facts of a state, without times, records, answers and marks. */
import { omit } from '../../../src/domain/omit.ts';
import type { IssueState } from '../../../src/domain/state.ts';

export function factsOf(state: IssueState): string {
  return JSON.stringify(
    omit(
      state,
      'at',
      'audit',
      'held',
      'decisionsSeen',
      'answers',
      'refusedDecision',
      'replies',
      'calls',
      'answersToHolds',
      'commentsReadTo',
      'due',
      'mark',
    ),
  );
}
