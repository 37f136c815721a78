/**
 * The only way to send requests to GitHub. This fetch follows no redirect, never leaves the API's origin, reads the
 * complete body before it returns, and refuses a success that is not JSON. Octokit alone checks none of these.
 */
import type { Fetch } from '../host/network/network.ts';
import { type AnswerFacts, answerFacts } from './answer-facts.ts';

export interface StrictFetchLimits {
  readonly timeoutMs: number;
  readonly answerBytesMax: number;
}

/** What counts about one request: its class, and what GitHub answered; status 0 means no answer. */
export type AnswerObserver = (facts: AnswerFacts) => void;

/** GitHub answered 3xx: the repository or issue was renamed or transferred. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError';
  readonly status: number;
  readonly location: string | undefined;
  constructor(status: number, location: string | undefined) {
    super(`redirected with ${status}`);
    this.status = status;
    this.location = location;
  }
}

/** The request would send the credential to another host. It was not sent. */
export class ForeignHostError extends Error {
  override readonly name = 'ForeignHostError';
}

/** The body exceeds its limit and was not read to its end. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

const standardLimits: StrictFetchLimits = { timeoutMs: 30_000, answerBytesMax: 25_000_000 };
const statusesWithoutBody = new Set([204, 205, 304]);

export interface StrictFetchOptions {
  readonly limits?: StrictFetchLimits | undefined;
  readonly onAnswer?: AnswerObserver | undefined;
  /** Absent: directly. */
  readonly fetch?: Fetch | undefined;
}

export function createStrictFetch(apiUrl: string, options: StrictFetchOptions): Fetch {
  const { limits = standardLimits, onAnswer = () => undefined, fetch: send = fetch } = options;
  const origin = new URL(apiUrl).origin;
  return async (url, init = {}) => {
    if (new URL(url).origin !== origin)
      throw new ForeignHostError('the request is for a host other than the API');
    const signals = [AbortSignal.timeout(limits.timeoutMs), ...(init.signal ? [init.signal] : [])];
    const response = await send(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.any(signals),
    }).catch((error: unknown) => {
      onAnswer(answerFacts(init.method, url));
      throw error;
    });
    onAnswer(answerFacts(init.method, url, response));
    const body = await readBody(response, limits.answerBytesMax);
    refuseRedirect(response);
    if (response.ok && body.byteLength > 0) JSON.parse(body.toString('utf8'));
    return new Response(statusesWithoutBody.has(response.status) ? null : new Uint8Array(body), {
      status: response.status,
      headers: jsonHeaders(response, body.byteLength),
    });
  };
}

function refuseRedirect({ status, headers }: Response): void {
  if (status >= 300 && status < 400 && status !== 304)
    throw new RedirectError(status, headers.get('location') ?? undefined);
}

/** Throws when the network cuts the body, which must not become an empty success. */
async function readBody(response: Response, bytesMax: number): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new AnswerTooLargeError(`the response is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body is known to be JSON. Octokit parses it only with a JSON content type, so that is set here, and its real length. */
function jsonHeaders(response: Response, bytes: number): Headers {
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.set('content-length', String(bytes));
  if (response.ok) headers.set('content-type', 'application/json; charset=utf-8');
  return headers;
}
