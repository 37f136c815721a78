/** The request log: one JSON object per line, without bodies or secrets. It is the authoritative record of a run's cost. */
import { appendFileSync } from 'node:fs';
import type { ModelProblem, TokenCounts } from './types.ts';

export interface RequestRecord extends TokenCounts {
  readonly at: string;
  readonly runId: string;
  readonly request: number;
  readonly model: string;
  /** The status that the agent got; 499 if it had disconnected. */
  readonly status: number;
  readonly upstreamStatus: number | null;
  readonly upstreamRequestId: string | null;
  readonly problem: ModelProblem | null;
  readonly detail: string | null;
  /** True when the provider gave no count and the tokens are an estimate. */
  readonly estimated: boolean;
  readonly costUsd: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
}

export type RequestLog = (record: RequestRecord) => void;

/** Writes synchronously, before the answer ends: the log of a killed gateway is complete. */
export function fileLog(path: string): RequestLog {
  return record => appendFileSync(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}
