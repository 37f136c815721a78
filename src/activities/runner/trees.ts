/** The trees that runners check out. */
import type { ChangeEntry } from '../../contracts/change-manifest.ts';
import type { Mirror } from '../../git/mirror.ts';

/** A commit of the mirror, or, with `objectDirectory`, of a quarantine. */
export interface CommitTree {
  readonly mirror: Mirror;
  readonly objectDirectory?: string;
  readonly commit: string;
}

/** A tree to check: a commit, and files that replace or add to its own. */
export interface Tree extends CommitTree {
  readonly overlay: readonly Exclude<ChangeEntry, { mode: 'deleted' }>[];
}
