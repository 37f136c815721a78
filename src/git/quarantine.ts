/**
 * Builds one commit from the bytes of a change, in a separate index and object directory next to the mirror.
 * Nothing enters the mirror, no patch is parsed, and any warning of git refuses the change.
 */
import { lstat, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMIT_IDENTITY } from '../domain/commit-identity.ts';
import { namesIn } from '../host/open-folder.ts';
import { removeTree } from '../host/remove-tree.ts';
import { GitError } from './git-error.ts';
import type { ChangeLimits } from './judge-change.ts';
import { defaultChangeLimits, sizeRefusals } from './judge-change.ts';
import { writeLooseBlob } from './loose-object.ts';
import type { Mirror } from './mirror.ts';
import { requireCommitId } from './mirror.ts';
import type { RawChange } from './objects.ts';
import { absentSha, hasCommit, rawChanges, within } from './objects.ts';
import type { Refusal } from '../domain/state/work.ts';
import type { WantedEntry } from './change-entries.ts';
import { entryRefusals, treeRefusals } from './change-entries.ts';
import type { GitCommand, GitResult } from './run-git.ts';
import { gitFailure, runGit } from './run-git.ts';

export interface Quarantine {
  readonly dir: string;
  readonly objectDirectory: string;
}

export interface BuildCommitInput {
  readonly mirror: Mirror;
  readonly base: string;
  readonly entries: readonly WantedEntry[];
  /** Already neutralised by the caller. Written unchanged, with exactly one newline at its end. */
  readonly message: string;
  /** Part of the commit id: from the run's inputs, never from a clock. Milliseconds are dropped. */
  readonly when: Date;
  /** Checked before anything is written; the judgement checks the tree again. */
  readonly limits?: ChangeLimits;
  readonly signal?: AbortSignal | undefined;
}

export interface BuiltCommit {
  readonly kind: 'built';
  readonly commit: string;
  readonly tree: string;
  readonly changes: readonly RawChange[];
  /** Holds the new objects until `disposeQuarantine`. */
  readonly quarantine: Quarantine;
}

export interface RefusedCommit {
  readonly kind: 'refused';
  readonly refusals: readonly Refusal[];
}

const MESSAGE_BYTES_MAX = 64 * 1024;

/** Deterministic: the same inputs give the same commit id on every host. */
export async function buildCommit(input: BuildCommitInput): Promise<BuiltCommit | RefusedCommit> {
  requireCommitId(input.base);
  const body = messageBody(input.message);
  const refusals = [...declaredSizes(input), ...entryRefusals(input.entries)];
  if (refusals.length > 0) return { kind: 'refused', refusals };
  if (!(await hasCommit(input, input.base)))
    throw new GitError('failed', `base ${input.base} is not in the mirror`);
  const quarantine = await openQuarantine(input.mirror);
  try {
    const result = await buildWithin(input, quarantine, body);
    if (result.kind === 'refused') await disposeQuarantine(quarantine);
    return result;
  } catch (error) {
    await disposeQuarantine(quarantine);
    throw error;
  }
}

export async function disposeQuarantine(quarantine: Quarantine): Promise<void> {
  await removeTree(quarantine.dir);
}

/** Removes quarantines of killed processes. A live process needs its quarantine for minutes, not for a day. */
export async function sweepQuarantines(root: string, olderThanMs = 24 * 60 * 60_000): Promise<void> {
  const folder = join(root, QUARANTINE_FOLDER);
  for (const name of namesIn(folder)) {
    const found = await lstat(join(folder, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > olderThanMs) await removeTree(join(folder, name));
  }
}

function declaredSizes(input: BuildCommitInput): Refusal[] {
  const files = input.entries.map(entry => ({ path: entry.path, bytes: entry.bytes?.length ?? 0 }));
  return sizeRefusals(files, input.limits ?? defaultChangeLimits);
}

const QUARANTINE_FOLDER = 'quarantine';

async function openQuarantine(mirror: Mirror): Promise<Quarantine> {
  const folder = join(mirror.root, QUARANTINE_FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const dir = await mkdtemp(join(folder, 'change-'));
  const objectDirectory = join(dir, 'objects');
  await mkdir(objectDirectory);
  return { dir, objectDirectory };
}

async function buildWithin(
  input: BuildCommitInput,
  quarantine: Quarantine,
  body: string,
): Promise<BuiltCommit | RefusedCommit> {
  const run = runnerFor(input, quarantine);
  const lines = await writeEntries(input.entries, quarantine.objectDirectory);
  await run({ args: ['read-tree', input.base] });
  const indexed = await run({ args: ['update-index', '-z', '--index-info'], input: lines, tolerant: true });
  // For a bad path, git prints "Ignoring path" and exits with 0, so any message refuses the change.
  if (indexed.exitCode !== 0 || indexed.stderr !== '') {
    return { kind: 'refused', refusals: [{ path: '', reason: `git rejects the tree: ${indexed.stderr}` }] };
  }
  const tree = (await run({ args: ['write-tree'] })).stdout.toString('utf8').trim();
  const header = `tree ${tree}\nparent ${input.base}\nauthor ${stamp(input.when)}\ncommitter ${stamp(input.when)}\n\n`;
  const hashed = await run({
    args: ['hash-object', '-t', 'commit', '-w', '--stdin'],
    input: Buffer.from(header + body),
  });
  const commit = hashed.stdout.toString('utf8').trim();
  const changes = await rawChanges(
    { mirror: input.mirror, objectDirectory: quarantine.objectDirectory },
    input.base,
    commit,
  );
  const refusals = treeRefusals(input.entries, changes);
  if (refusals.length > 0) return { kind: 'refused', refusals };
  return { kind: 'built', commit, tree, changes, quarantine };
}

interface Step {
  readonly args: readonly string[];
  readonly input?: Buffer;
  readonly tolerant?: boolean;
}

function runnerFor(input: BuildCommitInput, quarantine: Quarantine): (step: Step) => Promise<GitResult> {
  const shared = within({ mirror: input.mirror, objectDirectory: quarantine.objectDirectory });
  const variables = { ...shared.variables, GIT_INDEX_FILE: join(quarantine.dir, 'index') };
  return async ({ tolerant, ...step }) => {
    const command: GitCommand = { ...shared, ...step, variables, signal: input.signal };
    const result = await runGit(command);
    if (tolerant !== true && (result.exitCode !== 0 || result.stderr !== ''))
      throw gitFailure(command, result);
    return result;
  };
}

async function writeEntries(entries: readonly WantedEntry[], objectDirectory: string): Promise<Buffer> {
  const lines: string[] = [];
  for (const entry of entries) {
    const sha = entry.bytes === undefined ? absentSha : await writeLooseBlob(objectDirectory, entry.bytes);
    lines.push(`${entry.mode === 'deleted' ? '0' : entry.mode} ${sha}\t${entry.path}\0`);
  }
  return Buffer.from(lines.join(''));
}

function stamp(when: Date): string {
  const { name, email } = COMMIT_IDENTITY;
  return `${name} <${email}> ${Math.floor(when.getTime() / 1000)} +0000`;
}

function messageBody(message: string): string {
  const body = `${message.trimEnd()}\n`;
  if (body === '\n' || /\0|\p{Cs}/u.test(body))
    throw new GitError('bad-input', 'the commit message is empty or not text');
  if (Buffer.byteLength(body) > MESSAGE_BYTES_MAX)
    throw new GitError('bad-input', 'the commit message is too long');
  return body;
}
