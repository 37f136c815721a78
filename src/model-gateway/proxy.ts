/** The data side: checks one request of one run, sends it on with the real key, and counts the answer while it streams back. */
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
  // A client that disconnects must not crash the gateway.
  response.on('error', () => undefined);
  if (run.refusals >= parts.config.limits.refusalsMax) {
    response.destroy();
    return;
  }
  const checked = await check(parts, run, request);
  if ('status' in checked) {
    parts.ledger.note(run, checked.problem);
    parts.onRefusal(checked.problem);
    refuse(response, checked);
    return;
  }
  // The agent disconnected while its body was read: send nothing, so that nothing is charged.
  if (response.destroyed) return;
  const settlement = new Settlement(parts, run, checked.bytes);
  const abort = new AbortController();
  // Stop the provider too, for example when the agent was killed: the rest of the answer would cost money for nothing.
  response.once('close', () => {
    abort.abort();
    settlement.finish({ status: 499, problem: null });
  });
  const body = withOutputBound(checked.json, outputTokensLeft(run, parts.config.prices));
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

interface CheckedBody {
  readonly json: string;
  readonly bytes: number;
}

async function check(
  { config, ledger }: ProxyParts,
  run: Run,
  request: http.IncomingMessage,
): Promise<CheckedBody | RequestRefusal> {
  const wrong = lineProblem(request) ?? tokenProblem(ledger, run, request);
  if (wrong !== undefined) {
    request.resume();
    return wrong;
  }
  const text = await readBodyText(request, config.limits.bodyBytesMax);
  if (text === undefined) return refusal(413, `the body is larger than ${config.limits.bodyBytesMax} bytes`);
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
  if (request.url !== '/v1/responses') return refusal(404, 'only the path /v1/responses is served');
  if (request.method !== 'POST') return refusal(405, 'only POST is served');
  const encoding = request.headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? undefined : refusal(415, 'compressed bodies are not supported');
}

function tokenProblem(ledger: Ledger, run: Run, request: http.IncomingMessage): RequestRefusal | undefined {
  const token = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined && ledger.holdsToken(run, token)) return undefined;
  return refusal(401, 'the token is missing or is not the token of this run');
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
