/**
 * The Temporal namespaces whose schedulers have used a store, as notes. Without them `prune` could not tell a store whose
 * issues are all done from one whose issues are in another namespace.
 */
import { artifactDigestOf } from './digest.ts';
import type { ArtifactDigest, ArtifactStore } from './port.ts';

const USERS = 'used-by';

export interface StoreUser {
  /** Of the namespace: Temporal gives every one its own, and a restored one keeps it. */
  readonly namespaceId: string;
}

export async function noteUser(store: ArtifactStore, user: StoreUser): Promise<void> {
  await store.note(USERS, await store.put(documentOf(user), 'application/json'));
}

/** How a user is noted. */
export function noteDigest(user: StoreUser): ArtifactDigest {
  return artifactDigestOf(documentOf(user));
}

export async function storeUsers(store: ArtifactStore): Promise<readonly ArtifactDigest[]> {
  return await store.noted(USERS);
}

function documentOf({ namespaceId }: StoreUser): Uint8Array {
  return Buffer.from(JSON.stringify({ namespaceId }), 'utf8');
}
