/** The questions a scheduler must answer of an issue, in their order, and the form of an answer. */

export const QUESTIONS = {
  Q1: 'is it opted in',
  Q2: 'does it need triage',
  Q3: 'which worker holds it',
  Q4: 'is there an active branch',
  Q5: 'did the worker time out',
  Q6: 'where did the last run stop',
  Q7: 'do labels, comments, pull requests and branches agree',
  Q8: 'retry or escalate, and why',
  Q9: 'is release verification still owed',
} as const;

export type QuestionId = keyof typeof QUESTIONS;

export type AnswerSource =
  /** What its workflow believes, from the workflow's memo. */
  | 'workflow'
  /** What the server knows of activities that are scheduled or run. */
  | 'pending activities'
  /** The rule for how the run ended. */
  | 'table of endings'
  | 'GitHub, read now'
  | 'workflow and GitHub, read now'
  /** Temporal was asked for the workflow, and has none. */
  | 'no workflow';

export interface Answer {
  readonly id: QuestionId;
  readonly question: string;
  readonly answer: string;
  /** Where it was read. */
  readonly source: AnswerSource;
}

export function answerTo(id: QuestionId, source: AnswerSource, answer: string): Answer {
  return { id, question: QUESTIONS[id], answer, source };
}
