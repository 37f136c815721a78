/** Faults, holds, limits and the request log, seen by an Octokit client without retries. */
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import { repositoryName, stageGitHub, where, type GitHubStage } from '../../support/github.ts';

const commentRoute = '/repos/{owner}/{repo}/issues/{issue_number}/comments';

let stage: GitHubStage;
let bot: Octokit;
let at: { owner: string; repo: string; issue_number: number };
beforeEach(async () => {
  stage = await stageGitHub();
  bot = stage.as('bot-token');
  const { number } = stage.github.admin.as('alice', repositoryName).openIssue({ title: 'Faults' });
  at = { ...where, issue_number: number };
});
afterEach(() => stage.end());

const post = (): Promise<{ data: unknown; status: number }> =>
  bot.rest.issues.createComment({ ...at, body: 'text' });
const stored = (): number => stage.github.admin.repositories.get(repositoryName).comments.size;
const add: GitHubStage['github']['admin']['faults']['add'] = rule =>
  stage.github.admin.faults.add({ method: 'POST', path: commentRoute, ...rule });

test.each([
  ['fail-before', 503, 0],
  ['rate-limit', 403, 0],
  ['secondary-limit', 403, 0],
  ['reset-before', 500, 0],
  ['execute-then-500', 500, 1],
  ['execute-then-502', 502, 1],
  ['execute-then-reset', 500, 1],
] as const)('%s is a failure that leaves %s and %i comments', async (kind, status, comments) => {
  add({ kind });
  await expect(post()).rejects.toMatchObject({ status });
  expect(stored()).toBe(comments);
  await post(); // the fault hit once
  expect(stored()).toBe(comments + 1);
});

test('limits send retry-after, or omit it on request', async () => {
  add({ kind: 'secondary-limit', retryAfterSeconds: 7 });
  await expect(post()).rejects.toMatchObject({ response: { headers: { 'retry-after': '7' } } });
  add({ kind: 'secondary-limit', retryAfterSeconds: null });
  const error = await post().catch((thrown: unknown) => thrown as { response: { headers: object } });
  expect(error).toMatchObject({
    response: { headers: expect.not.objectContaining({ 'retry-after': expect.anything() }) },
  });
});

test('a page of HTML, a cut body and a redirect reach a naive client as success', async () => {
  add({ kind: 'html-200' });
  expect((await post()).data).toContain('<!DOCTYPE html>');
  add({ kind: 'cut-body' });
  expect(await post()).toMatchObject({ status: 201, data: '' });
  add({
    kind: 'redirect',
    location: `${stage.github.apiUrl}/repos/acme/cards/issues/${at.issue_number}/comments`,
  });
  expect(await post()).toMatchObject({ status: 200 }); // the POST has become a GET
  expect(stored()).toBe(1);
});

test('a request with a hanging reply is executed; a fault can skip requests and affect several', async () => {
  const fault = add({ kind: 'execute-then-hang', skip: 1, times: 2 });
  await post();
  const signal = AbortSignal.timeout(300);
  await expect(bot.rest.issues.createComment({ ...at, body: 'x', request: { signal } })).rejects.toThrow();
  expect([stored(), fault.hits()]).toEqual([2, 1]);
});

test('a stale read returns the previous answer', async () => {
  const count = async (): Promise<number> => (await bot.rest.issues.listComments(at)).data.length;
  expect(await count()).toBe(0);
  await post();
  stage.github.admin.faults.add({ method: 'GET', path: commentRoute, kind: 'stale' });
  expect(await count()).toBe(0);
  expect(await count()).toBe(1);
});

test('a stale read without a previous answer finds nothing', async () => {
  await post();
  stage.github.admin.faults.add({ method: 'GET', kind: 'stale', times: 2 });
  expect((await bot.rest.issues.listComments(at)).data).toEqual([]);
  await expect(bot.rest.issues.get(at)).rejects.toMatchObject({ status: 404 });
  expect((await bot.rest.issues.get(at)).data.comments).toBe(1);
});

