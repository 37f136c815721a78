/** The only request that leaves the host: with the real key, without data about the host, and with time limits. */
import http from 'node:http';
import https from 'node:https';
import type { GatewayConfig } from './config.ts';
import type { RequestRefusal } from './refusal.ts';
import { connections } from '../host/network/network.ts';
import { networkTrouble } from '../host/network/trouble.ts';
import { withoutEnd } from '../domain/without-end.ts';

export type UpstreamAnswer =
  | { readonly ok: true; readonly response: http.IncomingMessage }
  | {
      readonly ok: false;
      readonly refusal: RequestRefusal;
      readonly upstreamStatus: number | null;
      readonly requestId: string | null;
    };

export interface Upstream {
  send(body: string, signal: AbortSignal): Promise<UpstreamAnswer>;
  close(): void;
}

const ERROR_BYTES_MAX = 64 * 1024;

export function upstream(config: GatewayConfig): Upstream {
  const secure = config.upstreamBaseUrl.protocol === 'https:';
  const url = new URL(
    `${withoutEnd(config.upstreamBaseUrl.pathname, '/')}/responses`,
    config.upstreamBaseUrl,
  );
  const agent = (config.agentFor ?? connections({}).agentFor)(url);
  const request = (body: string, signal: AbortSignal): http.ClientRequest =>
    (secure ? https : http).request(url, {
      method: 'POST',
      agent,
      signal,
      headers: {
        [config.keyHeader]: config.keyHeader === 'authorization' ? `Bearer ${config.key}` : config.key,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        accept: 'text/event-stream',
        'accept-encoding': 'identity',
        'user-agent': 'signalbox-model-gateway',
      },
    });
  return {
    send: (body, signal) => send(body, { config, request, signal, mayRetry: true }),
    close: () => agent.destroy(),
  };
}

interface Sending {
  readonly config: GatewayConfig;
  readonly request: (body: string, signal: AbortSignal) => http.ClientRequest;
  readonly signal: AbortSignal;
  readonly mayRetry: boolean;
}

function send(body: string, sending: Sending): Promise<UpstreamAnswer> {
  return new Promise(resolve => {
    const { config } = sending;
    const outgoing = sending.request(body, sending.signal);
    const timeoutMs = config.limits.upstreamHeadersTimeoutMs;
    const timer = setTimeout(() => {
      resolve(failed(504, 'upstream-timeout', `the provider sent no answer within ${timeoutMs} ms`));
      outgoing.destroy();
    }, timeoutMs);
    outgoing.once('response', response => {
      clearTimeout(timer);
      resolve(answer(response, config.key));
    });
    // Keep this handler: errors after the answer belong to the response and must not crash the process.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // The provider closed an idle connection while we reused it: the request got no answer, so send it once more.
      if (sending.mayRetry && outgoing.reusedSocket && error.code === 'ECONNRESET')
        resolve(send(body, { ...sending, mayRetry: false }));
      else resolve(unreachable(whyUnreachable(error)));
    });
    outgoing.end(body);
  });
}

function unreachable(why: string): UpstreamAnswer {
  return failed(502, 'upstream-unreachable', `cannot reach the provider: ${why}`);
}

function whyUnreachable(error: NodeJS.ErrnoException): string {
  const trouble = networkTrouble(error);
  return trouble === undefined ? (error.code ?? 'connection failed') : `${trouble.what}; ${trouble.fix}`;
}

async function answer(response: http.IncomingMessage, key: string): Promise<UpstreamAnswer> {
  const status = response.statusCode ?? 0;
  const type = response.headers['content-type'] ?? 'text/event-stream';
  if (status === 200 && type.startsWith('text/event-stream')) return { ok: true, response };
  const error = await providerError(response, key);
  return {
    ok: false,
    refusal: { ...refusalFor(status, error), ...waitAsked(response) },
    upstreamStatus: status,
    requestId: requestIdOf(response),
  };
}

const RETRY_AFTER_MS_MAX = 24 * 3_600_000;

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3). */
function waitAsked({ headers }: http.IncomingMessage): Pick<RequestRefusal, 'retryAfterMs'> {
  const said = headers['retry-after'] ?? '';
  const ms = /^\d{1,9}$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - Date.now();
  return ms > 0 ? { retryAfterMs: Math.min(ms, RETRY_AFTER_MS_MAX) } : {};
}

export function requestIdOf(response: http.IncomingMessage): string | null {
  const id = response.headers['x-request-id'];
  return typeof id === 'string' ? id.replace(/[^\w.-]/g, '').slice(0, 100) : null;
}

interface ProviderError {
  readonly message: string;
  readonly code: string;
}

function refusalFor(status: number, { message, code }: ProviderError): RequestRefusal {
  const said = message === '' ? `status ${status}` : `status ${status}, ${message}`;
  if (status < 400)
    return {
      status: 502,
      problem: 'upstream-unreachable',
      message: 'the provider did not answer with an event stream',
    };
  // A provider's message about a wrong key can contain parts of the key.
  if (status === 401 || status === 403)
    return {
      status: 502,
      problem: 'upstream-key-refused',
      message: `the provider refused the key (status ${status})`,
    };
  if (code === 'insufficient_quota')
    return {
      status: 429,
      problem: 'upstream-quota',
      message: `the quota at the provider is used up: ${said}`,
    };
  if (status === 429)
    return {
      status: 429,
      problem: 'upstream-overloaded',
      message: `the provider's rate limit was reached: ${said}`,
    };
  if (status >= 500)
    return { status: 503, problem: 'upstream-overloaded', message: `the provider is overloaded: ${said}` };
  return { status: 422, problem: 'upstream-rejected', message: `the provider rejected the request: ${said}` };
}

async function providerError(response: http.IncomingMessage, key: string): Promise<ProviderError> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > ERROR_BYTES_MAX) break;
    }
    const { error } = JSON.parse(text) as { error?: Readonly<Record<string, unknown>> };
    return {
      message: textOf(error?.['message']).replaceAll(key, '[key]').slice(0, 300),
      code: textOf(error?.['code'] ?? error?.['type']),
    };
  } catch {
    return { message: '', code: '' };
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function failed(status: number, problem: RequestRefusal['problem'], message: string): UpstreamAnswer {
  return { ok: false, refusal: { status, problem, message }, upstreamStatus: null, requestId: null };
}
