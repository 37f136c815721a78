/** Builds the tree of a change on its base, as git would store it, in an index and an object directory of its own. */
import { join } from 'node:path';
import type { Refusal } from '../domain/state/work.ts';
import { asGitStores } from './as-git-stores.ts';
import type { StoredEntry, WantedEntry } from './change-entries.ts';
import { treeRefusals } from './change-entries.ts';
import { writeLooseBlob } from './loose-object.ts';
import type { ObjectSource, RawChange } from './objects.ts';
import { absentSha, rawChanges, within } from './objects.ts';
import type { GitCommand, GitResult } from './run-git.ts';
import { gitFailure, runGit } from './run-git.ts';

export interface ChangeTreeInput extends ObjectSource {
  readonly objectDirectory: string;
  readonly base: string;
  /** Checked by `entryRefusals`. */
  readonly entries: readonly WantedEntry[];
  /** Used for nothing else. */
  readonly scratchDir: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ChangeTree {
  readonly tree: string;
  readonly changes: readonly RawChange[];
  /** Their files are in the tree as they were written. */
  readonly unstored: readonly Refusal[];
}

export async function changeTree(
  input: ChangeTreeInput,
): Promise<ChangeTree | { readonly refusals: readonly Refusal[] }> {
  const { base, entries, scratchDir, signal } = input;
  const indexFile = join(scratchDir, 'index');
  const run = runnerFor(input, indexFile);
  const written = await writeEntries(entries, input.objectDirectory);
  await run({ args: ['read-tree', base] });
  const indexed = await run({ ...indexing(written), tolerant: true });
  // For a bad path, git prints "Ignoring path" and exits with 0, so any message refuses the change.
  if (indexed.exitCode !== 0 || indexed.stderr !== '')
    return { refusals: [{ path: '', reason: `git rejects the tree: ${indexed.stderr}` }] };
  const asWritten = await writtenTree(input, run);
  const stored = await asGitStores({
    ...{ mirror: input.mirror, objectDirectory: input.objectDirectory },
    ...{ base, entries, changes: asWritten.changes, indexFile, scratchDir, signal },
  });
  const { converted, refusals: unstored } = stored;
  const expected = written.map(entry => ({ ...entry, sha: converted.get(entry.path) ?? entry.sha }));
  if (converted.size > 0) await run(indexing(expected.filter(({ path }) => converted.has(path))));
  const made = converted.size > 0 ? await writtenTree(input, run) : asWritten;
  const refusals = treeRefusals(expected, made.changes);
  return refusals.length > 0 ? { refusals } : { ...made, unstored };
}

interface Step {
  readonly args: readonly string[];
  readonly input?: Buffer;
  readonly tolerant?: boolean;
}

type Run = (step: Step) => Promise<GitResult>;

function runnerFor(input: ChangeTreeInput, indexFile: string): Run {
  const shared = within(input);
  const variables = { ...shared.variables, GIT_INDEX_FILE: indexFile };
  return async ({ tolerant, ...step }) => {
    const command: GitCommand = { ...shared, ...step, variables, signal: input.signal };
    const result = await runGit(command);
    if (tolerant !== true && (result.exitCode !== 0 || result.stderr !== ''))
      throw gitFailure(command, result);
    return result;
  };
}

async function writtenTree(input: ChangeTreeInput, run: Run): Promise<Omit<ChangeTree, 'unstored'>> {
  const tree = (await run({ args: ['write-tree'] })).stdout.toString('utf8').trim();
  return { tree, changes: await rawChanges(input, input.base, tree) };
}

async function writeEntries(
  entries: readonly WantedEntry[],
  objectDirectory: string,
): Promise<readonly StoredEntry[]> {
  const written: StoredEntry[] = [];
  for (const { path, mode, bytes } of entries) {
    const sha = bytes === undefined ? absentSha : await writeLooseBlob(objectDirectory, bytes);
    written.push({ path, mode, sha });
  }
  return written;
}

function indexing(entries: readonly StoredEntry[]): Step {
  const lines = entries.map(({ path, mode, sha }) => `${mode === 'deleted' ? '0' : mode} ${sha}\t${path}\0`);
  return { args: ['update-index', '-z', '--index-info'], input: Buffer.from(lines.join('')) };
}
