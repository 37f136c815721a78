/** The requests for one object of a bucket: write on a condition, read within a bound, move, remove. */
import type { BucketPlace } from '../../config/store-place.ts';
import { artifactDigestOf, hexInDigest } from '../digest.ts';
import { ArtifactError } from '../port.ts';
import type { BucketClient } from './client.ts';
import { badAnswer, storeFailure } from './failures.ts';

/** The condition of a write that must not replace anything. */
export const ONLY_NEW = { 'if-none-match': '*' } as const;
/** The status of a write whose condition did not hold. */
export const EXISTS = 412;
export const ANSWER_BYTES_MAX = 64 * 1024;

interface Write {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** 412: the condition did not hold; 409: another write of this key is under way; 404: what to replace is gone. */
export async function writeObject(client: BucketClient, { key, bytes, headers }: Write): Promise<number> {
  const checksum = Buffer.from(hexInDigest(artifactDigestOf(bytes)), 'hex').toString('base64');
  const { status } = await client({
    action: 'PutObject',
    method: 'PUT',
    key,
    body: bytes,
    headers: { ...headers, 'x-amz-checksum-sha256': checksum },
    bytesMax: ANSWER_BYTES_MAX,
    accepts: [404, 409, EXISTS],
  });
  return status;
}

interface Found {
  /** Absent: more than asked for. */
  readonly bytes?: Uint8Array;
  readonly etag: string;
}

export async function readObject(
  client: BucketClient,
  key: string,
  bytesMax: number,
): Promise<Found | undefined> {
  const { status, headers, body, isComplete } = await client({
    action: 'GetObject',
    method: 'GET',
    key,
    bytesMax,
    accepts: [404],
  });
  if (status === 404) return undefined;
  return { etag: headers.get('etag') ?? '', ...(isComplete ? { bytes: body } : {}) };
}

export async function readWholeObject(
  client: BucketClient,
  key: string,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  const found = await readObject(client, key, bytesMax);
  if (found === undefined || found.bytes !== undefined) return found?.bytes;
  throw new ArtifactError('too-large', `the artifact has more than ${bytesMax} bytes`);
}

export async function objectExists(client: BucketClient, key: string): Promise<boolean> {
  const { status } = await client({ action: 'HeadObject', method: 'HEAD', key, accepts: [404] });
  return status !== 404;
}

/** Copies first: a crash in between leaves both, never none. */
export async function moveObject(
  client: BucketClient,
  { bucket, prefix }: BucketPlace,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const { status, body } = await client({
    action: 'CopyObject',
    method: 'PUT',
    key: to,
    headers: { 'x-amz-copy-source': `/${bucket}/${prefix}${from}` },
    bytesMax: ANSWER_BYTES_MAX,
    accepts: [404],
  });
  if (status === 404) return;
  // A copy can fail after its answer has begun with success.
  if (!Buffer.from(body).includes('<CopyObjectResult'))
    throw storeFailure(badAnswer('did not confirm a copy'));
  await dropObject(client, from);
}

export async function dropObject(client: BucketClient, key: string): Promise<void> {
  await client({ action: 'DeleteObject', method: 'DELETE', key, bytesMax: ANSWER_BYTES_MAX, accepts: [404] });
}
