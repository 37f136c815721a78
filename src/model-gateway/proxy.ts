/** The data side: one request of one run, judged, sent on with the real key, streamed back while it is counted. */
import type http from 'node:http';
import { budgetProblem, outputTokensLeft } from './budget.ts';
import type { Ledger, Run } from './ledger.ts';
import type { ProxyParts } from './proxy-parts.ts';
import { readBodyText } from './read-body.ts';
import { errorBody, overBudget, refusal, type RequestRefusal } from './refusal.ts';
import { bodyProblem, withOutputBound, rewritten } from './request-check.ts';
import { rulesFor } from './request-rules.ts';
import { relayStream } from './relay-stream.ts';
import { Settlement } from './settlement.ts';
import { requestIdOf } from './upstream.ts';

export async function proxyRequest(parts: ProxyParts, run: Run, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  // Someone who leaves in the middle must not end the process of all.
  response.on('error', () => undefined);
  if (run.refusals >= parts.config.limits.refusalsMax) {
    response.destroy();
    return;
  }
  const judged = await judge(parts, run, request);
  if ('status' in judged) {
    parts.ledger.note(run, judged.problem);
    refuse(response, judged);
    return;
  }
  // The agent went while its body was read: nothing may be paid for.
  if (response.destroyed) return;
  const settlement = new Settlement(parts, run, judged.bytes);
  const abort = new AbortController();
  // Also when the agent was killed: what the provider still sends would be paid for nothing.
  response.once('close', () => {
    abort.abort();
    settlement.finish({ status: 499, problem: null });
  });
  const body = withOutputBound(judged.json, outputTokensLeft(run, parts.config.prices));
  const answer = await parts.upstream.send(body, abort.signal);
  if (!answer.ok) {
    settlement.refused(answer);
    refuse(response, answer.refusal);
    return;
  }
  settlement.answered(answer.response.statusCode ?? 0, requestIdOf(answer.response));
  relayStream({ parts, run, settlement, from: answer.response, to: response });
}

export interface Exchange {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
}

export interface Judged {
  readonly json: string;
  readonly bytes: number;
}

async function judge(
  { config, ledger }: ProxyParts,
  run: Run,
  request: http.IncomingMessage,
): Promise<Judged | RequestRefusal> {
  const wrong = lineProblem(request) ?? tokenProblem(ledger, run, request);
  if (wrong !== undefined) {
    request.resume();
    return wrong;
  }
  const text = await readBodyText(request, config.limits.bodyBytesMax);
  if (text === undefined) return refusal(413, `a request may have ${config.limits.bodyBytesMax} bytes`);
  const body = parsed(text);
  if (body === undefined) return refusal(400, 'the body is not JSON');
  const problem = bodyProblem(body, { model: run.model, rules: rulesFor(run.allowed) });
  if (problem !== undefined) return refusal(403, problem);
  if (Object.keys(run.inFlight).length >= config.limits.requestsInFlightMax)
    return refusal(429, 'too many requests at the same time');
  const json = rewritten(body as Readonly<Record<string, unknown>>);
  if (json === undefined) return refusal(400, 'the body is nested too deeply');
  const bytes = Buffer.byteLength(text);
  const spent = budgetProblem(run, bytes, config.prices);
  return spent === undefined ? { json, bytes } : overBudget(spent);
}

function lineProblem(request: http.IncomingMessage): RequestRefusal | undefined {
  if (request.url !== '/v1/responses') return refusal(404, 'only /v1/responses is served');
  if (request.method !== 'POST') return refusal(405, 'only POST is served');
  const encoding = request.headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? undefined : refusal(415, 'compressed bodies are not read');
}

function tokenProblem(ledger: Ledger, run: Run, request: http.IncomingMessage): RequestRefusal | undefined {
  const token = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined && ledger.holdsToken(run, token)) return undefined;
  return refusal(401, 'this is not the token of this run');
}

function refuse(response: http.ServerResponse, reason: RequestRefusal): void {
  if (response.headersSent || response.destroyed) return;
  const body = errorBody(reason);
  response.writeHead(reason.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
