/** 9: a decision by someone who may not decide has no effect. */
import type { IssueState } from '../../../src/domain/state.ts';
import { NOBODIES } from './fixtures.ts';
import { must } from './invariants.ts';

export function checkPeople(state: IssueState): void {
  const acted = [state.paused, state.escalated, state.cancelled, state.merge, ...state.approvals];
  for (const act of acted) {
    const login = act?.by.kind === 'person' ? act.by.login : '';
    must('9 persons only', login !== 'robot', 'a decision of a bot was accepted');
    must('9 edited', login !== 'rewriter', 'an edited comment was accepted');
    must('9 role', !NOBODIES.some(name => name === login), `a decision of ${login} was accepted`);
  }
  const by = state.feedback?.by ?? '';
  must('9 persons only', by !== 'robot', 'the feedback of a bot was accepted');
  must('9 role', !NOBODIES.some(name => name === by), `feedback of ${by} was accepted`);
}
