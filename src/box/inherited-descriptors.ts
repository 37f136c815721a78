/** Descriptors that this process was started with by accident and would hand on to every box. */
import { closeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/**
 * Node marks the first sixteen at its start so that no child gets them; what stands above a gap it leaves alone. All that
 * Node and its libraries open themselves is marked too, so what is not marked is nobody's.
 */
export async function closeInheritedDescriptors(): Promise<readonly number[]> {
  const descriptors = (await readdir('/proc/self/fd').catch(() => [])).map(Number);
  const closed: number[] = [];
  for (const descriptor of descriptors.filter(one => one > LAST_STREAM)) {
    if (await staysOpen(descriptor)) {
      closeSync(descriptor);
      closed.push(descriptor);
    }
  }
  return closed;
}

const LAST_STREAM = 2;
const CLOSE_ON_EXEC = 0o2000000;

async function staysOpen(descriptor: number): Promise<boolean> {
  const info = await readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8').catch(() => '');
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
}
