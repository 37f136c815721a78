/** The runner's side of the control socket. Calls may be repeated, so a gateway that is being restarted is waited for. */
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { modelProblems, type RegisteredRun, type Registration, type RunUsage } from './types.ts';

export interface ModelGatewayClient {
  /** A run that is already open gets a new token; the old one is worth nothing from then on. */
  register(registration: Registration): Promise<RegisteredRun>;
  usage(runId: string): Promise<RunUsage>;
  /** Cuts what is in flight and answers with the final usage, however often it is asked. */
  close(runId: string): Promise<RunUsage>;
  /** Number of open runs; for `doctor`. */
  health(): Promise<{ readonly openRuns: number }>;
}

export interface ClientOptions {
  /** How long a gateway that does not answer is waited for. */
  readonly patienceMs?: number;
}

/** `code`: unreachable (nobody answers), refused (it said no; the message says why). */
export class ModelGatewayError extends Error {
  override readonly name = 'ModelGatewayError';
  readonly code: 'unreachable' | 'refused';

  constructor(code: 'unreachable' | 'refused', message: string) {
    super(message);
    this.code = code;
  }
}

const defaultPatienceMs = 10_000;
const callTimeoutMs = 10_000;
const pauseMs = 100;
const answerBytesMax = 256 * 1024;

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
  open: z.boolean(),
});

export function modelGatewayClient(
  controlSocketPath: string,
  options: ClientOptions = {},
): ModelGatewayClient {
  const patienceMs = options.patienceMs ?? defaultPatienceMs;
  const call = (method: string, path: string, body?: unknown): Promise<unknown> =>
    patiently(() => callOnce({ controlSocketPath, method, path, body }), patienceMs);
  const ofRun = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;
  return {
    register: async registration => registeredSchema.parse(await call('POST', '/runs', registration)),
    usage: async runId => usageSchema.parse(await call('GET', ofRun(runId))),
    close: async runId => usageSchema.parse(await call('DELETE', ofRun(runId))),
    health: async () => healthSchema.parse(await call('GET', '/health')),
  };
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
      await sleep(pauseMs);
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
        new ModelGatewayError('unreachable', `the model gateway does not answer on ${controlSocketPath}`),
      );
    const request = http.request(
      { socketPath: controlSocketPath, method, path, agent: false, timeout: callTimeoutMs },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > answerBytesMax) response.destroy();
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
  return parsed.success ? parsed.data.error : 'the model gateway refused';
}
