/** Copies a commit, with or without its history, from one repository into another as a pack. The two share no file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type History, withinHistory } from './history.ts';
import type { Mirror } from './mirror.ts';
import { within } from './objects.ts';
import { gitOutput } from './run-git.ts';

export interface CopyHistoryInput {
  readonly mirror: Mirror;
  readonly base: string;
  /** The git directory to copy into. */
  readonly into: string;
  /** Absent: all of it, without a limit. */
  readonly history?: History | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const COPY_TIMEOUT_MS = 5 * 60_000;

/**
 * Writes one pack with the base, and with everything reachable from it unless it is shallow, into the target repository. The
 * target's object directory must be the primary one: pack-objects renames its temporary file from there, and a rename cannot
 * cross file systems.
 */
export async function copyHistory({ mirror, base, into, history, signal }: CopyHistoryInput): Promise<void> {
  const objectDirectory = join(into, 'objects');
  await mkdir(join(objectDirectory, 'pack'), { recursive: true });
  const isShallow = history?.kind === 'shallow';
  const pack = async (limited: AbortSignal | undefined): Promise<Buffer> =>
    await gitOutput({
      ...within({ mirror, objectDirectory }),
      args: [
        ...['pack-objects', '--quiet', '--revs', '--delta-base-offset'],
        // Reuse the mirror's deltas: searching for better ones costs more than it saves.
        ...['--window=0', join(objectDirectory, 'pack', 'pack')],
      ],
      input: isShallow ? `--shallow ${base}\n${base}\n` : `${base}\n`,
      timeoutMs: COPY_TIMEOUT_MS,
      signal: limited,
    });
  await withinHistory({ objectDirectory, history, signal }, pack);
  if (isShallow) await writeFile(join(into, 'shallow'), `${base}\n`);
}
