/**
 * The keys of a bucket, below its prefix. What only the scheduler may write is below `scheduler/`, so that a policy can
 * deny it to the runner. No key is a folder of another: some servers keep keys as files.
 */
import { shelfOf } from '../digest.ts';
import { type ArtifactDigest, isArtifactDigest } from '../port.ts';

export const SHELF = 'sha256/';
export const TRASH = 'trash/';
export const NOTES = 'scheduler/names/';

export function shelfKey(digest: ArtifactDigest): string {
  return `${SHELF}${shelfOf(digest)}`;
}

export function trashKey(digest: ArtifactDigest): string {
  return `${TRASH}${shelfOf(digest)}`;
}

export function notesPrefix(name: string): string {
  return `${NOTES}${escaped(name)}/`;
}

export function noteKey(name: string, digest: ArtifactDigest): string {
  return `${notesPrefix(name)}${digest.slice('sha256:'.length)}`;
}

/** The artifact whose key this is; undefined for anything else that is there, also for a name of ours in another folder. */
export function digestInKey(key: string): ArtifactDigest | undefined {
  const [, folder = '', rest = ''] = /^(?:sha256|trash)\/([0-9a-f]{2})\/([0-9a-f]{62})$/.exec(key) ?? [];
  return digestOf(`${folder}${rest}`);
}

export function digestInNote(key: string): ArtifactDigest | undefined {
  return digestOf(/^scheduler\/names\/[^/]+\/([0-9a-f]{64})$/.exec(key)?.[1] ?? '');
}

function digestOf(hex: string): ArtifactDigest | undefined {
  const digest = `sha256:${hex}`;
  return isArtifactDigest(digest) ? digest : undefined;
}

/** Letters and digits stay; everything else is `_` and two hex digits for each byte. Two names never become one. */
function escaped(name: string): string {
  return [...Buffer.from(name, 'utf8')]
    .map(byte => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
