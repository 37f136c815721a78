/** A descriptor that a process was started with by accident is closed before it starts a box; its own stay open. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';

const inSource = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Prints what a child of the program is started with, beside its three streams. */
const program = (close: boolean): string => `
  import { spawnSync } from 'node:child_process';
  import { openSync } from 'node:fs';
  import { closeInheritedDescriptors } from '${inSource('src/box/inherited-descriptors.ts')}';
  const own = openSync('/dev/zero');
  ${close ? 'await closeInheritedDescriptors();' : ''}
  const { stdout } = spawnSync('readlink', ['/proc/self/fd/200'], { encoding: 'utf8' });
  console.log(stdout.trim(), openSync('/proc/self/fd/' + own) > 0);`;

test.each([
  [true, ' true\n'],
  [false, '/dev/urandom true\n'],
])('closed: %s', (close, printed) => {
  const node = [process.execPath, '--import', inSource('test/support/typescript.mjs'), '--input-type=module'];
  const script = `exec 200</dev/urandom; exec "$@"`;
  const run = spawnSync('bash', ['-c', script, 'bash', ...node, '--eval', program(close)], {
    encoding: 'utf8',
    cwd: inSource('.'),
  });
  expect(run.stdout).toBe(printed);
});
