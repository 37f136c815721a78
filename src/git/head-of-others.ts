/** A head that others left on our branch: what it is based on, and its files as they differ from there. Data only. */
import type { ChangeEntry, RefusedEntry } from '../contracts/change-manifest.ts';
import { defaultManifestLimits, PATH_BYTES_MAX } from '../contracts/change-manifest.ts';
import { at, isAncestor, type Mirror, requireCommitId, resolve } from './mirror.ts';
import { ABSENT_MODE, blobSizes, type RawChange, rawChanges, readBlobs } from './objects.ts';
import { gitFailure, gitOutput, runGit } from './run-git.ts';

export interface HeadOfOthers {
  readonly mirror: Mirror;
  readonly head: string;
  /** The commit that we left on the branch. */
  readonly ours: string;
  /** The head of the target branch. It and `head` are in the mirror. */
  readonly into: string;
}

export interface Unfit {
  readonly reason: string;
}

/** More merges than adopted commits cannot be. */
const MERGES_MAX = 50;
/** Each costs two processes of git, and one commit can have a million. */
const PARENTS_MAX = 8;

/**
 * The commit of the target branch on which the head is based: the one that was merged into it last. Besides ours, it may
 * have merged the target branch only, because what else it brings was not seen by whoever adopts it.
 */
export async function baseOfHead(found: HeadOfOthers): Promise<{ readonly base: string } | Unfit> {
  const { mirror, head, ours, into } = found;
  // The mirror has all that the head contains; our own commit is in a quarantine until someone fetches it.
  if ((await resolve(mirror, ours)) === undefined || !(await isAncestor(mirror, ours, head)))
    return { reason: 'the branch was replaced: it does not contain the commit of Signalbox any more' };
  if (await bringsOthers(found))
    return { reason: 'the commit of Signalbox below it was made for another branch' };
  const bases = await mergeBases(mirror, into, head);
  const [base] = bases;
  if (base === undefined) return { reason: 'it has no commit in common with the target branch' };
  if (bases.length > 1)
    return { reason: 'it has more than one base on the target branch; merge the target branch into it' };
  const stranger = await strangeMerge(found);
  if (stranger !== undefined)
    return { reason: `the commit ${stranger.slice(0, 12)} merges something other than the target branch` };
  return { base };
}

/** Ours is one commit on the target branch. After a change of the target, there is more below it that nobody adopted. */
async function bringsOthers({ mirror, ours, into }: HeadOfOthers): Promise<boolean> {
  const args = ['rev-list', '--max-count=2', ours, `^${into}`];
  return linesOf(await gitOutput({ ...at(mirror), args })).length > 1;
}

async function mergeBases(mirror: Mirror, one: string, other: string): Promise<readonly string[]> {
  requireCommitId(one);
  requireCommitId(other);
  const command = { ...at(mirror), args: ['merge-base', '--all', one, other] };
  const result = await runGit(command);
  if (result.exitCode > 1) throw gitFailure(command, result);
  return linesOf(result.stdout);
}

/** A merge of which one side is neither on the target branch nor on top of ours. */
async function strangeMerge({ mirror, head, ours, into }: HeadOfOthers): Promise<string | undefined> {
  const args = [
    'rev-list',
    '--merges',
    '--parents',
    `--max-count=${MERGES_MAX}`,
    head,
    `^${into}`,
    `^${ours}`,
  ];
  for (const line of linesOf(await gitOutput({ ...at(mirror), args }))) {
    const [merge = '', ...parents] = line.split(' ');
    if (parents.length > PARENTS_MAX) return merge;
    for (const parent of parents) {
      if (await isAncestor(mirror, parent, into)) continue;
      if (!(await isAncestor(mirror, ours, parent))) return merge;
    }
  }
  return undefined;
}

function linesOf(output: Buffer): readonly string[] {
  return output.toString('utf8').split('\n').filter(Boolean);
}

export interface ReadLimits {
  readonly filesMax: number;
  /** Of all files together. */
  readonly bytesMax: number;
}

/** Every file that differs between the two commits. What no change can contain is named, and refused when it is built. */
export async function filesOfHead(
  { mirror, head }: Pick<HeadOfOthers, 'mirror' | 'head'>,
  base: string,
  limits: ReadLimits,
): Promise<readonly (ChangeEntry | RefusedEntry)[] | Unfit> {
  const changes = await rawChanges({ mirror }, base, head);
  if (changes.length === 0) return { reason: 'it has the same files as the target branch' };
  if (changes.length > limits.filesMax)
    return { reason: `it changes ${changes.length} files, more than ${limits.filesMax}` };
  const shas = [...new Set(changes.filter(isFile).map(({ newSha }) => newSha))];
  const sizes = await blobSizes({ mirror }, shas);
  const sizeOf = new Map(shas.map((sha, index) => [sha, sizes[index] ?? Number.POSITIVE_INFINITY]));
  // Equal files are one blob here, but not in a manifest.
  const total = changes.reduce((sum, { newSha }) => sum + (sizeOf.get(newSha) ?? 0), 0);
  if (total > limits.bytesMax)
    return { reason: `its changed files have ${total} bytes, more than ${limits.bytesMax}` };
  const blobs = await readBlobs({ mirror }, shas, limits.bytesMax);
  return changes.map(change => entryOf(change, blobs.get(change.newSha)));
}

function isFile({ newMode }: RawChange): boolean {
  return newMode === '100644' || newMode === '100755';
}

function entryOf(change: RawChange, bytes: Buffer | undefined): ChangeEntry | RefusedEntry {
  const { path, newMode } = change;
  if (path.includes('\ufffd')) return { path, reason: 'path-not-utf8' };
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) return { path: cut(path), reason: 'path-too-long' };
  if (newMode === ABSENT_MODE) return { path, mode: 'deleted' };
  if (newMode === '120000') return { path, reason: 'symlink' };
  if (newMode === '160000') return { path, reason: 'submodule' };
  if (bytes === undefined || (newMode !== '100644' && newMode !== '100755'))
    return { path, reason: 'special-file' };
  return bytes.length > defaultManifestLimits.fileBytesMax
    ? { path, reason: 'too-large' }
    : { path, mode: newMode, bytes };
}

function cut(path: string): string {
  return Buffer.from(path)
    .subarray(0, PATH_BYTES_MAX - 3)
    .toString('utf8');
}
