/** Applies faults: replies that replace execution, and ways to lose the reply after execution. */
import type { ServerResponse } from 'node:http';
import type { FaultKind, FaultRule } from './faults.ts';

export interface WireReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const json = (status: number, message: string, headers: Record<string, string> = {}): WireReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: Buffer.from(
    JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest', status: String(status) }),
  ),
});

const htmlPage: WireReply = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from('<!DOCTYPE html><html><body><h1>Unicorn!</h1></body></html>'),
};

const badGateway: WireReply = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<html><body><h1>Server Error</h1></body></html>'),
};

function limited(fault: FaultRule, nowMs: number): WireReply {
  const seconds = fault.retryAfterSeconds === undefined ? 60 : fault.retryAfterSeconds;
  const retry: Record<string, string> = seconds === null ? {} : { 'retry-after': String(seconds) };
  if (fault.kind === 'secondary-limit') {
    return json(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      retry,
    );
  }
  const reset = Math.ceil(nowMs / 1000) + (seconds ?? 60);
  const headers = {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(reset),
  };
  return json(403, 'API rate limit exceeded.', headers);
}

type Instead = (fault: FaultRule, at: { nowMs: number; url: string }) => WireReply | 'reset';

const instead: Readonly<Partial<Record<FaultKind, Instead>>> = {
  'fail-before': fault => json(fault.status ?? 503, 'Service Unavailable'),
  'reset-before': () => 'reset',
  'rate-limit': (fault, at) => limited(fault, at.nowMs),
  'secondary-limit': (fault, at) => limited(fault, at.nowMs),
  'html-200': () => htmlPage,
  redirect: (fault, at) => json(301, 'Moved Permanently', { location: fault.location ?? at.url }),
};

/** The reply of a fault that keeps the request from being executed; 'reset' for a cut connection. */
export const insteadOfExecuting = (
  fault: FaultRule | undefined,
  at: { nowMs: number; url: string },
): WireReply | 'reset' | undefined => (fault === undefined ? undefined : instead[fault.kind]?.(fault, at));

type Lose = (response: ServerResponse, reply: WireReply, fault: FaultRule) => number | Promise<number>;

const lose: Readonly<Partial<Record<FaultKind, Lose>>> = {
  'execute-then-500': response => write(response, json(500, 'Server Error')),
  'execute-then-502': response => write(response, badGateway),
  'execute-then-reset': response => {
    response.socket?.destroy();
    return 0;
  },
  // the connection stays open until the client or the simulator ends it
  'execute-then-hang': () => 0,
  'cut-body': (response, reply) => cut(response, reply),
  slow: async (response, reply, fault) => {
    await new Promise(resolve => setTimeout(resolve, fault.delayMs ?? 1000));
    return write(response, reply);
  },
};

/** Writes the reply, or loses it as the fault says. Resolves to the status if the client got the complete reply, else to 0. */
export const writeReply = async (
  response: ServerResponse,
  reply: WireReply,
  fault?: FaultRule,
): Promise<number> =>
  (fault === undefined ? undefined : lose[fault.kind]?.(response, reply, fault)) ?? write(response, reply);

function write(response: ServerResponse, reply: WireReply): number {
  const length = reply.status === 204 || reply.status === 304 ? {} : { 'content-length': reply.body.length };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  response.end(reply.body);
  return reply.status;
}

function cut(response: ServerResponse, reply: WireReply): number {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
  response.write(reply.body.subarray(0, Math.floor(reply.body.length / 2)), () => response.socket?.destroy());
  return 0;
}
