/** Obeys the git attributes of the tree that is committed: which files are stored otherwise than they were written. */
import { join } from 'node:path';
import type { Refusal } from '../domain/state/work.ts';
import { attributesOf } from './attributes.ts';
import type { WantedEntry } from './change-entries.ts';
import { convertedBlobs } from './convert.ts';
import type { ObjectSource, RawChange } from './objects.ts';
import { ABSENT_MODE, listTree, within } from './objects.ts';
import { printablePath } from './path-rules.ts';
import { gitLine } from './run-git.ts';
import { conversionOf, storingProblem } from './stored-form.ts';

export interface StoringInput extends ObjectSource {
  readonly base: string;
  readonly entries: readonly WantedEntry[];
  /** What the entries change if they are stored as they were written. */
  readonly changes: readonly RawChange[];
  /** Holds the tree of the change. */
  readonly indexFile: string;
  /** Has no `git` and no `converted` in it. */
  readonly scratchDir: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Stored {
  readonly refusals: readonly Refusal[];
  /** Blob ids by path, only of files that git converts. */
  readonly converted: ReadonlyMap<string, string>;
}

interface Written {
  readonly change: RawChange;
  readonly bytes: Buffer;
}

export async function asGitStores(input: StoringInput): Promise<Stored> {
  const written = writtenFiles(input);
  if (written.length === 0) return { refusals: [], converted: new Map() };
  // The mirror's own git directory has an `info/attributes` that overrides all others.
  const gitDir = join(input.scratchDir, 'git');
  const command = { ...within(input), gitDir, signal: input.signal };
  await gitLine({
    ...command,
    args: ['init', '--quiet', '--bare', '--template=', '--initial-branch=unused'],
  });
  const variables = { ...command.variables, GIT_INDEX_FILE: input.indexFile };
  const paths = written.map(({ change }) => change.path);
  const attributes = await attributesOf({ ...command, variables }, paths);
  const refusals = await refusalsOf(input, written, attributes);
  if (refusals.length > 0) return { refusals, converted: new Map() };
  const files = written.flatMap(({ change, bytes }) => {
    const line = conversionOf(attributes.get(change.path) ?? {}, bytes);
    const former = change.oldMode.startsWith('100') ? change.oldSha : undefined;
    return line === undefined ? [] : [{ path: change.path, bytes, attributes: line, former }];
  });
  if (files.length === 0) return { refusals, converted: new Map() };
  const blobs = await convertedBlobs({ command, scratchDir: join(input.scratchDir, 'converted'), files });
  return { refusals, converted: new Map(files.map(({ path }, at) => [path, blobs[at] ?? ''])) };
}

function writtenFiles({ entries, changes }: StoringInput): readonly Written[] {
  const byPath = new Map(entries.map(({ path, bytes }) => [path, bytes]));
  return changes
    .filter(({ newMode }) => newMode !== ABSENT_MODE)
    .flatMap(change => {
      const bytes = byPath.get(change.path);
      return bytes === undefined ? [] : [{ change, bytes }];
    });
}

/** A file that only gets another name, place or mode is already stored: its pointer, or what the filter made of it. */
async function refusalsOf(
  source: StoringInput,
  written: readonly Written[],
  attributes: Awaited<ReturnType<typeof attributesOf>>,
): Promise<readonly Refusal[]> {
  const found = written.flatMap(({ change, bytes }) => {
    const reason = storingProblem(attributes.get(change.path) ?? {}, bytes);
    return reason === undefined ? [] : [{ change, reason }];
  });
  if (found.length === 0) return [];
  const inBase = new Set((await listTree({ mirror: source.mirror }, source.base)).map(({ sha }) => sha));
  return found
    .filter(({ change }) => !inBase.has(change.newSha))
    .map(({ change, reason }) => ({ path: printablePath(change.path), reason }));
}
