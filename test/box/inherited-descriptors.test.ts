/** A descriptor that a process inherited by accident is closed before it starts a box; descriptors it opened stay open. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';

const inSource = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Prints the target of descriptor 200 in a child process, and whether a descriptor that the program opened still works. */
const program = (close: boolean): string => `
  import { spawnSync } from 'node:child_process';
  import { openSync } from 'node:fs';
  import { closeInheritedDescriptors } from '${inSource('src/box/inherited-descriptors.ts')}';
  const own = openSync('/dev/zero');
  ${close ? 'await closeInheritedDescriptors();' : ''}
  const { stdout } = spawnSync('readlink', ['/proc/self/fd/200'], { encoding: 'utf8' });
  console.log(stdout.trim(), openSync('/proc/self/fd/' + own) > 0);`;

test.each([
  ['does not reach a child after closeInheritedDescriptors', true, ' true\n'],
  ['reaches a child otherwise', false, '/dev/urandom true\n'],
])('an inherited descriptor %s', (_, close, printed) => {
  const node = [process.execPath, '--import', inSource('test/support/typescript.mjs'), '--input-type=module'];
  const script = `exec 200</dev/urandom; exec "$@"`;
  const run = spawnSync('bash', ['-c', script, 'bash', ...node, '--eval', program(close)], {
    encoding: 'utf8',
    cwd: inSource('.'),
  });
  expect(run.stdout).toBe(printed);
});
