/** CI's reports on a commit, and the rules that require them, against the simulated GitHub. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isOwnCheck } from '../../src/domain/own-check.ts';
import { endOfLog } from '../../src/github/check-output.ts';
import { findChecks } from '../../src/github/checks.ts';
import { createStatus } from '../../src/github/commits.ts';
import { branchFacts, rulesOfMerges } from '../../src/github/required-checks.ts';
import { repositoryName, where } from '../support/github.ts';
import { fakeToken } from '../git/corpus.ts';
import { openLine } from './line.ts';
import type { Line } from './line.ts';

let line: Line;
beforeAll(async () => void (line = await openLine()));
afterAll(async () => await line.end());

let commits = 0;
const newCommit = async (): Promise<string> => {
  commits += 1;
  const files = { [`c${commits}.txt`]: 'c' };
  return await line.person('alice').pushCommit({ branch: `checked-${commits}`, message: 'c', files });
};
const report = (sha: string, name: string, more = {}) =>
  line.person('alice').checkRun({ sha, name, ...more });
const find = async (sha: string, ...names: readonly string[]) =>
  (await findChecks(line.github, { ...where, sha, names })).checks;

describe('the checks of a commit', () => {
  test('are statuses and check runs under the asked names, the latest attempt of each', async () => {
    const sha = await newCommit();
    await createStatus(line.github, { ...where, sha, context: 'lint', state: 'failure', description: 'no' });
    await createStatus(line.github, { ...where, sha, context: 'lint', state: 'success', description: 'yes' });
    report(sha, 'test', { conclusion: 'failure', summary: 'two failed' });
    report(sha, 'test', { status: 'in_progress' });
    report(sha, 'other');
    const found = await find(sha, 'test', 'lint');
    expect(found.map(({ name, source, state, app }) => [name, source, state, app])).toEqual([
      ['lint', 'status', 'passed', undefined],
      ['test', 'check-run', 'pending', 'github-actions'],
    ]);
  });

  test.each([
    ['success', 'passed'],
    ['neutral', 'passed'],
    ['skipped', 'passed'],
    ['failure', 'failed'],
    ['timed_out', 'failed'],
    ['cancelled', 'unclear'],
    ['action_required', 'unclear'],
    ['stale', 'unclear'],
    ['startup_failure', 'unclear'],
    ['something_new', 'unclear'],
  ])('a run that ended as %s %s', async (conclusion, state) => {
    const sha = await newCommit();
    report(sha, 'test', { conclusion });
    expect(await find(sha, 'test')).toMatchObject([{ state, detail: conclusion }]);
  });

  test('are asked for by name where there are more than 500', async () => {
    const sha = await newCommit();
    const wanted = report(sha, 'first');
    for (let n = 0; n < 600; n++) report(sha, `job ${n}`);
    line.simulator.requests.reset();
    expect(await find(sha, 'first', 'job 599')).toMatchObject([{ id: wanted.id }, { name: 'job 599' }]);
    expect(line.simulator.requests.entries.length).toBeLessThan(10);
  });

  test('of a commit that GitHub does not know are none', async () => {
    expect(await find('f'.repeat(40), 'test')).toEqual([]);
  });

  test('our own reports are known by the context or the App', () => {
    expect(isOwnCheck({ name: 'signalbox/evidence' }, 'bot')).toBe(true);
    expect(isOwnCheck({ name: 'test', app: 'signal' }, 'Signal[bot]')).toBe(true);
    expect(isOwnCheck({ name: 'test', app: 'signal' }, 'signal')).toBe(false);
    expect(isOwnCheck({ name: 'test' }, 'signal[bot]')).toBe(false);
  });
});

describe('the end of a log', () => {
  const logOf = async (log: string): Promise<string | undefined> => {
    const { id } = report(await newCommit(), 'test', { conclusion: 'failure', log });
    return await endOfLog(line.github, fetch, { ...where, id });
  };

  test('is read from the storage, which never sees the credential', async () => {
    expect(await logOf('one\ntwo\n')).toBe('one\ntwo\n');
  });

  test('of a long log is its last 64 kilobytes; the rest is not transferred', async () => {
    let bytes = 0;
    const counting: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (response.status === 206) bytes += Number(response.headers.get('content-length'));
      return response;
    };
    const log = `${'x'.repeat(5_000_000)}\nnot ok 1 the end\n`;
    const { id } = report(await newCommit(), 'test', { conclusion: 'failure', log });
    const end = await endOfLog(line.github, counting, { ...where, id });
    expect(end).toMatch(/not ok 1 the end\n$/);
    expect(end).toHaveLength(64 * 1024);
    expect(bytes).toBe(64 * 1024);
  });

  test('of a server that does not say its length is given up after 16 megabytes', async () => {
    const { id } = report(await newCommit(), 'test', { conclusion: 'failure', log: fakeToken });
    const endless: typeof fetch = async () =>
      new Response(
        new ReadableStream({ pull: controller => controller.enqueue(new Uint8Array(1024 * 1024)) }),
      );
    expect(await endOfLog(line.github, endless, { ...where, id })).toBeUndefined();
    expect(await endOfLog(line.github, fetch, { ...where, id })).toBe(fakeToken);
  });

  test('does not exist for a check of another App, or without a log', async () => {
    const sha = await newCommit();
    const [scan, bare] = [report(sha, 'scan', { app: 'scanner' }), report(sha, 'bare')];
    for (const { id } of [scan, bare])
      expect(await endOfLog(line.github, fetch, { ...where, id })).toBeUndefined();
  });
});

describe('what a branch requires', () => {
  const protect = (branch: string, rules?: object): void =>
    line.simulator.admin.repositories.protect(repositoryName, branch, rules);

  test('is read with its head: whether there are rules, and the checks of branch protection', async () => {
    const at = { ...where, branch: 'main' };
    expect(await branchFacts(line.github, at)).toEqual({ head: expect.any(String) });
    protect('main', { classic: true, requiredChecks: ['test'] });
    expect(await branchFacts(line.github, at)).toMatchObject({
      isProtected: true,
      requiredChecks: [{ name: 'test' }],
    });
    expect(await rulesOfMerges(line.github, at)).toEqual({ required: [] });
    protect('main', { requiredChecks: ['test'], checksBy: 'github-actions' });
    expect(await branchFacts(line.github, at)).toEqual({ head: expect.any(String), isProtected: true });
    expect(await rulesOfMerges(line.github, at)).toEqual({
      required: [{ name: 'test', appId: expect.any(Number) }],
    });
    protect('main');
  });

  test('is nothing for a branch that does not exist', async () => {
    expect(await branchFacts(line.github, { ...where, branch: 'none' })).toBeUndefined();
  });
});
