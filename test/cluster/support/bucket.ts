/** An S3-compatible server with a bucket, and the copy of a bucket as `aws s3 sync` makes it. */
import type { ArtifactStore } from '../../../src/artifacts/port.ts';
import { openStore } from '../../../src/artifacts/open-store.ts';
import { type Environment, processSettings } from '../../../src/config/environment.ts';
import { type S3Server, startS3Server } from '../../support/s3-server.ts';

export interface Bucket {
  readonly server: S3Server;
  readonly store: ArtifactStore;
  /** Settings of the store, by environment variable. */
  readonly values: Environment;
  readonly close: () => Promise<void>;
}

export async function openBucket(directory: string): Promise<Bucket> {
  const server = await startS3Server({ directory });
  const values = server.settings();
  return { server, values, store: openStore(processSettings(values)), close: server.stop };
}

export interface Listed {
  readonly key: string;
  readonly bytes: number;
}

export async function listBucket({ request }: S3Server): Promise<readonly Listed[]> {
  const all: Listed[] = [];
  let token: string | undefined = '';
  while (token !== undefined) {
    const more: string = token === '' ? '' : `&continuation-token=${encodeURIComponent(token)}`;
    const text = await (await request(`?list-type=2${more}`)).text();
    for (const [, key = '', bytes] of text.matchAll(
      /<Contents>.*?<Key>(.*?)<\/Key>.*?<Size>(\d+)<\/Size>.*?<\/Contents>/gs,
    ))
      all.push({ key, bytes: Number(bytes) });
    token = /<NextContinuationToken>(.*?)<\/NextContinuationToken>/.exec(text)?.[1];
  }
  return all;
}

export async function copyBucket(from: S3Server, to: S3Server): Promise<void> {
  for (const { key } of await listBucket(from)) {
    const got = await from.request(key);
    if (!got.ok) throw new Error(`${got.status} for ${key}`);
    const put = await to.request(key, { method: 'PUT', body: await got.arrayBuffer() });
    if (!put.ok) throw new Error(`${put.status} for ${key}`);
  }
}
