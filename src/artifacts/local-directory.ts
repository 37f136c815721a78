/**
 * The store as a directory: `sha256/ab/cdef…` holds the bytes, `trash/ab/cdef…` what `prune` discarded, an empty file
 * `names/<name>/<digest>` is a note. A file gets its name only when it is complete and on disk, so no process ever sees
 * half of one. A killed writer leaves only a file in `tmp`.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checked, artifactDigestOf, hexInDigest, shelfOf, tooLarge } from './digest.ts';
import {
  ARTIFACT_BYTES_MAX,
  type ArtifactDigest,
  isArtifactDigest,
  type RetainingStore,
  type StoredArtifact,
} from './port.ts';

export interface LocalDirectoryOptions {
  readonly directory: string;
  /** Larger artifacts are refused when put. */
  readonly artifactBytesMax?: number;
}

/** Ignores the media type, which a directory cannot store; it is for stores that serve their artifacts. */
export function createLocalDirectoryStore(options: LocalDirectoryOptions): RetainingStore {
  const { directory, artifactBytesMax = ARTIFACT_BYTES_MAX } = options;
  return {
    put: async bytes => {
      if (bytes.byteLength > artifactBytesMax) throw tooLarge(bytes.byteLength, artifactBytesMax);
      const digest = artifactDigestOf(bytes);
      const path = pathOf(directory, digest);
      if (!(await holds(path, digest))) await writeAtomically(directory, path, bytes);
      return digest;
    },
    get: async (digest, bytesMax) => {
      const found = await readBounded(pathOf(directory, digest), bytesMax);
      return checked(found ?? (await readBounded(pathOf(directory, digest, TRASH), bytesMax)), digest);
    },
    has: async digest =>
      (await isThere(pathOf(directory, digest))) || (await isThere(pathOf(directory, digest, TRASH))),
    note: async (name, digest) => {
      const folder = notesOf(directory, name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(join(folder, hexInDigest(digest)), 'a', 0o600);
      await file.close();
      for (const parent of [folder, dirname(folder), directory]) await syncDirectory(parent);
    },
    noted: async name => {
      const found = await readdir(notesOf(directory, name)).catch(ifMissing);
      return found.map(hex => `sha256:${hex}` as const).filter(isArtifactDigest);
    },
    notes: async function* () {
      for (const name of await readdir(join(directory, 'names')).catch(ifMissing))
        for (const hex of await readdir(join(directory, 'names', name)))
          if (isArtifactDigest(`sha256:${hex}`)) yield `sha256:${hex}`;
    },
    artifacts: async function* () {
      yield* filesIn(directory, SHELF);
      yield* filesIn(directory, TRASH);
    },
    discard: async digest => {
      await move(directory, { from: pathOf(directory, digest), to: pathOf(directory, digest, TRASH) });
    },
    restore: async digest => {
      await move(directory, { from: pathOf(directory, digest, TRASH), to: pathOf(directory, digest) });
    },
    remove: async digest => {
      await unlink(pathOf(directory, digest, TRASH)).catch(ifMissing);
    },
  };
}

const SHELF = 'sha256';
const TRASH = 'trash';

/** One folder per name, encoded so that it is a valid file name. */
function notesOf(directory: string, name: string): string {
  return join(directory, 'names', encodeURIComponent(name));
}

function ifMissing(error: unknown): readonly [] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}

function pathOf(directory: string, digest: string, shelf: typeof SHELF | typeof TRASH = SHELF): string {
  return join(directory, shelf, shelfOf(digest));
}

/** Damaged bytes count as absent, so that putting the right ones repairs the artifact. */
async function holds(path: string, digest: ArtifactDigest): Promise<boolean> {
  const bytes = await readBounded(path, Number.MAX_SAFE_INTEGER);
  return bytes !== undefined && artifactDigestOf(bytes) === digest;
}

/** The time of its file says since when an artifact is where it is; a crash after setting it makes it only younger. */
async function move(
  directory: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const now = new Date();
  try {
    await utimes(from, now, now);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
  } catch (error) {
    ifMissing(error);
    return;
  }
  for (const parent of [dirname(to), dirname(from), directory]) await syncDirectory(parent);
}

async function* filesIn(
  directory: string,
  shelf: typeof SHELF | typeof TRASH,
): AsyncGenerator<StoredArtifact> {
  for (const folder of await readdir(join(directory, shelf)).catch(ifMissing))
    for (const rest of await readdir(join(directory, shelf, folder))) {
      const digest = `sha256:${folder}${rest}`;
      const found = isArtifactDigest(digest) ? await statOf(pathOf(directory, digest, shelf)) : undefined;
      if (found === undefined || !isArtifactDigest(digest)) continue;
      yield { digest, bytes: found.size, isInTrash: shelf === TRASH, sinceMs: found.mtimeMs };
    }
}

/** Undefined if it was removed in the meantime. */
async function statOf(path: string) {
  return await stat(path).catch((error: unknown) => {
    ifMissing(error);
    return undefined;
  });
}

async function isThere(path: string): Promise<boolean> {
  const file = await openExisting(path);
  await file?.close();
  return file !== undefined;
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
