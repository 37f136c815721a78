/** How one request is sent and its answer read: bounded in time and in bytes, and never redirected. */
import type { AwsV4Signer } from 'aws4fetch';
import type { Fetch } from '../../host/network/network.ts';

export interface BucketTimeouts {
  /** Between two pieces of an answer. */
  readonly silenceMs: number;
  /** Of a whole request, besides the time that its bytes take. */
  readonly requestMs: number;
}

export const TIMEOUTS: BucketTimeouts = { silenceMs: 30_000, requestMs: 60_000 };

/** The slowest transfer that is waited for: one megabyte each second. */
const BYTES_PER_MS = 1_000;

export interface BucketRequest {
  /** S3's name of the request, for messages. */
  readonly action: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Below the prefix; empty for the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** An answer is read no further than just beyond these. */
  readonly bytesMax?: number;
  /** Error answers that are a result, by status. */
  readonly accepts?: readonly number[];
}

export interface BucketAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Of an error answer only its beginning. */
  readonly body: Uint8Array;
  /** False: it has more bytes than asked for. */
  readonly isComplete: boolean;
  /** S3's error code; empty for a success. */
  readonly code: string;
}

export interface Via {
  readonly fetch: Fetch;
  readonly time: Watch;
}

/** Rejects as `fetch` does. */
export async function send(request: BucketRequest, signer: AwsV4Signer, via: Via): Promise<BucketAnswer> {
  const { method, body, bytesMax = 0 } = request;
  const { time } = via;
  const answer = await via.fetch(signer.url.href, {
    method,
    headers: signer.headers,
    redirect: 'manual',
    signal: time.signal,
    ...(body === undefined ? {} : { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }),
  });
  const { status, headers, body: stream } = answer;
  time.moved();
  const isGood = isSuccess(status);
  const { bytes, isComplete } = await pieces(stream, isGood ? bytesMax : ERROR_BYTES_MAX, time);
  return { status, headers, body: bytes, isComplete, code: isGood ? '' : codeIn(bytes) };
}

/** Reads until there are more bytes than `bytesMax`, and then no further. */
async function pieces(
  stream: ReadableStream<Uint8Array> | null,
  bytesMax: number,
  time: Watch,
): Promise<{ readonly bytes: Uint8Array; readonly isComplete: boolean }> {
  const read: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream and closes the connection.
  for await (const piece of stream ?? []) {
    time.moved();
    read.push(piece);
    size += piece.byteLength;
    if (size > bytesMax) break;
  }
  return { bytes: Buffer.concat(read), isComplete: size <= bytesMax };
}

const ERROR_BYTES_MAX = 16 * 1024;

function codeIn(body: Uint8Array): string {
  return /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(Buffer.from(body).toString('latin1'))?.[1] ?? '';
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

export interface Watch {
  readonly signal: AbortSignal;
  readonly moved: () => void;
  readonly isOver: () => boolean;
  readonly end: () => void;
}

export function watch(
  { silenceMs, requestMs }: BucketTimeouts,
  { body, bytesMax = 0 }: BucketRequest,
): Watch {
  const abort = new AbortController();
  const over = (): void => abort.abort();
  const transferMs = Math.ceil(Math.max(body?.byteLength ?? 0, bytesMax) / BYTES_PER_MS);
  const deadline = setTimeout(over, requestMs + transferMs);
  let silence: NodeJS.Timeout | undefined;
  return {
    signal: abort.signal,
    moved: () => {
      clearTimeout(silence);
      silence = setTimeout(over, silenceMs);
    },
    isOver: () => abort.signal.aborted,
    end: () => {
      clearTimeout(deadline);
      clearTimeout(silence);
    },
  };
}
