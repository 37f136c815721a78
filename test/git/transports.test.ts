/** Trusted git uses https, and http where it is asked for: no other transport, whatever a repository's own settings say. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { gitEnvironment } from '../../src/git/git-environment.ts';
import { ensureMirror, type Mirror } from '../../src/git/mirror.ts';
import { runGit } from '../../src/git/run-git.ts';
import { scratchDir, seedRepository } from '../support/git-repos.ts';

const scratch = scratchDir();
const served = join(scratch.dir, 'served');
const touched = join(scratch.dir, 'touched');
const program = `ext::sh -c touch% ${touched}`;
let mirror: Mirror;

beforeAll(async () => {
  seedRepository(served, 'acme/app', { 'a.txt': 'one\n' });
  mirror = await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: '1' });
  // As a repository would allow them for itself.
  for (const name of ['ext', 'file', 'ssh', 'git', 'http'])
    await runGit({ gitDir: mirror.gitDir, args: ['config', `protocol.${name}.allow`, 'always'] });
});
afterAll(() => scratch.remove());

test.each([
  ['ext', program],
  ['file', join(served, 'acme/app.git')],
  ['file', `file://${join(served, 'acme/app.git')}`],
  ['ssh', 'ssh://git@127.0.0.1/acme/app.git'],
  ['git', 'git://127.0.0.1/acme/app.git'],
  ['http', 'http://127.0.0.1:1/acme/app.git'],
])('%s is refused: %s', async (transport, url) => {
  const { exitCode, stderr } = await runGit({ gitDir: mirror.gitDir, args: ['ls-remote', url] });
  expect([exitCode, stderr]).toEqual([128, expect.stringContaining(`transport '${transport}' not allowed`)]);
  expect(existsSync(touched)).toBe(false);
});

test('with the same settings but one variable, the program is started', async () => {
  const env = { ...gitEnvironment({}), GIT_DIR: mirror.gitDir, GIT_ALLOW_PROTOCOL: 'ext' };
  await execa('git', ['ls-remote', program], { env, extendEnv: false, reject: false });
  expect(existsSync(touched)).toBe(true);
});

test('http is allowed only where it is asked for', () => {
  expect(gitEnvironment({})['GIT_ALLOW_PROTOCOL']).toBe('https');
  expect(gitEnvironment({ allowHttp: true })['GIT_ALLOW_PROTOCOL']).toBe('https:http');
});
