/** How much of a repository's history is fetched and given to agents. Runs need the tree of the base, not its past. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fixOf } from '../domain/failure.ts';
import type { PolicyValues } from '../domain/policy.ts';
import { troubleLine } from '../domain/trouble.ts';
import { GitError } from './git-error.ts';

/** `shallow`: the base commit with its tree, and no other commit. */
export type History = { readonly kind: 'full'; readonly bytesMax: number } | { readonly kind: 'shallow' };

const MIB = 1024 * 1024;

/** A workspace has 2 GiB for the history, the files of the base and what the agent writes. */
export const HISTORY_BYTES_MAX_DEFAULT = 1024 * MIB;

export function historyOf({ history, historyBytesMax }: PolicyValues['workspace']): History {
  if (history === 'shallow') return { kind: 'shallow' };
  return { kind: 'full', bytesMax: historyBytesMax ?? HISTORY_BYTES_MAX_DEFAULT };
}

interface PackLimit {
  /** Where git writes the pack. */
  readonly objectDirectory: string;
  readonly history: History | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PARTIAL_PACK = /^tmp_pack_/;
/** Often enough that a pack passes the limit by little, on a fast disk too. */
const POLL_MS = 100;

/**
 * Ends a git command when its pack grows beyond the limit: neither `fetch` nor `pack-objects` has one of its own. Throws
 * `GitError` of kind `history-too-large`, and leaves no partial pack. A pack that was complete before it was seen to be too
 * large stays: refs may already name its commits.
 */
export async function withinHistory<T>(
  { objectDirectory, history, signal }: PackLimit,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (history?.kind !== 'full') return await work(signal);
  const packs = join(objectDirectory, 'pack');
  const { bytesMax } = history;
  const before = new Set(await namesOf(packs));
  const tooLarge = new AbortController();
  const look = async (): Promise<void> => {
    if ((await larger(packs, before, bytesMax)).length > 0) tooLarge.abort();
  };
  const timer = setInterval(() => void look(), POLL_MS);
  const signals = signal === undefined ? [] : [signal];
  try {
    const result = await work(AbortSignal.any([tooLarge.signal, ...signals]));
    await look(); // it may have grown, and ended, since the last look
    if (!tooLarge.signal.aborted) return result;
  } catch (error) {
    if (!tooLarge.signal.aborted) throw error;
  } finally {
    clearInterval(timer);
  }
  const left = (await larger(packs, before, bytesMax)).filter(name => PARTIAL_PACK.test(name));
  await Promise.all(left.map(name => rm(join(packs, name), { force: true })));
  throw historyTooLarge(bytesMax);
}

function historyTooLarge(bytesMax: number): GitError {
  const what = `the history of the repository has more than ${bytesMax} bytes`;
  return new GitError('history-too-large', troubleLine({ what, fix: fixOf('HistoryTooLarge') }));
}

/** New packs over the limit, complete or not. */
async function larger(
  packs: string,
  before: ReadonlySet<string>,
  bytesMax: number,
): Promise<readonly string[]> {
  const names = (await namesOf(packs)).filter(
    name => !before.has(name) && (PARTIAL_PACK.test(name) || name.endsWith('.pack')),
  );
  const sizes = await Promise.all(
    names.map(name =>
      stat(join(packs, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return names.filter((_, at) => (sizes[at] ?? 0) > bytesMax);
}

async function namesOf(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}
