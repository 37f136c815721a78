/**
 * The only way out to GitHub: a fetch that never follows a redirect, never leaves the API's origin, reads the whole
 * body before it answers and refuses success that is not JSON. Octokit alone takes all four for a good answer.
 */
export interface StrictFetchLimits {
  readonly timeoutMs: number;
  readonly answerBytesMax: number;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

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

/** A request that would carry the credential to another host: never sent. */
export class ForeignHostError extends Error {
  override readonly name = 'ForeignHostError';
}

/** The body went over its limit, so it was not read to its end. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

const standardLimits: StrictFetchLimits = { timeoutMs: 30_000, answerBytesMax: 25_000_000 };
const statusesWithoutBody = new Set([204, 205, 304]);

export function createStrictFetch(apiUrl: string, limits: StrictFetchLimits = standardLimits): Fetch {
  const origin = new URL(apiUrl).origin;
  return async (url, init) => {
    if (new URL(url).origin !== origin) throw new ForeignHostError('the request would leave the API host');
    const signals = [AbortSignal.timeout(limits.timeoutMs), ...(init.signal ? [init.signal] : [])];
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any(signals) });
    const body = await readWhole(response, limits.answerBytesMax);
    if (response.status >= 300 && response.status < 400 && response.status !== 304)
      throw new RedirectError(response.status, response.headers.get('location') ?? undefined);
    if (response.ok && body.byteLength > 0) JSON.parse(body.toString('utf8'));
    return new Response(statusesWithoutBody.has(response.status) ? null : new Uint8Array(body), {
      status: response.status,
      headers: jsonHeaders(response),
    });
  };
}

/** A body cut by the network throws here, instead of becoming an empty success. */
async function readWhole(response: Response, bytesMax: number): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new AnswerTooLargeError(`the answer is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body was proven to be JSON, so a missing or odd content type must not hide it from octokit. */
function jsonHeaders(response: Response): Headers {
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  if (response.ok) headers.set('content-type', 'application/json; charset=utf-8');
  return headers;
}
