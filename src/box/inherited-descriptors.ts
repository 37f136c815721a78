/** Closes file descriptors that this process inherited by accident and that every box would inherit from it. */
import { closeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/**
 * At its start Node marks the first sixteen descriptors as close-on-exec, but not those above a gap. Everything that Node
 * and its libraries open is marked too, so an unmarked descriptor is unused. Returns the closed ones.
 */
export async function closeInheritedDescriptors(): Promise<readonly number[]> {
  const descriptors = (await readdir('/proc/self/fd').catch(() => [])).map(Number);
  const closed: number[] = [];
  for (const descriptor of descriptors.filter(one => one > LAST_STREAM)) {
    if (await isInherited(descriptor)) {
      closeSync(descriptor);
      closed.push(descriptor);
    }
  }
  return closed;
}

const LAST_STREAM = 2;
const CLOSE_ON_EXEC = 0o2000000;

async function isInherited(descriptor: number): Promise<boolean> {
  const info = await readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8').catch(() => '');
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
}
