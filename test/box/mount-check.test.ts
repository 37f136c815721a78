/** Whether the box's user can read what a run will mount, tried in a real box. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mountProblem } from '../../src/box/mount-check.ts';
import { tier } from './support/box.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mounts-'));
  for (const name of ['one', 'two']) await mkdir(join(dir, name));
  await writeFile(join(dir, 'file'), 'text', { mode: 0o644 });
});
afterEach(() => rm(dir, { recursive: true }));

const mount = (name: string) => ({ from: join(dir, name), to: `/opt/${name}` });

test('what all users can read is no problem, and needs no rights on the folders above it', async () => {
  expect(await mountProblem(tier, [mount('one'), mount('two'), mount('file')])).toBe(undefined);
  expect(await mountProblem(tier, [])).toBe(undefined);
});

/** A box of an ordinary user runs as that user, who can read what only its owner can. */
const closed: readonly (readonly [string, string, number])[] =
  tier.boxUid === undefined
    ? [
        ['one', 'directory that nobody can read', 0o000],
        ['file', 'file that nobody can read', 0o000],
      ]
    : [
        ['one', 'directory of root', 0o700],
        ['one', 'directory that others can list only', 0o744],
        ['one', 'directory that others can enter only', 0o711],
        ['file', 'file of root', 0o600],
      ];

test.each(closed)('%s, a %s, is named with its paths and a fix', async (name, _what, mode) => {
  await chmod(join(dir, name), mode);
  const problem = await mountProblem(tier, [mount('two'), mount(name)]);
  expect(problem).toEqual({
    what: `the box’s user cannot read what the agent mounts: ${dir}/${name} (/opt/${name} in the box)`,
    fix: `give all users the right to read, such as chmod -R o+rX ${dir}/${name}`,
  });
});

test('what does not exist is named', async () => {
  const problem = await mountProblem(tier, [mount('one'), mount('none')]);
  expect(problem).toEqual({
    what: `the agent mounts what does not exist: ${dir}/none`,
    fix: 'create it, or correct the settings of the agent',
  });
});
