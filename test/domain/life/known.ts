/** What is believed of the world, without what merely accompanies it: time, records, what was said to whom. */
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
      'commentsReadTo',
      'due',
      'mark',
    ),
  );
}
