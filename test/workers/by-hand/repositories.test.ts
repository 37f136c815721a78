/** Repositories that a run by hand cannot use: one line says why, and what to do. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EXIT } from '../../../src/client/cli/exit.ts';
import { expectOneLine } from '../../client/cli/support/cli.ts';
import { commitAll, type Desk, git, openDesk, POLICY, resultOf } from './support/desk.ts';
import { change, type HandRun, handRunner } from './support/hand-run.ts';

let desk: Desk;
let handRun: HandRun;
let agent: string;
beforeAll(async () => {
  desk = await openDesk();
  handRun = handRunner(desk);
  agent = desk.agent(change);
});
afterAll(() => desk.folder.remove());

test.each([
  [
    'a shallow clone',
    (at: string) => git(desk.folder.path, 'clone', '--quiet', '--depth', '1', `file://${desk.repo}`, at),
    /a shallow clone, and the policy gives agents the history\. Fix: run `git fetch --unshallow`/,
  ],
  [
    'a partial clone',
    (at: string) => {
      const origin = `${at}-origin`;
      git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', desk.repo, origin);
      git(origin, 'config', 'uploadpack.allowFilter', 'true');
      git(desk.folder.path, 'clone', '--quiet', '--filter=blob:none', `file://${origin}`, at);
    },
    /is a partial clone: .*\. Fix: clone the repository again without --filter/,
  ],
  [
    'SHA-256 object names',
    (at: string) => {
      git(desk.folder.path, 'init', '--quiet', '--object-format=sha256', at);
      writeFileSync(join(at, 'a'), 'a');
      commitAll(at, 'a');
    },
    /has object names of sha256\. Fix: use a repository with SHA-1 object names/,
  ],
  [
    'an extension that this git does not know',
    (at: string) => {
      git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', desk.repo, at);
      git(at, 'config', 'core.repositoryFormatVersion', '1');
      git(at, 'config', 'extensions.fromTheFuture', 'true');
    },
    /git cannot read \S+: fatal: unknown repository extension found: fromthefuture\. Fix: /,
  ],
])('a run by hand refuses a repository with %s', async (name, make, why) => {
  const at = desk.folder.file(name.replaceAll(' ', '-'));
  make(at);
  const ran = await handRun(['--repo', at, '--agent', agent]);
  expect(ran.code).toBe(EXIT.usage);
  expectOneLine(ran, why);
  expect(existsSync(ran.out)).toBe(false);
});

test('a shallow clone is enough for a policy with a shallow history', async () => {
  const full = desk.folder.file('to-be-shallow');
  git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', desk.repo, full);
  writeFileSync(join(full, '.github/signalbox.yml'), `${POLICY}workspace: { history: shallow }\n`);
  commitAll(full, 'shallow');
  const shallow = desk.folder.file('made-shallow');
  git(desk.folder.path, 'clone', '--quiet', '--depth', '1', `file://${full}`, shallow);
  const ran = await handRun(['--repo', shallow, '--json', '--agent', agent]);
  const { branch, outcome } = resultOf(ran);
  expect([ran.code, outcome]).toEqual([0, 'verified']);
  // The change arrives in a repository with its history, and leaves it complete.
  git(full, 'fetch', '--quiet', join(ran.out, 'repository.git'), branch?.name ?? '');
  expect(git(full, 'rev-list', '--count', 'FETCH_HEAD')).toBe(
    String(Number(git(full, 'rev-list', '--count', 'HEAD')) + 1),
  );
});
