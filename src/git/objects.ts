/** Reads trees, blobs and raw diffs from the mirror or a quarantine; never from a work tree. */
import { join } from 'node:path';
import { GitError } from './git-error.ts';
import type { Mirror } from './mirror.ts';
import { at, requireCommitId } from './mirror.ts';
import type { GitCommand } from './run-git.ts';
import { gitLine, gitOutput, runGit } from './run-git.ts';

/** Where to read objects: the mirror and, when given, a quarantine next to it. */
export interface ObjectSource {
  readonly mirror: Mirror;
  readonly objectDirectory?: string | undefined;
}

export interface TreeEntry {
  readonly path: string;
  /** `100644`, `100755`, `120000` (symbolic link) or `160000` (nested repository). */
  readonly mode: string;
  readonly sha: string;
}

export interface RawChange {
  readonly path: string;
  readonly status: string;
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldSha: string;
  readonly newSha: string;
}

export const absentSha = '0'.repeat(40);
export const ABSENT_MODE = '000000';

/** Every file of a commit, directories expanded. */
export async function listTree(source: ObjectSource, commit: string): Promise<TreeEntry[]> {
  requireCommitId(commit);
  const output = await gitOutput({ ...within(source), args: ['ls-tree', '-r', '-z', '--full-tree', commit] });
  return splitZero(output).map(record => {
    const [, mode = '', sha = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(record) ?? [];
    return { path, mode, sha };
  });
}

/** The differences between two commits or trees, without rename detection: each path once, with both sides. */
export async function rawChanges(source: ObjectSource, base: string, commit: string): Promise<RawChange[]> {
  requireCommitId(base);
  requireCommitId(commit);
  const args = [
    'diff-tree',
    '-r',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    `${base}^{tree}`,
    `${commit}^{tree}`,
  ];
  return parseRaw(splitZero(await gitOutput({ ...within(source), args })));
}

export interface ReadBlobInput extends ObjectSource {
  readonly commit: string;
  readonly path: string;
  readonly bytesMax: number;
}

/** The bytes of one file of a commit; undefined when it does not exist. Throws when it exceeds the limit. */
export async function readBlob(input: ReadBlobInput): Promise<Buffer | undefined> {
  requireCommitId(input.commit);
  const name = `${input.commit}:${input.path}`;
  if (/[\n\0]/.test(name) || input.path.startsWith('.')) return readBlobFromTree(input);
  const [size] = await blobSizes(input, [name]);
  if (size === undefined) return undefined;
  if (size > input.bytesMax)
    throw new GitError('output-too-large', `${input.path} has ${size} bytes, more than ${input.bytesMax}`);
  return gitOutput({
    ...within(input),
    args: ['cat-file', 'blob', name],
    outputBytesMax: input.bytesMax + 1,
  });
}

/** Sizes of blobs, in the order of `names`; undefined for a missing object or one that is not a blob. */
export async function blobSizes(
  source: ObjectSource,
  names: readonly string[],
): Promise<(number | undefined)[]> {
  if (names.length === 0) return [];
  const args = ['cat-file', '--batch-check=%(objecttype) %(objectsize)'];
  const output = await gitOutput({ ...within(source), args, input: names.map(name => `${name}\n`).join('') });
  return output
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map(line => {
      const size = /^blob (\d+)$/.exec(line)?.[1];
      return size === undefined ? undefined : Number(size);
    });
}

/** Reads many blobs by id with one process. `bytesMax` bounds the sum, although the caller has checked the sizes. */
export async function readBlobs(
  source: ObjectSource,
  shas: readonly string[],
  bytesMax: number,
): Promise<Map<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  if (shas.length === 0) return blobs;
  const outputBytesMax = bytesMax + shas.length * 80;
  const output = await gitOutput({
    ...within(source),
    args: ['cat-file', '--batch'],
    input: `${shas.join('\n')}\n`,
    outputBytesMax,
  });
  let offset = 0;
  for (const sha of shas) {
    const headerEnd = output.indexOf(0x0a, offset);
    const header = /^([0-9a-f]{40}) blob (\d+)$/.exec(output.toString('latin1', offset, headerEnd));
    if (header?.[1] !== sha) throw new GitError('failed', `blob ${sha} is missing`);
    const start = headerEnd + 1;
    offset = start + Number(header[2]) + 1;
    blobs.set(sha, output.subarray(start, offset - 1));
  }
  return blobs;
}

export async function treeOf(source: ObjectSource, commit: string): Promise<string> {
  requireCommitId(commit);
  return await gitLine({ ...within(source), args: ['rev-parse', `${commit}^{tree}`] });
}

export async function hasCommit(source: ObjectSource, commit: string): Promise<boolean> {
  requireCommitId(commit);
  const result = await runGit({ ...within(source), args: ['cat-file', '-e', `${commit}^{commit}`] });
  return result.exitCode === 0;
}

/** The fields of a command that reads from this source; if it writes, it writes into the quarantine. */
export function within(source: ObjectSource): Pick<GitCommand, 'gitDir' | 'host' | 'variables'> {
  return { ...at(source.mirror), variables: objectVariables(source) };
}

export function objectVariables(source: ObjectSource): Record<string, string> {
  if (source.objectDirectory === undefined) return {};
  return {
    GIT_OBJECT_DIRECTORY: source.objectDirectory,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(source.mirror.gitDir, 'objects'),
  };
}

/** `commit:path` cannot express every path (newlines, a leading `./`), but the tree listing contains them all. */
async function readBlobFromTree(input: ReadBlobInput): Promise<Buffer | undefined> {
  const entry = (await listTree(input, input.commit)).find(
    one => one.path === input.path && one.mode !== '160000',
  );
  return entry === undefined
    ? undefined
    : (await readBlobs(input, [entry.sha], input.bytesMax)).get(entry.sha);
}

function splitZero(output: Buffer): string[] {
  return output.toString('utf8').split('\0').slice(0, -1);
}

function parseRaw(records: readonly string[]): RawChange[] {
  const changes: RawChange[] = [];
  for (let index = 0; index + 1 < records.length; index += 2) {
    const found = /^:(\d{6}) (\d{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) ([A-Z])/.exec(records[index] ?? '');
    if (found === null) throw new GitError('failed', 'git diff-tree wrote a record in an unknown format');
    const [, oldMode = '', newMode = '', oldSha = '', newSha = '', status = ''] = found;
    changes.push({ path: records[index + 1] ?? '', status, oldMode, newMode, oldSha, newSha });
  }
  return changes;
}
