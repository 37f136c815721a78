/**
 * Asks GitHub whether a kept answer is still the current one (`If-None-Match`). GitHub decides at each request, so nothing is
 * ever answered from memory alone; an unchanged answer comes as 304, which is not counted against the rate limit. Source:
 * “Best practices for using the REST API”, section “Use conditional requests if appropriate”.
 */
import { createHash } from 'node:crypto';
import type { Fetch } from '../host/network/network.ts';

export interface KeptAnswersLimits {
  /** Of all kept bodies together. */
  readonly bytesMax: number;
  /** A larger answer is not kept. */
  readonly answerBytesMax: number;
}

const STANDARD_LIMITS: KeptAnswersLimits = { bytesMax: 32 * 1024 * 1024, answerBytesMax: 1024 * 1024 };

/** Memory of an entry besides its body: key, headers, objects. */
const ENTRY_BYTES = 2_048;

/** `send` must read the complete body, as the strict fetch does. */
export function createConditionalFetch(send: Fetch, limits: KeptAnswersLimits = STANDARD_LIMITS): Fetch {
  const answers = new KeptAnswers(limits);
  const first = new Map<string, Promise<Response>>();
  const ask = async (key: string, url: string, init: RequestInit): Promise<Response> => {
    const kept = answers.get(key);
    const response = await send(url, kept === undefined ? init : withCondition(init, kept.etag));
    if (kept !== undefined && response.status === 304) return stillCurrent(kept, response);
    const etag = response.headers.get('etag');
    if (response.status !== 200 || etag === null) {
      answers.delete(key);
      return response;
    }
    const body = await response.arrayBuffer();
    const answer = { etag, headers: response.headers, body };
    answers.set(key, answer);
    return toResponse(answer, response.headers);
  };
  return async (url, init = {}) => {
    const key = keyOf(url, init);
    if (key === undefined) return await send(url, init);
    const before = first.get(key);
    if (before !== undefined) {
      // Issues that begin together ask the same: all but the first ask with the ETag of its answer.
      await before.catch(() => undefined);
      return await ask(key, url, init);
    }
    const asked = ask(key, url, init);
    first.set(key, asked);
    return await asked.finally(() => first.delete(key));
  };
}

interface KeptAnswer {
  readonly etag: string;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

/**
 * What an answer depends on: the URL, and by GitHub's `Vary` the form asked for and the token. A digest, so that no token is
 * kept here. Undefined for what is not a read, and for a caller with a condition of its own.
 */
function keyOf(url: string, { method = 'GET', headers }: RequestInit): string | undefined {
  const asked = new Headers(headers);
  if (method !== 'GET' || asked.has('if-none-match')) return undefined;
  const parts = [url, asked.get('accept'), asked.get('authorization')];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

function withCondition(init: RequestInit, etag: string): RequestInit {
  const headers = new Headers(init.headers);
  headers.set('if-none-match', etag);
  return { ...init, headers };
}

/** The kept answer, with what the 304 says of this request (rate limit, date). */
function stillCurrent(kept: KeptAnswer, notModified: Response): Response {
  const headers = new Headers(kept.headers);
  for (const [name, value] of notModified.headers) if (!name.startsWith('content-')) headers.set(name, value);
  return toResponse(kept, headers);
}

function toResponse({ body }: KeptAnswer, headers: Headers): Response {
  return new Response(body.slice(0), { status: 200, headers });
}

/** The most recently used answers, within a bound on their bytes. Losing one costs one counted request. */
class KeptAnswers {
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #limits: KeptAnswersLimits;
  #bytes = 0;

  constructor(limits: KeptAnswersLimits) {
    this.#limits = limits;
  }

  /** Marks the answer as used. */
  get(key: string): KeptAnswer | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  set(key: string, answer: KeptAnswer): void {
    this.delete(key);
    if (answer.body.byteLength > this.#limits.answerBytesMax) return;
    this.#answers.set(key, answer);
    this.#bytes += sizeOf(answer);
    for (const [oldest] of this.#answers) {
      if (this.#bytes <= this.#limits.bytesMax) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const answer = this.#answers.get(key);
    if (answer === undefined) return;
    this.#answers.delete(key);
    this.#bytes -= sizeOf(answer);
  }
}

function sizeOf({ body }: KeptAnswer): number {
  return body.byteLength + ENTRY_BYTES;
}
