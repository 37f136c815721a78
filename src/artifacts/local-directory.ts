/**
 * The store as a directory: `sha256/ab/cdef…` holds the bytes, an empty file `names/<name>/<digest>` is a note. A file
 * gets its name only when it is complete and on disk, so no process ever sees half of one. A killed writer leaves only a
 * file in `tmp`.
 */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArtifactError, isArtifactDigest } from './port.ts';
import type { ArtifactDigest, ArtifactStore } from './port.ts';

export interface LocalDirectoryOptions {
  readonly directory: string;
  /** Larger artifacts are refused when put. */
  readonly artifactBytesMax?: number;
}

/** Ignores the media type, which a directory cannot store; it is for stores that serve their artifacts. */
export function createLocalDirectoryStore(options: LocalDirectoryOptions): ArtifactStore {
  const { directory, artifactBytesMax = ARTIFACT_BYTES_MAX_BY_DEFAULT } = options;
  return {
    put: async bytes => {
      if (bytes.byteLength > artifactBytesMax) throw tooLarge(bytes.byteLength, artifactBytesMax);
      const digest = digestOf(bytes);
      const path = pathOf(directory, digest);
      if (!(await holds(path, digest))) await writeAtomically(directory, path, bytes);
      return digest;
    },
    get: async (digest, bytesMax) => {
      const bytes = await readBounded(pathOf(directory, digest), bytesMax);
      if (bytes === undefined) throw new ArtifactError('missing', `${digest} is not in this store`);
      if (digestOf(bytes) === digest) return bytes;
      throw new ArtifactError('corrupted', `the stored bytes of ${digest} do not match the digest`);
    },
    has: async digest => {
      const file = await openExisting(pathOf(directory, digest));
      await file?.close();
      return file !== undefined;
    },
    note: async (name, digest) => {
      const folder = notesOf(directory, name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(join(folder, hexOf(digest)), 'a', 0o600);
      await file.close();
      for (const parent of [folder, dirname(folder), directory]) await syncDirectory(parent);
    },
    noted: async name => {
      const found = await readdir(notesOf(directory, name)).catch(ifMissing);
      return found.map(hex => `sha256:${hex}` as const).filter(isArtifactDigest);
    },
  };
}

const ARTIFACT_BYTES_MAX_BY_DEFAULT = 512 * 1024 * 1024;

function digestOf(bytes: Uint8Array): ArtifactDigest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** One folder per name, encoded so that it is a valid file name. */
function notesOf(directory: string, name: string): string {
  return join(directory, 'names', encodeURIComponent(name));
}

function ifMissing(error: unknown): readonly string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}

function hexOf(digest: string): string {
  if (!isArtifactDigest(digest))
    throw new ArtifactError('not-a-digest', 'an artifact digest must be sha256:<64 hex digits>');
  return digest.slice('sha256:'.length);
}

function pathOf(directory: string, digest: string): string {
  const hex = hexOf(digest);
  return join(directory, 'sha256', hex.slice(0, 2), hex.slice(2));
}

function tooLarge(bytes: number, bytesMax: number): ArtifactError {
  return new ArtifactError('too-large', `the artifact has ${bytes} bytes; the limit is ${bytesMax}`);
}

/** Damaged bytes count as absent, so that putting the right ones repairs the artifact. */
async function holds(path: string, digest: ArtifactDigest): Promise<boolean> {
  const bytes = await readBounded(path, Number.MAX_SAFE_INTEGER);
  return bytes !== undefined && digestOf(bytes) === digest;
}

/** Two writers of the same bytes rename the same content over each other, so their order does not matter. */
async function writeAtomically(directory: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(directory, 'tmp', randomUUID());
  await mkdir(dirname(temporary), { recursive: true, mode: 0o700 });
  const created = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
  if (created !== undefined)
    for (const parent of [join(directory, 'sha256'), directory]) await syncDirectory(parent);
}

/** A file's name is durable only after its directory is synced. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readBounded(path: string, bytesMax: number): Promise<Uint8Array | undefined> {
  const file = await openExisting(path);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size > bytesMax) throw tooLarge(size, bytesMax);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
