/** The account of one request: opened before it is sent, closed exactly once, by the first event that ends it. */
import { estimatedTokens } from './budget.ts';
import type { Run } from './ledger.ts';
import type { ProxyParts } from './proxy-parts.ts';
import type { UpstreamAnswer } from './upstream.ts';
import { noTokens, type ModelProblem, type TokenCounts } from './types.ts';

export interface Finish {
  readonly status: number;
  readonly problem: ModelProblem | null;
  readonly detail?: string;
  /** The provider's own count; without it the request is charged by estimate. */
  readonly tokens?: TokenCounts;
  readonly retryAfterMs?: number;
}

export class Settlement {
  readonly #parts: ProxyParts;
  readonly #run: Run;
  readonly #id: string;
  readonly #bytesIn: number;
  readonly #startedAt = Date.now();
  #firstByteMs: number | null = null;
  #bytesOut = 0;
  #upstreamStatus: number | null = null;
  #upstreamRequestId: string | null = null;
  #done = false;

  constructor(parts: ProxyParts, run: Run, bytesIn: number) {
    this.#parts = parts;
    this.#run = run;
    this.#bytesIn = bytesIn;
    this.#id = parts.ledger.begin(run, estimatedTokens(bytesIn));
  }

  answered(upstreamStatus: number, requestId: string | null): void {
    this.#upstreamStatus = upstreamStatus;
    this.#upstreamRequestId = requestId;
  }

  passed(bytes: number, outputTokens: number): void {
    this.#firstByteMs ??= Date.now() - this.#startedAt;
    this.#bytesOut += bytes;
    const estimate = this.#run.inFlight[this.#id];
    if (estimate !== undefined) estimate.outputTokens = outputTokens;
  }

  /** The provider sent no stream: no tokens were used, except after a timeout, when the model may have been working. */
  refused({ refusal, upstreamStatus, requestId }: Extract<UpstreamAnswer, { ok: false }>): void {
    if (upstreamStatus !== null) this.answered(upstreamStatus, requestId);
    const unpaid = refusal.problem !== 'upstream-timeout';
    this.finish({
      status: refusal.status,
      problem: refusal.problem,
      detail: refusal.message,
      ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
      ...(unpaid ? { tokens: noTokens } : {}),
    });
  }

  finish({ status, problem, detail, tokens, retryAfterMs }: Finish): void {
    if (this.#done) return;
    this.#done = true;
    const { ledger, log } = this.#parts;
    const estimate = this.#run.inFlight[this.#id];
    const charged = tokens ?? { ...noTokens, ...estimate };
    const costUsd = ledger.settle(this.#run, this.#id, { tokens: charged, estimated: tokens === undefined });
    if (problem !== null) ledger.note(this.#run, problem, retryAfterMs);
    log({
      at: new Date().toISOString(),
      runId: this.#run.runId,
      request: Number(this.#id),
      model: this.#run.model,
      status,
      upstreamStatus: this.#upstreamStatus,
      upstreamRequestId: this.#upstreamRequestId,
      problem,
      detail: detail ?? null,
      estimated: tokens === undefined,
      ...charged,
      costUsd,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      firstByteMs: this.#firstByteMs,
      durationMs: Date.now() - this.#startedAt,
    });
  }
}
