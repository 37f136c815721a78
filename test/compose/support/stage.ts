/** What the tests of the stage share: an engine, the images of others, the names of one stack; and its removal. */
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inOwnFolder } from '../../../src/host/own-folder.ts';
import { findEngine, type Permission } from './engine.ts';
import { getImages } from './get-images.ts';
import { preflight } from './preflight.ts';
import { newStack, removeStack } from './stack.ts';
import { Unavailable } from './unavailable.ts';

export { Unavailable };

/**
 * Sets the environment that Compose and the tests read. Throws `Unavailable` before `use` when this host cannot run it, or
 * when it is stopped until then.
 */
export async function withStage<T>(
  permission: Permission,
  stop: AbortSignal,
  use: () => Promise<T>,
): Promise<T> {
  const engine = await findEngine(permission);
  try {
    await Promise.race([preparedInTime(permission), stopped(stop)]);
    return await inOwnFolder(path.join(tmpdir(), 'signalbox-compose-'), async folder => {
      // Users of containers read the secrets in it.
      await chmod(folder, 0o755);
      Object.assign(process.env, await newStack(folder));
      try {
        return await use();
      } finally {
        await removeStack();
      }
    });
  } finally {
    await engine.end();
  }
}

/** What was made stays, so that the next run has it. */
async function preparedInTime(permission: Permission): Promise<void> {
  const begun = performance.now();
  await getImages(permission);
  await preflight();
  const minutes = Math.ceil((performance.now() - begun) / 60_000);
  if (minutes > (permission.prepareMinutesMax ?? Infinity))
    throw new Unavailable(`making the images of others took ${minutes} minutes, and too little time is left`);
}

async function stopped(stop: AbortSignal): Promise<never> {
  if (!stop.aborted) await once(stop, 'abort');
  throw new Unavailable('it was stopped before the images of others were there');
}
