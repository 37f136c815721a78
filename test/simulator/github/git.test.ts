/** Real git against the simulated GitHub's smart HTTP: who can read and push, and the effects of a push. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repositoryName, stageGitHub, where, type GitHubStage } from '../../support/github.ts';

let stage: GitHubStage;
beforeAll(async () => {
  stage = await stageGitHub();
});
afterAll(() => stage.end());

interface Ran {
  readonly code: number;
  readonly text: string;
}

/** Runs git with the token in a header that is only in its environment. */
const git = (token: string | undefined, args: readonly string[], cwd = stage.dir): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const basic = Buffer.from(`x-access-token:${token ?? ''}`).toString('base64');
    const header = {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `http.${stage.github.url}/.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    };
    const identity = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    };
    const env = {
      ...{ PATH: process.env.PATH, HOME: stage.dir, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' },
      ...identity,
      ...(token === undefined ? {} : header),
    };
    const child = spawn('git', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? -1, text }));
  });

const clone = async (name: string, token = 'bot-token'): Promise<string> => {
  const { data } = await stage.as('bot-token').rest.repos.get(where);
  expect(await git(token, ['clone', '-q', data.clone_url, name])).toMatchObject({ code: 0 });
  return join(stage.dir, name);
};

const commitFile = async (folder: string, path: string, content = 'x\n'): Promise<string> => {
  await writeFile(join(folder, path), content);
  await git(undefined, ['add', '-A'], folder);
  await git(undefined, ['commit', '-q', '-m', `Add ${path}`], folder);
  return (await git(undefined, ['rev-parse', 'HEAD'], folder)).text.trim();
};

test('a clone from the API’s address has the files, and the API sees a push at once', async () => {
  const folder = await clone('work');
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('# Cards\n');
  const sha = await commitFile(folder, 'new.txt');
  const pushed = await git('bot-token', ['push', '--porcelain', 'origin', 'HEAD:refs/heads/topic'], folder);
  expect(pushed).toMatchObject({ code: 0 });
  const { data } = await stage.as('bot-token').rest.repos.getBranch({ ...where, branch: 'topic' });
  expect(data.commit.sha).toBe(sha);
  expect((await git('bot-token', ['fetch', '-q', 'origin', 'topic'], folder)).code).toBe(0);
});

test('git without a token is asked for one, a reader can fetch but not push, a stranger gets 404 for a private repository', async () => {
  const folder = await clone('reading', 'rita-token');
  await commitFile(folder, 'rita.txt');
  const refused = await git('rita-token', ['push', 'origin', 'HEAD:refs/heads/rita'], folder);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain('403');
  expect((await git('alice-token', ['push', '-q', 'origin', 'HEAD:refs/heads/rita'], folder)).code).toBe(0);
  const anonymous = await git(undefined, ['ls-remote', 'origin'], folder);
  expect(anonymous.text).toContain('could not read Username');
  await stage.github.admin.createRepository({
    owner: 'acme',
    name: 'secret',
    private: true,
    files: { a: 'a' },
  });
  expect((await git('rita-token', ['ls-remote', `${stage.github.url}/acme/secret.git`])).text).toContain(
    'not found',
  );
  expect((await git('acme-token', ['ls-remote', `${stage.github.url}/acme/secret.git`])).code).toBe(0);
});

test('a push to an open pull request moves its head, also under the hidden refs/pull', async () => {
  const folder = await clone('pulls');
  await commitFile(folder, 'one.txt');
  await git('bot-token', ['push', '-q', 'origin', 'HEAD:refs/heads/pulled'], folder);
  const bot = stage.as('bot-token');
  const { data: pull } = await bot.rest.pulls.create({
    ...where,
    title: 'Pull',
    head: 'pulled',
    base: 'main',
  });
  const head = await commitFile(folder, 'two.txt');
  await git('bot-token', ['push', '-q', 'origin', 'HEAD:refs/heads/pulled'], folder);
  const { data: after } = await bot.rest.pulls.get({ ...where, pull_number: pull.number });
  expect([after.head.sha, after.commits, after.changed_files]).toEqual([head, 2, 2]);
  const listed = await git('bot-token', ['ls-remote', 'origin', `refs/pull/${pull.number}/head`], folder);
  expect(listed.text).toContain(head);
  const forged = await git('bot-token', ['push', 'origin', `HEAD:refs/pull/${pull.number}/head`], folder);
  expect(forged.text).toContain('deny updating a hidden ref');
});

test('a protected branch refuses a push by name, and takes it when unprotected', async () => {
  const folder = await clone('protected');
  await commitFile(folder, 'direct.txt');
  stage.github.admin.repositories.protect(repositoryName, 'main', { refusePush: true });
  const refused = await git('alice-token', ['push', '--porcelain', 'origin', 'HEAD:refs/heads/main'], folder);
  expect(refused.text).toContain('GH006');
  stage.github.admin.repositories.protect(repositoryName, 'main', undefined);
  expect((await git('alice-token', ['push', 'origin', 'HEAD:refs/heads/main'], folder)).code).toBe(0);
});

const refLine = /^[ =*!+-]\t.*$/m;

const leased = async (folder: string, branch: string, lease = ''): Promise<Ran> => {
  const ref = `refs/heads/${branch}`;
  return git(
    'bot-token',
    ['push', '--porcelain', `--force-with-lease=${ref}:${lease}`, 'origin', `HEAD:${ref}`],
    folder,
  );
};

const tipOf = async (branch: string): Promise<string> => {
  const { data } = await stage
    .as('bot-token')
    .rest.git.listMatchingRefs({ ...where, ref: `heads/${branch}` });
  return data[0]?.object.sha ?? '';
};

test('a lease on the wrong id is stale', async () => {
  const folder = await clone('leases');
  await commitFile(folder, 'lease.txt');
  expect((await leased(folder, 'leased', '1'.repeat(40))).text).toContain('stale info');
  expect((await leased(folder, 'leased')).code).toBe(0);
});

test.each([
  ['execute-then-reset', 2, true],
  ['cut-body', 1, true],
  ['execute-then-502', 1, true],
  ['html-200', 1, false],
  ['fail-before', 1, false],
] as const)(
  'a push with %s ends without a ref line, whether the ref moved or not',
  async (kind, times, moved) => {
    const folder = await clone(`push-${kind}`);
    const sha = await commitFile(folder, `${kind}.txt`);
    const fault = stage.github.admin.faults.add({ path: 'git-receive-pack', kind, times });
    const pushed = await leased(folder, `pushed-${kind}`);
    expect(pushed.code).not.toBe(0);
    expect(pushed.text).not.toMatch(refLine);
    expect([fault.hits(), await tipOf(`pushed-${kind}`)]).toEqual([times, moved ? sha : '']);
  },
);

test('after one reset git sends the push again, and reports "failed to update ref" for its own push', async () => {
  const folder = await clone('resent');
  const sha = await commitFile(folder, 'resent.txt');
  stage.github.admin.faults.add({ path: 'git-receive-pack', kind: 'execute-then-reset' });
  const pushed = await leased(folder, 'resent');
  expect(pushed.text).toMatch(/\[remote rejected\] \(failed to update ref\)/);
  expect(await tipOf('resent')).toBe(sha);
});

test('a push held before execution has moved nothing; held after it, it has', async () => {
  const folder = await clone('held');
  const sha = await commitFile(folder, 'held.txt');
  const before = stage.github.admin.hold({ method: 'POST', path: 'git-receive-pack' }, 'before');
  const after = stage.github.admin.hold({ method: 'POST', path: 'git-receive-pack' }, 'after');
  const pushed = leased(folder, 'held');
  await before.reached;
  expect(await tipOf('held')).toBe('');
  before.release();
  await after.reached;
  expect(await tipOf('held')).toBe(sha);
  after.release();
  expect((await pushed).code).toBe(0);
});

test('a fine-grained token without contents=write can read but not push', async () => {
  stage.github.admin.addToken({
    token: 'narrow',
    login: 'alice',
    permissions: { contents: 'read', issues: 'write' },
  });
  const folder = await clone('narrow', 'narrow');
  await commitFile(folder, 'narrow.txt');
  expect((await git('narrow', ['push', 'origin', 'HEAD:refs/heads/narrow'], folder)).text).toContain('403');
  expect((await git('alice-token', ['push', 'origin', 'HEAD:refs/heads/narrow'], folder)).code).toBe(0);
});
