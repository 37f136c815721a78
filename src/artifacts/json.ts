/** JSON documents in the artifact store: written as text, parsed with a schema when read. */
import type { ArtifactDigest, ArtifactStore } from './port.ts';
import { ArtifactError } from './port.ts';

/** The part of a zod schema that is used here, without importing zod. */
export interface Parser<T> {
  parse(value: unknown): T;
}

export interface GetJsonInput<T> {
  readonly digest: ArtifactDigest;
  readonly bytesMax: number;
  readonly schema: Parser<T>;
}

export async function putJson(store: ArtifactStore, value: unknown): Promise<ArtifactDigest> {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('this value has no JSON form');
  return await store.put(Buffer.from(text, 'utf8'), 'application/json');
}

/** Throws `ArtifactError` for missing or corrupted bytes, and the schema's own error for the content. */
export async function getJson<T>(
  store: ArtifactStore,
  { digest, bytesMax, schema }: GetJsonInput<T>,
): Promise<T> {
  const bytes = await store.get(digest, bytesMax);
  return schema.parse(parsedJson(bytes, digest));
}

function parsedJson(bytes: Uint8Array, digest: ArtifactDigest): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new ArtifactError('corrupted', `${digest} is not JSON`);
  }
}
