/** The runner's client of the control socket. Calls are idempotent, so it retries while the gateway restarts. */
import http from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { modelProblems, type RegisteredRun, type Registration, type RunUsage } from './types.ts';

export interface ModelGatewayClient {
  /** An open run gets a new token; the old token is no longer valid. */
  register(registration: Registration): Promise<RegisteredRun>;
  usage(runId: string): Promise<RunUsage>;
  /** Aborts requests in flight and returns the final usage; repeated calls return the same usage. */
  close(runId: string): Promise<RunUsage>;
  /** The number of open runs; for `doctor`. */
  health(): Promise<{ readonly openRuns: number }>;
}

export interface ClientOptions {
  /** How long to retry while the gateway does not answer. */
  readonly patienceMs?: number;
}

/** `code`: unreachable (no answer), refused (the gateway refused the call; the message says why). */
export class ModelGatewayError extends Error {
  override readonly name = 'ModelGatewayError';
  readonly code: 'unreachable' | 'refused';

  constructor(code: 'unreachable' | 'refused', message: string) {
    super(message);
    this.code = code;
  }
}

const DEFAULT_PATIENCE_MS = 10_000;
const CALL_TIMEOUT_MS = 10_000;
const PAUSE_MS = 100;
const ANSWER_BYTES_MAX = 256 * 1024;

const registeredSchema = z.object({ token: z.string(), socketPath: z.string() });
const healthSchema = z.object({ openRuns: z.number() });
const usageSchema = z.object({
  runId: z.string(),
  model: z.string(),
  requests: z.number(),
  refusals: z.number(),
  estimatedRequests: z.number(),
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningTokens: z.number(),
  costUsd: z.number(),
  overBudget: z.boolean(),
  lastProblem: z.enum(modelProblems).nullable(),
  /** A gateway of an older release does not send it. */
  retryAt: z.number().nullable().default(null),
  open: z.boolean(),
});

export function modelGatewayClient(
  controlSocketPath: string,
  options: ClientOptions = {},
): ModelGatewayClient {
  const patienceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
  const call = (method: string, path: string, body?: unknown): Promise<unknown> =>
    patiently(() => callOnce({ controlSocketPath, method, path, body }), patienceMs);
  const ofRun = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;
  return {
    register: async registration => {
      const run = registeredSchema.parse(await call('POST', '/runs', registration));
      return requireInside(dirname(controlSocketPath), run);
    },
    usage: async runId => usageSchema.parse(await call('GET', ofRun(runId))),
    close: async runId => usageSchema.parse(await call('DELETE', ofRun(runId))),
    health: async () => healthSchema.parse(await call('GET', '/health')),
  };
}

/** The caller may be root, and changes the rights of this path: the gateway, which is not root, must not choose it freely. */
function requireInside(dir: string, run: RegisteredRun): RegisteredRun {
  const { socketPath } = run;
  if (resolve(socketPath) === socketPath && dirname(dirname(socketPath)) === join(dir, 'runs')) return run;
  throw new ModelGatewayError(
    'refused',
    `the model gateway named a socket outside of its folder: ${socketPath}`,
  );
}

async function patiently<T>(call: () => Promise<T>, patienceMs: number): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const mayWait =
        error instanceof ModelGatewayError && error.code === 'unreachable' && Date.now() < until;
      if (!mayWait) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

interface Call {
  readonly controlSocketPath: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

function callOnce({ controlSocketPath, method, path, body }: Call): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const unreachable = (): void =>
      reject(
        new ModelGatewayError('unreachable', `the model gateway does not answer at ${controlSocketPath}`),
      );
    const request = http.request(
      { socketPath: controlSocketPath, method, path, agent: false, timeout: CALL_TIMEOUT_MS },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > ANSWER_BYTES_MAX) response.destroy();
        });
        response.once('error', unreachable);
        response.once('end', () => {
          const status = response.statusCode ?? 0;
          if (status === 503) unreachable();
          else if (status >= 200 && status < 300) resolve(JSON.parse(text));
          else reject(new ModelGatewayError('refused', errorOf(text)));
        });
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', unreachable);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function errorOf(text: string): string {
  const parsed = z.object({ error: z.string() }).safeParse(JSON.parse(text));
  return parsed.success ? parsed.data.error : 'the model gateway refused the call and gave no reason';
}
