/** Tries what a store must be able to do, for `doctor`: write on a condition, read. Leaves one small artifact in a bucket. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { ProcessSettings } from '../config/environment.ts';
import { storePlaceText, storePlace } from '../config/store-place.ts';
import { bucketClient } from './bucket/client.ts';
import { storeFailure } from './bucket/failures.ts';
import { createBucketStore, isConditionKept } from './bucket/store.ts';
import { connectionTo } from './open-store.ts';
import { StoreFailure } from './port.ts';

const PROBE = Buffer.from('signalbox doctor\n', 'utf8');

/** Resolves to what was found; rejects with `SettingsError` or `StoreFailure`. */
export async function checkStore(settings: ProcessSettings): Promise<string> {
  const place = storePlace(settings);
  if (place.kind === 'directory') return await checkDirectory(place.directory);
  const connection = connectionTo(place, settings);
  const store = createBucketStore(connection);
  const digest = await store.put(PROBE, 'text/plain');
  await store.get(digest, PROBE.byteLength);
  if (!(await isConditionKept(bucketClient(connection), digest)))
    throw storeFailure([
      'bad-answer',
      'the artifact store overwrites although If-None-Match forbids it',
      'use a server with conditional writes (docs/artifacts.md)',
    ]);
  return `${storePlaceText(place)}: can be written on a condition, and read`;
}

async function checkDirectory(directory: string): Promise<string> {
  try {
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return directory;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return `${directory}, which the first artifact will make`;
    throw new StoreFailure('denied', {
      what: `${directory} cannot be read and written`,
      fix: 'give it to this user, or correct SIGNALBOX_ARTIFACTS',
    });
  }
}
