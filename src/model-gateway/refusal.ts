/** The gateway's own answers: one status per reason. The agent always reports the text of a 402. */
import type { ModelProblem } from './types.ts';

export interface RequestRefusal {
  readonly status: number;
  readonly problem: ModelProblem;
  readonly message: string;
  /** How long the provider asks to wait. */
  readonly retryAfterMs?: number;
}

export function refusal(status: number, message: string): RequestRefusal {
  return { status, problem: 'refused', message };
}

export function overBudget(message: string): RequestRefusal {
  return { status: 402, problem: 'over-budget', message };
}

/** The error body that OpenAI-compatible clients parse. */
export function errorBody({ problem, message }: RequestRefusal): string {
  return JSON.stringify({
    error: { message: `model gateway: ${message}`, type: 'model_gateway', code: problem },
  });
}

/** The same error, for a stream whose status is already sent. */
export function errorEvent({ problem, message }: RequestRefusal): string {
  const error = { code: problem, message: `model gateway: ${message}` };
  return `\ndata: ${JSON.stringify({ type: 'response.failed', response: { id: 'model-gateway', status: 'failed', error } })}\n\n`;
}
