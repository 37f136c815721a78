/**
 * One signed request to a bucket: sent once, bounded in time and in bytes. A redirect is an answer, never followed: a
 * signed request belongs to one address. aws4fetch only signs; its own client would retry (docs/adr/0024).
 */
import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import type { BucketPlace } from '../../config/store-place.ts';
import type { Fetch } from '../../host/network/network.ts';
import { refused, storeUnreachable, tooSlow } from './failures.ts';
import {
  type BucketAnswer,
  type BucketRequest,
  type BucketTimeouts,
  isSuccess,
  send,
  TIMEOUTS,
  watch,
} from './transfer.ts';

export type BucketClient = (request: BucketRequest) => Promise<BucketAnswer>;

export interface BucketConnection {
  readonly place: BucketPlace;
  /** Absent: directly. */
  readonly fetch?: Fetch | undefined;
  readonly timeouts?: BucketTimeouts | undefined;
}

/** Rejects with `StoreFailure` for every answer that is neither a success nor accepted. */
export function bucketClient({
  place,
  fetch: via = fetch,
  timeouts = TIMEOUTS,
}: BucketConnection): BucketClient {
  const base = baseOf(place);
  const keys = new Map<string, ArrayBuffer>();
  return async request => {
    const time = watch(timeouts, request);
    try {
      const signer = await signed(request, { place, base, keys });
      const answer = await send(request, signer, { fetch: via, time }).catch((error: unknown) => {
        throw time.isOver() ? tooSlow(request.action) : storeUnreachable(new URL(base).origin, error);
      });
      if (isWanted(answer, request)) return answer;
      throw refused(place, { ...answer, action: request.action, region: regionIn(answer) });
    } finally {
      time.end();
    }
  };
}

function isWanted({ status, code }: BucketAnswer, { accepts = [] }: BucketRequest): boolean {
  return isSuccess(status) || (accepts.includes(status) && code !== 'NoSuchBucket');
}

function regionIn({ headers }: BucketAnswer): string | undefined {
  const region = headers.get('x-amz-bucket-region') ?? '';
  return /^[a-z0-9-]{1,50}$/.test(region) ? region : undefined;
}

/** Path style, except at AWS itself, which wants the bucket in the host name; with a dot in it no certificate fits. */
function baseOf({ bucket, prefix, region, endpoint }: BucketPlace): string {
  if (endpoint !== undefined) return `${endpoint}/${bucket}/${prefix}`;
  return bucket.includes('.')
    ? `https://s3.${region}.amazonaws.com/${bucket}/${prefix}`
    : `https://${bucket}.s3.${region}.amazonaws.com/${prefix}`;
}

interface Signing {
  readonly place: BucketPlace;
  readonly base: string;
  /** Derived keys of a day. */
  readonly keys: Map<string, ArrayBuffer>;
}

async function signed(request: BucketRequest, { place, base, keys }: Signing): Promise<AwsV4Signer> {
  const { method, key, query = {}, headers = {}, body } = request;
  const { prefix, region, credentials } = place;
  // A request for the bucket itself names the prefix in its query.
  const url = new URL(key === '' ? base.slice(0, base.length - prefix.length) : `${base}${key}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const hash = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const signer = new AwsV4Signer({
    ...credentials,
    method,
    url: url.href,
    headers: { ...headers, 'x-amz-content-sha256': hash },
    service: 's3',
    region,
    cache: keys,
  });
  await signer.sign();
  return signer;
}
