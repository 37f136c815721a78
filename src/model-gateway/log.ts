/** The request log: one JSON object a line, no bodies, no secrets. It is the authority on what a run has cost. */
import { appendFileSync } from 'node:fs';
import type { ModelProblem, TokenCounts } from './types.ts';

export interface RequestRecord extends TokenCounts {
  readonly at: string;
  readonly runId: string;
  readonly request: number;
  readonly model: string;
  /** What the agent was answered; 499 when it had gone. */
  readonly status: number;
  readonly upstreamStatus: number | null;
  readonly upstreamRequestId: string | null;
  readonly problem: ModelProblem | null;
  readonly detail: string | null;
  /** The provider gave no count: tokens are an estimate. */
  readonly estimated: boolean;
  readonly costUsd: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
}

export type RequestLog = (record: RequestRecord) => void;

/** Written before the answer ends, so that a killed gateway has logged what was paid. */
export function fileLog(path: string): RequestLog {
  return record => appendFileSync(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}
