/** Which artifacts `prune` discards, restores and removes. Pure. */
import type { ArtifactDigest, StoredArtifact } from '../../../artifacts/port.ts';

/** What was discarded can still be read this long: also by a run that found it in its place a moment before. */
export const TRASH_MS = 7 * 86_400_000;

export interface PruneInput {
  readonly stored: readonly StoredArtifact[];
  readonly needed: ReadonlySet<ArtifactDigest>;
  readonly nowMs: number;
  readonly olderThanMs: number;
}

export interface PrunePlan {
  /** Into the trash. */
  readonly discard: readonly StoredArtifact[];
  /** Out of the trash, back to their place. */
  readonly restore: readonly StoredArtifact[];
  /** Out of the trash, for good. */
  readonly remove: readonly StoredArtifact[];
}

export function prunePlan({ stored, needed, nowMs, olderThanMs }: PruneInput): PrunePlan {
  const shelf = stored.filter(one => !one.isInTrash);
  const trash = stored.filter(one => one.isInTrash);
  const isOnShelf = new Set(shelf.map(({ digest }) => digest));
  const isNeeded = ({ digest }: StoredArtifact): boolean => needed.has(digest);
  const isOlder = ({ sinceMs }: StoredArtifact, ageMs: number): boolean => nowMs - sinceMs > ageMs;
  return {
    discard: shelf.filter(one => !isNeeded(one) && isOlder(one, olderThanMs)),
    restore: trash.filter(one => isNeeded(one) && !isOnShelf.has(one.digest)),
    remove: trash.filter(one => isOlder(one, TRASH_MS) && (!isNeeded(one) || isOnShelf.has(one.digest))),
  };
}
