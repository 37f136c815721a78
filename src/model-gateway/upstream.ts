/** The one request that leaves the host: real key on, everything that tells about the host off, and an answer within a time. */
import http from 'node:http';
import https from 'node:https';
import type { GatewayConfig } from './config.ts';
import type { RequestRefusal } from './refusal.ts';

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

const errorBytesMax = 64 * 1024;

export function upstream(config: GatewayConfig): Upstream {
  const secure = config.upstreamBaseUrl.protocol === 'https:';
  const agent = secure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  const url = new URL(
    `${config.upstreamBaseUrl.pathname.replace(/\/+$/, '')}/responses`,
    config.upstreamBaseUrl,
  );
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
    send: (body, signal) => send(body, { config, request, signal, mayRepeat: true }),
    close: () => agent.destroy(),
  };
}

interface Sending {
  readonly config: GatewayConfig;
  readonly request: (body: string, signal: AbortSignal) => http.ClientRequest;
  readonly signal: AbortSignal;
  readonly mayRepeat: boolean;
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
    // Stays on: errors after the answer belong to the response and must not end the process.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // The provider closed an idle connection just as it was used again: nothing was answered on it.
      if (sending.mayRepeat && outgoing.reusedSocket && error.code === 'ECONNRESET')
        resolve(send(body, { ...sending, mayRepeat: false }));
      else
        resolve(
          failed(
            502,
            'upstream-unreachable',
            `the provider cannot be reached (${error.code ?? 'connection failed'})`,
          ),
        );
    });
    outgoing.end(body);
  });
}

async function answer(response: http.IncomingMessage, key: string): Promise<UpstreamAnswer> {
  const status = response.statusCode ?? 0;
  const type = response.headers['content-type'] ?? 'text/event-stream';
  if (status === 200 && type.startsWith('text/event-stream')) return { ok: true, response };
  const words = await providerWords(response, key);
  return {
    ok: false,
    refusal: refusalFor(status, words),
    upstreamStatus: status,
    requestId: requestIdOf(response),
  };
}

export function requestIdOf(response: http.IncomingMessage): string | null {
  const id = response.headers['x-request-id'];
  return typeof id === 'string' ? id.replace(/[^\w.-]/g, '').slice(0, 100) : null;
}

interface ProviderWords {
  readonly message: string;
  readonly code: string;
}

function refusalFor(status: number, { message, code }: ProviderWords): RequestRefusal {
  const said = message === '' ? `status ${status}` : `status ${status}, ${message}`;
  if (status < 400)
    return {
      status: 502,
      problem: 'upstream-unreachable',
      message: 'the provider did not answer with an event stream',
    };
  // What a provider says about a wrong key may repeat parts of it.
  if (status === 401 || status === 403)
    return {
      status: 502,
      problem: 'upstream-key-refused',
      message: `the provider refused the key (status ${status})`,
    };
  if (code === 'insufficient_quota')
    return { status: 429, problem: 'upstream-quota', message: `the provider's quota is spent: ${said}` };
  if (status === 429)
    return { status: 429, problem: 'upstream-overloaded', message: `the provider limits the rate: ${said}` };
  if (status >= 500)
    return { status: 503, problem: 'upstream-overloaded', message: `the provider is overloaded: ${said}` };
  return { status: 422, problem: 'upstream-rejected', message: `the provider rejected the request: ${said}` };
}

async function providerWords(response: http.IncomingMessage, key: string): Promise<ProviderWords> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > errorBytesMax) break;
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
