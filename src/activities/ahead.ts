/** Merges heads that are on GitHub into a commit of the target branch, one after the other, in a quarantine. */
import type { Policy } from '../domain/policy.ts';
import type { ChangeBefore } from '../domain/state/ahead.ts';
import type { RepositoryFacts } from '../domain/state/reading.ts';
import { historyOf } from '../git/history.ts';
import { mergeOnto } from '../git/merge-onto.ts';
import type { Mirror } from '../git/mirror.ts';
import { type ObjectSource, rawChanges, treeOf } from '../git/objects.ts';
import { disposeQuarantine, openQuarantine } from '../git/quarantine.ts';
import { type ChangePorts, mirrorWith } from './change.ts';
import { inputMatcher } from './runner/set-up-key.ts';

export interface AheadInput {
  readonly repository: RepositoryFacts;
  readonly policy: Policy;
  readonly base: string;
  readonly before: readonly ChangeBefore[];
  readonly head: string;
  readonly signal?: AbortSignal;
}

export interface MergedAhead {
  readonly source: ObjectSource & { readonly mirror: Mirror; readonly objectDirectory: string };
  /** What the merges of those before make; it is never pushed. */
  readonly onto: string;
  readonly baseTree: string;
  readonly commit: string;
  readonly tree: string;
}

/**
 * Runs `use` while the quarantine exists; with undefined if git cannot merge them, the host keeps no history, or they change
 * what the set-up reads: only commits of the target branch have a set-up that others share.
 */
export async function withAhead<T>(
  ports: ChangePorts,
  input: AheadInput,
  use: (merged: MergedAhead | undefined) => Promise<T>,
): Promise<T> {
  const { repository, policy, base, before, head, signal } = input;
  const history = historyOf(policy.workspace);
  // Without history, the parent of each head would have to be known.
  if (history.kind === 'shallow') return await use(undefined);
  const heads = [...before.map(one => one.head), head];
  for (const commit of heads) await mirrorWith(ports, { repository, history, signal, commit });
  const mirror = await mirrorWith(ports, { repository, history, signal, commit: base });
  const quarantine = await openQuarantine(mirror);
  try {
    const { objectDirectory } = quarantine;
    const merged = await mergeAll({ mirror, objectDirectory }, base, heads);
    return await use(merged === undefined || (await hasOtherSetUp(merged, input)) ? undefined : merged);
  } finally {
    await disposeQuarantine(quarantine);
  }
}

async function hasOtherSetUp(
  { source, commit }: MergedAhead,
  { policy, base }: AheadInput,
): Promise<boolean> {
  if (policy.setUp.commands.length === 0) return false;
  const isInput = inputMatcher(policy.setUp);
  return (await rawChanges(source, base, commit)).some(({ path }) => isInput(path));
}

async function mergeAll(
  source: MergedAhead['source'],
  base: string,
  heads: readonly string[],
): Promise<MergedAhead | undefined> {
  let onto = base;
  let commit = base;
  let tree = await treeOf(source, base);
  let baseTree = tree;
  for (const head of heads) {
    [onto, baseTree] = [commit, tree];
    const merged = await mergeOnto({ ...source, base: onto, head, from: head });
    if (merged.kind === 'conflict') return undefined;
    ({ commit, tree } = merged);
  }
  return { source, onto, baseTree, commit, tree };
}