test('the primary limit refuses with its reset time until the window ends', async () => {
  stage.github.admin.rateLimit.set({ remaining: 1, resetAtMs: Date.now() + 60_000 });
  await post();
  await expect(post()).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'x-ratelimit-remaining': '0' } },
  });
  stage.github.admin.rateLimit.set({ remaining: 0, resetAtMs: Date.now() - 1 });
  await post();
});

test('a request held after execution has taken effect; one held before has not until it is released', async () => {
  const before = stage.github.admin.hold({ method: 'POST', path: commentRoute }, 'before');
  const first = post();
  expect(await before.reached).toMatchObject({ route: commentRoute, user: 'line-bot' });
  expect(stored()).toBe(0);
  before.release();
  await first;
  const after = stage.github.admin.hold({ path: /\/comments$/ }, 'after');
  const second = post();
  await after.reached;
  expect(stored()).toBe(2);
  after.release();
  await second;
});

const client = (): ReturnType<typeof spawn> => {
  const url = `${stage.github.apiUrl}/repos/acme/cards/issues/${at.issue_number}/comments`;
  const init = {
    method: 'POST',
    body: JSON.stringify({ body: 'from a process' }),
    headers: { authorization: 'token bot-token' },
  };
  const script = `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)})`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
};

const killed = (child: ReturnType<typeof spawn>): Promise<unknown> => {
  const exit = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  return exit;
};

test.each([
  ['before', undefined, 0],
  ['before', { evenIfGone: true }, 1],
  ['after', undefined, 1],
] as const)('a client killed while held %s (%o) leaves %i comments', async (phase, options, comments) => {
  const hold = stage.github.admin.hold({ method: 'POST', path: commentRoute }, phase);
  const child = client();
  await hold.reached;
  await killed(child);
  hold.release(options);
  const probe = stage.github.admin.hold({ path: '/user' }, 'after');
  const asked = bot.rest.users.getAuthenticated();
  await probe.reached; // by now the released request is through
  probe.release();
  await asked;
  const settled = stage.github.admin.repositories.get(repositoryName).comments;
  for (let turn = 0; turn < 50 && settled.size < comments; turn += 1)
    await new Promise(resolve => setImmediate(resolve));
  expect(settled.size).toBe(comments);
});

test('a dropped request is never executed', async () => {
  const hold = stage.github.admin.hold({ method: 'POST', path: commentRoute }, 'before');
  const sent = expect(post()).rejects.toMatchObject({ status: 500 });
  await hold.reached;
  hold.drop();
  await sent;
  expect(stored()).toBe(0);
});

test('the log counts the requests of a client', async () => {
  await post();
  await bot.rest.issues.addLabels({ ...at, labels: ['x'] });
  await bot.rest.issues.get(at);
  await expect(stage.as('rita-token').rest.issues.addLabels({ ...at, labels: ['y'] })).rejects.toThrow();
  const { requests } = stage.github;
  expect([requests.count(), requests.contentCreating(), requests.writes().length]).toEqual([4, 1, 3]);
  expect(requests.find({ user: 'rita' })[0]).toMatchObject({ method: 'POST', status: 403 });
  expect(requests.count({ method: 'GET', path: '/repos/{owner}/{repo}/issues/{issue_number}' })).toBe(1);
  requests.reset();
  expect(requests.count()).toBe(0);
});

test('a refused fine-grained token is told the missing permission', async () => {
  stage.github.admin.addToken({
    token: 'reader',
    login: 'alice',
    permissions: { issues: 'read', metadata: 'read' },
  });
  const narrow = stage.as('reader');
  await narrow.rest.issues.get(at);
  await expect(narrow.rest.issues.createComment({ ...at, body: 'no' })).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' } },
  });
});

test('a renamed repository is found by its old name through a redirect', async () => {
  stage.github.admin.repositories.rename(repositoryName, 'profile-cards');
  const { data } = await bot.rest.issues.get(at);
  expect(data.repository_url).toContain('acme/profile-cards');
});
