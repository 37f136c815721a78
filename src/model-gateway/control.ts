/** The control API, for the runner only: the mode of its socket protects it. Every call is idempotent. */
import http from 'node:http';
import { z } from 'zod';
import { MODEL_ALLOWANCES } from '../domain/policy.ts';
import { usageOf, type Ledger } from './ledger.ts';
import { readBodyText } from './read-body.ts';
import type { RunSockets } from './runs.ts';

const BODY_BYTES_MAX = 64 * 1024;

const registrationSchema = z.strictObject({
  runId: z.string().min(1).max(200),
  model: z.string().min(1).max(100),
  limits: z.strictObject({
    tokensMax: z.int().positive(),
    costUsdMax: z.number().positive().nullable(),
    requestsMax: z.int().positive(),
  }),
  allowed: z.array(z.enum(MODEL_ALLOWANCES)).max(MODEL_ALLOWANCES.length).default([]),
});

export interface ControlParts {
  readonly ledger: Ledger;
  readonly sockets: RunSockets;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `parts` is undefined while the gateway is still restoring its runs. */
export function controlServer(parts: () => ControlParts | undefined): http.Server {
  return http.createServer((request, response) => {
    answer(parts(), request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
      () => {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({
            error:
              'internal error of the model gateway. Fix: make sure that it can write its state file and sockets',
          }),
        );
      },
    );
  });
}

async function answer(parts: ControlParts | undefined, request: http.IncomingMessage): Promise<Answer> {
  const text = await readBodyText(request, BODY_BYTES_MAX);
  if (parts === undefined) return { status: 503, body: { error: 'the gateway is starting' } };
  const address = request.url ?? '';
  const runId = /^\/runs\/([^/]{1,600})$/.exec(address)?.[1];
  if (runId !== undefined) return ofRun(parts, request.method ?? '', decodeURIComponent(runId));
  switch (`${request.method ?? ''} ${address}`) {
    case 'GET /health':
      return { status: 200, body: { openRuns: parts.ledger.openRuns().length } };
    case 'POST /runs':
      return register(parts, text ?? '');
    default:
      return { status: 404, body: { error: 'no such address' } };
  }
}

async function register({ ledger, sockets }: ControlParts, text: string): Promise<Answer> {
  const parsed = registrationSchema.safeParse(jsonOf(text));
  if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error).slice(0, 500) } };
  const known = ledger.find(parsed.data.runId);
  if (known?.open === false) return { status: 409, body: { error: 'this run is closed' } };
  if (known !== undefined && known.model !== parsed.data.model)
    return { status: 409, body: { error: `this run is registered for ${known.model}` } };
  if (known !== undefined && !sameAllowances(known.allowed, parsed.data.allowed))
    return { status: 409, body: { error: 'this run is registered with other allowances' } };
  const { run, token } = ledger.open(parsed.data);
  return { status: 201, body: { token, socketPath: await sockets.open(run) } };
}

async function ofRun({ ledger, sockets }: ControlParts, method: string, runId: string): Promise<Answer> {
  const run = ledger.find(runId);
  if (run === undefined) return { status: 404, body: { error: 'no such run' } };
  if (method === 'GET') return { status: 200, body: usageOf(run) };
  if (method !== 'DELETE') return { status: 405, body: { error: 'GET or DELETE' } };
  // Close the streams first: each settles when its connection closes, so the usage returned below is final.
  await sockets.close(run);
  ledger.close(runId);
  return { status: 200, body: usageOf(run) };
}

function sameAllowances(some: readonly string[], others: readonly string[]): boolean {
  return MODEL_ALLOWANCES.every(one => some.includes(one) === others.includes(one));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
