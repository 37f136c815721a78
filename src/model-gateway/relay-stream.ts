/** Forwards the provider's stream line by line and cuts it at the limit of the budget, the time or the size. */
import type http from 'node:http';
import { isOverBudget } from './budget.ts';
import type { Run } from './ledger.ts';
import { StreamMeter, type MeterReading, type StreamEnd } from './meter.ts';
import type { ProxyParts } from './proxy-parts.ts';
import { errorEvent, overBudget, type RequestRefusal } from './refusal.ts';
import type { Settlement } from './settlement.ts';
import type { ModelProblem } from './types.ts';

export interface StreamRelay {
  readonly parts: ProxyParts;
  readonly run: Run;
  readonly settlement: Settlement;
  readonly from: http.IncomingMessage;
  readonly to: http.ServerResponse;
}

export function relayStream(relay: StreamRelay): void {
  const { from, to, settlement } = relay;
  const { upstreamIdleTimeoutMs } = relay.parts.config.limits;
  const meter = new StreamMeter();
  let bytes = 0;
  let ended = false;

  const end = (reason?: RequestRefusal): void => {
    if (ended) return;
    ended = true;
    clearTimeout(idle);
    if (reason !== undefined) {
      settlement.finish({ status: 200, problem: reason.problem, detail: reason.message });
      to.write(errorEvent(reason));
    }
    to.end();
    from.destroy();
  };
  const idle = setTimeout(() => end(silent(upstreamIdleTimeoutMs)), upstreamIdleTimeoutMs);

  to.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  to.flushHeaders();
  to.on('drain', () => from.resume());
  from.on('data', (chunk: Buffer) => {
    if (ended) return;
    idle.refresh();
    bytes += chunk.length;
    const reading = meter.push(chunk);
    settlement.passed(chunk.length, meter.estimatedOutputTokens());
    // Settle before the last line is forwarded: the agent's next request can follow immediately.
    if (reading.ended !== undefined) settle(settlement, reading.ended);
    const reason = stopReason(relay, { reading, bytes });
    if (reason !== undefined) end(reason);
    else if (!to.write(reading.ready)) from.pause();
  });
  from.once('end', () => {
    if (ended) return;
    to.write(meter.rest());
    // A no-op when the stream ended with its final event.
    settlement.finish({ status: 200, problem: 'stream-cut', detail: 'the stream ended early' });
    end();
  });
  from.on('error', () => end(cut('the connection to the provider was lost')));
}

/** A finished answer is never cut: it is already paid for. */
function stopReason(
  { parts, run }: StreamRelay,
  { reading, bytes }: { reading: MeterReading; bytes: number },
): RequestRefusal | undefined {
  if (reading.tooLong || bytes > parts.config.limits.responseBytesMax) return cut('the answer is too large');
  const over = reading.ended === undefined && isOverBudget(run, parts.config.prices);
  return over ? overBudget('the run has used its budget') : undefined;
}

function settle(settlement: Settlement, end: StreamEnd): void {
  const { type, tokens } = end;
  const problem = problemOfEnd(end);
  settlement.finish({
    status: 200,
    problem,
    ...(tokens === undefined ? {} : { tokens }),
    ...(type === 'response.completed' ? {} : { detail: type }),
  });
}

function problemOfEnd({ type, errorCode, outOfTokens }: StreamEnd): ModelProblem | null {
  if (outOfTokens) return 'over-budget';
  return type === 'response.failed' ? problemOfCode(errorCode) : null;
}

function problemOfCode(code: string | undefined): ModelProblem {
  if (code === 'insufficient_quota') return 'upstream-quota';
  return code === 'rate_limit_exceeded' || code === 'server_is_overloaded' || code === 'server_error'
    ? 'upstream-overloaded'
    : 'upstream-rejected';
}

function cut(message: string): RequestRefusal {
  return { status: 200, problem: 'stream-cut', message };
}

function silent(timeoutMs: number): RequestRefusal {
  return {
    status: 200,
    problem: 'upstream-timeout',
    message: `the provider sent nothing for ${timeoutMs} ms`,
  };
}
