/**
 * Retention of the store. First everything is read: what is stored, then what is needed. If one part cannot be read,
 * nothing is discarded. A crash in the middle loses nothing: each step can be repeated.
 */
import { shelfOf } from '../../../artifacts/digest.ts';
import type { ArtifactDigest, RetainingStore, StoredArtifact } from '../../../artifacts/port.ts';
import { reachableFrom } from '../../../artifacts/reachable.ts';
import { noteDigest, storeUsers } from '../../../artifacts/store-user.ts';
import { namespaceId } from '../../temporal/namespace-id.ts';
import { bounded, type Temporal } from '../../temporal/connection.ts';
import { digestsOfIssues } from '../../temporal/named-digests.ts';
import { CliError, EXIT } from '../exit.ts';
import { count } from '../render/text.ts';
import { prunePlan } from './plan.ts';

export interface PruneAsk {
  readonly store: RetainingStore;
  readonly temporal: Temporal;
  readonly signal: AbortSignal;
  readonly nowMs: number;
  readonly olderThanMs: number;
  readonly isDryRun: boolean;
  readonly othersAreGone: boolean;
}

export interface Amount {
  readonly artifacts: number;
  readonly bytes: number;
}

export interface Pruned {
  readonly stored: Amount;
  readonly openIssues: number;
  readonly discarded: Amount;
  readonly restored: Amount;
  readonly removed: Amount;
}

export async function pruneStore(ask: PruneAsk): Promise<Pruned> {
  const { store, temporal, signal, nowMs, olderThanMs, isDryRun } = ask;
  await requireOnlyUser(ask);
  // Before the references: what is stored from now on is not touched.
  const stored = await all(store.artifacts(), signal);
  const { digests, openIssues } = await digestsOfIssues(temporal, signal);
  const isStored = new Set(stored.map(({ digest }) => digest));
  const roots = new Set<ArtifactDigest>([...(await all(store.notes(), signal)), ...digests]);
  const needed = await neededFrom(ask, roots, isStored);
  const { discard, restore, remove } = prunePlan({ stored, needed, nowMs, olderThanMs });
  if (!isDryRun) {
    await each(restore, signal, digest => store.restore(digest));
    await each(discard, signal, digest => store.discard(digest));
    await each(remove, signal, digest => store.remove(digest));
  }
  return {
    stored: amountOf(stored),
    openIssues,
    discarded: amountOf(discard),
    restored: amountOf(restore),
    removed: amountOf(remove),
  };
}

/** What a damaged document names may come back with it: from a backup, or when it is stored again. */
async function neededFrom(
  { store, signal }: PruneAsk,
  roots: ReadonlySet<ArtifactDigest>,
  stored: ReadonlySet<ArtifactDigest>,
): Promise<ReadonlySet<ArtifactDigest>> {
  const { needed, damaged } = await reachableFrom(roots, {
    ...{ store, signal },
    isStored: digest => stored.has(digest),
  });
  const [first] = damaged;
  if (first === undefined) return needed;
  throw new CliError(EXIT.no, {
    what: `${count(damaged.length, 'artifact')} that an issue or an audit names ${damaged.length === 1 ? 'is' : 'are'} damaged, so what else is needed is not known; the first is sha256/${shelfOf(first)}`,
    fix: 'bring it back from a backup; if there is none, delete it from the store',
  });
}

/** Issues of another namespace are not seen from here, and what they need would be taken. */
async function requireOnlyUser({ store, temporal, othersAreGone }: PruneAsk): Promise<void> {
  const own = noteDigest({ namespaceId: await bounded(temporal, () => namespaceId(temporal)) });
  const users = await storeUsers(store);
  if (!users.includes(own))
    throw new CliError(EXIT.usage, {
      what: `no scheduler of the namespace ${temporal.namespace} has used this store`,
      fix: 'set SIGNALBOX_ARTIFACTS, TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE as the scheduler has them',
    });
  if (users.length > 1 && !othersAreGone)
    throw new CliError(EXIT.no, {
      what: `schedulers of ${users.length} Temporal namespaces have used this store, and only the issues of ${temporal.namespace} can be seen from here`,
      fix: 'give each namespace a store of its own; if the other namespaces are gone, add --others-are-gone',
    });
}

async function each(
  artifacts: readonly StoredArtifact[],
  signal: AbortSignal,
  act: (digest: ArtifactDigest) => Promise<void>,
): Promise<void> {
  for (const { digest } of artifacts) {
    signal.throwIfAborted();
    await act(digest);
  }
}

async function all<T>(items: AsyncIterable<T>, signal: AbortSignal): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) {
    signal.throwIfAborted();
    found.push(item);
  }
  return found;
}

function amountOf(artifacts: readonly StoredArtifact[]): Amount {
  return { artifacts: artifacts.length, bytes: artifacts.reduce((sum, { bytes }) => sum + bytes, 0) };
}
