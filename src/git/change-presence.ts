/**
 * Whether a change is still in a later commit, by content: ancestry stays true after a revert. The question of each file
 * is whether applying the change once more would do anything. Only trees and blobs of the mirror are read.
 */
import { linesStay, type Sides } from './lines-stay.ts';
import { requireCommitId } from './mirror.ts';
import { absentSha, blobSizes, type ObjectSource, type RawChange, rawChanges, within } from './objects.ts';
import { runGit } from './run-git.ts';

/**
 * - `present`: every file has what the change gave it; others may have edited the files elsewhere.
 * - `gone`: files are, in whole or in part, as they were before the change.
 * - `unclear`: the changed lines were changed again, or a file cannot be compared.
 */
export type Presence = 'present' | 'gone' | 'unclear';

export interface PresenceFinding {
  readonly presence: Presence;
  /** The files that decide it; none when present. */
  readonly paths: readonly string[];
}

export interface PresenceQuestion extends ObjectSource {
  /** A commit with one parent: what it changed is the change. */
  readonly change: string;
  /** The later commit. Both must be in the mirror, and the parent of `change` too. */
  readonly at: string;
}

/** More rewritten files than this are not compared line by line: each costs a process of git. */
const COMPARED_FILES_MAX = 60;
/** All three sides of one file. */
const COMPARED_BYTES_MAX = 6 * 1024 * 1024;

export async function findChange(question: PresenceQuestion): Promise<PresenceFinding> {
  const { change, at } = question;
  const base = await parentOf(question, change);
  if (base === undefined) return { presence: 'unclear', paths: [] };
  const since = await rawChanges(question, change, at);
  const found: (readonly [Presence, string])[] = [];
  let compared = 0;
  for (const file of await rawChanges(question, base, change)) {
    const decided = decidedAtOnce(file, since);
    const presence =
      decided ?? (compared++ < COMPARED_FILES_MAX ? await byLines(question, file, since) : 'unclear');
    found.push([presence, file.path]);
  }
  const worst = (['gone', 'unclear'] as const).find(bad => found.some(([presence]) => presence === bad));
  if (worst === undefined) return { presence: 'present', paths: [] };
  return { presence: worst, paths: found.filter(([presence]) => presence === worst).map(([, path]) => path) };
}

const FIRST_PARENT = /^tree [0-9a-f]{40}\nparent (?<parent>[0-9a-f]{40})\n/;

/** Undefined for the first commit of a history. Read from the commit itself: a shallow mirror hides its parents. */
export async function parentOf(source: ObjectSource, commit: string): Promise<string | undefined> {
  requireCommitId(commit);
  const { exitCode, stdout } = await runGit({ ...within(source), args: ['cat-file', 'commit', commit] });
  return exitCode === 0 ? FIRST_PARENT.exec(stdout.toString('latin1'))?.groups?.['parent'] : undefined;
}

/** Undefined when both the change and others changed the file. */
function decidedAtOnce(file: RawChange, since: readonly RawChange[]): Presence | undefined {
  const later = since.find(({ path }) => path === file.path);
  if (later === undefined) return 'present';
  if (isMoved(file, later, since)) return 'present';
  if (later.newSha === file.oldSha && later.newMode === file.oldMode) return 'gone';
  return undefined;
}

/** The file has another name now, with the content of the change. */
function isMoved(file: RawChange, later: RawChange, since: readonly RawChange[]): boolean {
  const isElsewhere = ({ oldSha, newSha }: RawChange): boolean =>
    oldSha === absentSha && newSha === file.newSha;
  return later.newSha === absentSha && file.newSha !== absentSha && since.some(isElsewhere);
}

const PLAIN_FILES: readonly string[] = ['100644', '100755'];

async function byLines(
  source: ObjectSource,
  file: RawChange,
  since: readonly RawChange[],
): Promise<Presence> {
  const later = since.find(({ path }) => path === file.path);
  if (later === undefined || later.newMode !== file.newMode || !PLAIN_FILES.includes(later.newMode))
    return 'unclear';
  const sides: Sides = { before: file.oldSha, changed: file.newSha, now: later.newSha };
  const known = [sides.before, sides.changed, sides.now].filter(sha => sha !== absentSha);
  const sizes = await blobSizes(source, known);
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? COMPARED_BYTES_MAX + 1), 0);
  return bytes > COMPARED_BYTES_MAX ? 'unclear' : await linesStay(source, sides, COMPARED_BYTES_MAX);
}
