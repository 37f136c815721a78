/** Copies what a commit reaches from one repository into another as a pack: bytes only, and no file is shared. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mirror } from './mirror.ts';
import { within } from './objects.ts';
import { gitOutput } from './run-git.ts';

export interface CopyHistoryInput {
  readonly mirror: Mirror;
  readonly base: string;
  /** The git directory of the receiver. */
  readonly into: string;
  readonly signal?: AbortSignal | undefined;
}

export const copyTimeoutMs = 5 * 60_000;

/**
 * One pack with what the base reaches, written straight into the receiver. Its object directory must be the primary
 * one: pack-objects moves its temporary file from there, and a move cannot cross file systems.
 */
export async function copyHistory({ mirror, base, into, signal }: CopyHistoryInput): Promise<void> {
  const objectDirectory = join(into, 'objects');
  await mkdir(join(objectDirectory, 'pack'), { recursive: true });
  await gitOutput({
    ...within({ mirror, objectDirectory }),
    args: [
      ...['pack-objects', '--quiet', '--revs', '--delta-base-offset'],
      // The deltas of the mirror are taken over; to look for better ones costs more than they save.
      ...['--window=0', join(objectDirectory, 'pack', 'pack')],
    ],
    input: `${base}\n`,
    timeoutMs: copyTimeoutMs,
    signal,
  });
}
