/**
 * Builds one commit from the bytes of a change, in a separate index and object directory next to the mirror.
 * Nothing enters the mirror, no patch is parsed, and any warning of git refuses the change.
 */
import { lstat, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMIT_IDENTITY, type CommitIdentity } from '../domain/commit-identity.ts';
import { namesIn } from '../host/open-folder.ts';
import { removeTree } from '../host/remove-tree.ts';
import { GitError } from './git-error.ts';
import type { ChangeLimits } from './judge-change.ts';
import { defaultChangeLimits, sizeRefusals } from './judge-change.ts';
import type { Mirror } from './mirror.ts';
import { requireCommitId } from './mirror.ts';
import type { RawChange } from './objects.ts';
import { hasCommit, listTree, within } from './objects.ts';
import type { Refusal } from '../domain/state/work.ts';
import type { WantedEntry } from './change-entries.ts';
import { entryRefusals, oddPaths } from './change-entries.ts';
import { changeTree } from './change-tree.ts';
import { gitLine } from './run-git.ts';

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
  /** Author and committer; absent: the default identity. */
  readonly author?: CommitIdentity;
  /** Gets the commit without a signature; its result becomes the `gpgsig` header. */
  readonly sign?: (commit: Buffer) => string;
  /** Checked before anything is written; the judgement checks the tree again. */
  readonly limits?: ChangeLimits;
  readonly signal?: AbortSignal | undefined;
}

export interface BuiltCommit {
  readonly kind: 'built';
  readonly commit: string;
  readonly tree: string;
  readonly author: CommitIdentity;
  readonly signature?: string;
  readonly changes: readonly RawChange[];
  /** Files that cannot be stored as git would, so the change is refused. It is judged all the same: a person reads every reason at once. */
  readonly refusals: readonly Refusal[];
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
  if (!(await hasCommit(input, input.base)))
    throw new GitError('failed', `base ${input.base} is not in the mirror`);
  const inBase = await pathsOfBase(input, oddPaths(input.entries));
  const refusals = [...declaredSizes(input), ...entryRefusals(input.entries, inBase)];
  if (refusals.length > 0) return { kind: 'refused', refusals };
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

/** Those of the paths that the base has. Ordinary changes have no odd path, and list no tree. */
async function pathsOfBase(
  { mirror, base }: BuildCommitInput,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const tree = await listTree({ mirror }, base);
  const wanted = new Set(paths);
  return new Set(tree.map(({ path }) => path).filter(path => wanted.has(path)));
}

const QUARANTINE_FOLDER = 'quarantine';

export async function openQuarantine(mirror: Mirror): Promise<Quarantine> {
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
  const source = { mirror: input.mirror, objectDirectory: quarantine.objectDirectory };
  const { base, entries, signal, author = COMMIT_IDENTITY } = input;
  const made = await changeTree({ ...source, base, entries, signal, scratchDir: quarantine.dir });
  if ('refusals' in made) return { kind: 'refused', refusals: made.refusals };
  const { tree, changes, unstored: refusals } = made;
  const header = `tree ${tree}\nparent ${base}\nauthor ${stamp(input)}\ncommitter ${stamp(input)}\n`;
  const signature = input.sign?.(Buffer.from(`${header}\n${body}`));
  const commit = await gitLine({
    ...within(source),
    args: ['hash-object', '-t', 'commit', '-w', '--stdin'],
    input: Buffer.from(`${header}${signatureHeader(signature)}\n${body}`),
    signal,
  });
  const signed = signature === undefined ? {} : { signature };
  return { kind: 'built', commit, tree, author, ...signed, changes, refusals, quarantine };
}

function stamp({ author: { name, email } = COMMIT_IDENTITY, when }: BuildCommitInput): string {
  return `${name} <${email}> ${Math.floor(when.getTime() / 1000)} +0000`;
}

/** Further lines of a header begin with a blank. */
function signatureHeader(signature: string | undefined): string {
  return signature === undefined ? '' : `gpgsig ${signature.trimEnd().replaceAll('\n', '\n ')}\n`;
}

function messageBody(message: string): string {
  const body = `${message.trimEnd()}\n`;
  if (body === '\n' || /\0|\p{Cs}/u.test(body))
    throw new GitError('bad-input', 'the commit message is empty or not text');
  if (Buffer.byteLength(body) > MESSAGE_BYTES_MAX)
    throw new GitError('bad-input', 'the commit message is too long');
  return body;
}
