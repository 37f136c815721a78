/** The command line without a scheduler, and for issues without a workflow. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectOneLine, jsonOf, type Ran } from './support/cli.ts';
import { type CliStage, openCliStage } from './support/scene.ts';

let stage: CliStage;
beforeAll(async () => {
  stage = await openCliStage(6);
}, 120_000);
afterAll(async () => stage.end());

const ONE = 'Acme/profile#1';

describe('without a scheduler', () => {
  test.each(['show', 'audit', 'evidence', 'logs', 'watch', 'retry', 'approve'])(
    '%s of an issue without a workflow exits with 3 and says how to start one',
    async name => {
      const ran = await stage.ask([name, 'Acme/profile#404']);
      expect([ran.code, ran.stdout]).toEqual([3, '']);
      expectOneLine(ran, /Acme\/profile#404 has no workflow\. Fix: .*signalbox start .*signalbox explain/);
    },
  );

  test('start refuses an issue that GitHub does not have', async () => {
    const ran = await stage.askAs('alice', ['start', 'Acme/profile#404']);
    expect([ran.code, ran.stdout]).toEqual([3, '']);
    expectOneLine(ran, /GitHub has no issue Acme\/profile#404/);
    expect((await stage.ask(['show', 'Acme/profile#404'])).code).toBe(3);
  });

  test('start starts an issue once, finds it the second time, and says that no scheduler is running', async () => {
    const first = await stage.askAs('alice', ['start', ONE]);
    expect(first).toMatchObject({ code: 0, stdout: 'started issue:acme/profile#1\n' });
    expect(first.stderr).toContain('no scheduler is running');
    const again = await stage.ask(['start', `https://stage.github.test/Acme/profile/issues/1`, '--json']);
    expect(jsonOf(again)).toEqual({ issue: ONE, workflowId: 'issue:acme/profile#1', started: false });
  });

  test('show and explain say that no scheduler has run it, as text and as JSON', async () => {
    expect((await stage.ask(['show', ONE])).stdout).toContain('no scheduler has run it yet');
    expect(jsonOf(await stage.ask(['show', ONE, '--json']))).toMatchObject({ issue: ONE, kind: 'running' });
    expect(jsonOf(await stage.ask(['explain', ONE, '--json']))).toMatchObject({
      ...{ issue: ONE, workflow: true, answers: [] },
      why: expect.stringContaining('signalbox up'),
    });
    const audit = await stage.ask(['audit', ONE]);
    expect(audit.code).toBe(1);
    expectOneLine(audit, /no scheduler has run it yet/);
  });

  test('an approval without an open gate exits with 5', async () => {
    const ran = await stage.ask(['approve', ONE, '--digest', 'abcdef012345']);
    expect(ran.code).toBe(5);
    expectOneLine(ran, /has no open gate/);
  });
});

describe('explain without a workflow', () => {
  const explain = async (number: number, login = 'alice') =>
    jsonOf(await stage.askAs(login, ['explain', `Acme/profile#${number}`, '--json'])) as { why: string };

  test('says what an issue without the label needs, and what one with it waits for', async () => {
    expect(await explain(5)).toMatchObject({
      ...{ issue: 'Acme/profile#5', workflow: false },
      why: 'the issue is not opted in; add the label “ai”',
    });
    stage.github.person('alice').label(5, 'ai');
    const found = await explain(5);
    expect(found.why).toContain('signalbox scan Acme/profile');
    expect(found).toMatchObject({
      answers: [
        { id: 'Q1', answer: 'yes: the label “ai”, added by alice', source: 'GitHub, read now' },
        {},
        {},
        {},
        {},
        {},
        {},
        {},
        {},
      ],
    });
  });

  test('names a label from a person without the role, and a closed issue', async () => {
    stage.github.person('rita').label(6, 'ai');
    expect((await explain(6)).why).toContain('rita is not allowed to opt in (role read)');
    stage.github.person('alice').closeIssue(6);
    expect((await explain(6)).why).toContain('closed');
  });

  test('names a branch without a workflow', async () => {
    const tip = (await stage.github.person('alice').tip('main')) ?? '';
    await stage.github.person('alice').moveBranch('ai/issue-5-stale', tip);
    const ran = await stage.askAs('alice', ['explain', 'Acme/profile#5']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(
      /Q4 is there an active branch\?\n {5}ai\/issue-5-stale at [0-9a-f]{12}, without a workflow/,
    );
    expect(ran.stdout).toContain('no: 1 branch of ours, but no workflow');
  });

  test('an unknown issue exits with 3, and so does an issue without a workflow when there is no token', async () => {
    expectOneLine(await stage.askAs('alice', ['explain', 'Acme/profile#404']), /has no issue/);
    const ran = await stage.ask(['explain', 'Acme/profile#5']);
    expect([ran.code, ran.stdout]).toEqual([3, '']);
    expectOneLine(ran, /GitHub cannot be asked without a token. Fix: set GITHUB_TOKEN/);
  });

  test('an unreachable GitHub exits with 4, unlike an unknown issue', async () => {
    const environment = { GITHUB_TOKEN: 'token-canary', GITHUB_API_URL: 'http://127.0.0.1:1/api/v3' };
    const ran = await stage.ask(['explain', 'Acme/profile#5'], { environment });
    expect([ran.code, ran.stdout]).toEqual([4, '']);
    expectOneLine(ran, /GitHub/);
    expect(ran.stderr).not.toContain('token-canary');
  });

  test('an invalid token exits with 1 and is named', async () => {
    const environment = { ...stage.github.as('alice'), GITHUB_TOKEN: 'token-canary' };
    const ran = await stage.ask(['explain', 'Acme/profile#5'], { environment });
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expectOneLine(ran, /set GITHUB_TOKEN to a valid token/);
    expect(ran.stderr).not.toContain('token-canary');
  });
});

describe('watch without an issue', () => {
  test('shows the current state of every issue of the repository, as text and as JSON', async () => {
    const untilItSays = async (...args: readonly string[]): Promise<Ran> => {
      const stop = new AbortController();
      return await stage.ask(['watch', ...args], { signal: stop.signal, onOutput: () => stop.abort() });
    };
    await stage.ask(['start', ONE]);
    const words = await untilItSays('--repo', 'Acme/profile');
    expect(words.code).toBe(130);
    expect(words.stdout).toMatch(/acme\/profile#1 {2}triage/);
    expect(jsonOf(await untilItSays('--json'))).toMatchObject({
      type: 'state',
      stage: 'triage',
      running: true,
    });
  });
});
