/** Opens the artifact store that the settings name; the only place that chooses between the adapters. */
import type { ProcessSettings } from '../config/environment.ts';
import { type BucketPlace, storePlace } from '../config/store-place.ts';
import { networkSettings } from '../config/network.ts';
import { connections } from '../host/network/network.ts';
import type { BucketConnection } from './bucket/client.ts';
import { createBucketStore } from './bucket/store.ts';
import { createLocalDirectoryStore } from './local-directory.ts';
import type { RetainingStore } from './port.ts';

/** Throws `SettingsError`. Connects to nothing: the first use says whether the store answers. */
export function openStore(settings: ProcessSettings): RetainingStore {
  const place = storePlace(settings);
  return place.kind === 'bucket'
    ? createBucketStore(connectionTo(place, settings))
    : createLocalDirectoryStore(place);
}

export function connectionTo(place: BucketPlace, { networkEnvironment }: ProcessSettings): BucketConnection {
  return { place, fetch: connections(networkSettings(networkEnvironment)).fetch };
}
