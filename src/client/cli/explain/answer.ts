/** The nine questions that `explain` answers, in order, and the form of an answer. */

export const QUESTIONS = {
  Q1: 'is it opted in',
  Q2: 'does it need triage',
  Q3: 'which worker runs it',
  Q4: 'is there an active branch',
  Q5: 'did the worker time out',
  Q6: 'where did the last run stop',
  Q7: 'do labels, comments, pull requests and branches match',
  Q8: 'retry or escalate, and why',
  Q9: 'is release verification still owed',
} as const;

export type QuestionId = keyof typeof QUESTIONS;

export type AnswerSource =
  /** The workflow's state, from its memo. */
  | 'workflow'
  /** Scheduled or running activities, from the Temporal server. */
  | 'pending activities'
  /** The rule for the run's ending. */
  | 'table of endings'
  | 'GitHub, read now'
  | 'workflow and GitHub, read now'
  /** Temporal has no workflow for the issue. */
  | 'no workflow';

export interface Answer {
  readonly id: QuestionId;
  readonly question: string;
  readonly answer: string;
  /** Where the answer was read. */
  readonly source: AnswerSource;
}

export function answerTo(id: QuestionId, source: AnswerSource, answer: string): Answer {
  return { id, question: QUESTIONS[id], answer, source };
}
