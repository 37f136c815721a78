/** Writes git objects without git, so that git never parses hostile bytes before they are judged. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';

const deflateAsync = promisify(deflate);

/** The blob id of these bytes. */
function blobSha(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Stores a blob in an object directory and returns its id. Safe to repeat. */
export async function writeLooseBlob(objectDirectory: string, bytes: Buffer): Promise<string> {
  const sha = blobSha(bytes);
  const folder = join(objectDirectory, sha.slice(0, 2));
  const file = join(folder, sha.slice(2));
  if (
    await stat(file).then(
      () => true,
      () => false,
    )
  )
    return sha;
  const packed = await deflateAsync(Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]), {
    level: 1,
  });
  await mkdir(folder, { recursive: true });
  const temporary = join(objectDirectory, `tmp-${randomUUID()}`);
  await writeFile(temporary, packed, { mode: 0o444 });
  await rename(temporary, file);
  return sha;
}
