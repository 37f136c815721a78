/** What the command line says of issues that nobody works on yet: no scheduler, or no workflow at all. */
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
    '%s of an issue without a workflow ends with 3 and says how to start one',
    async name => {
      const ran = await stage.ask([name, 'Acme/profile#404']);
      expect([ran.code, ran.stdout]).toEqual([3, '']);
      expectOneLine(ran, /Acme\/profile#404 has no workflow here: .*signalbox start .*signalbox explain/);
    },
  );

  test('start starts nothing for an issue that GitHub does not know', async () => {
    const ran = await stage.askAs('alice', ['start', 'Acme/profile#404']);
    expect([ran.code, ran.stdout]).toEqual([3, '']);
    expectOneLine(ran, /GitHub knows no issue Acme\/profile#404/);
    expect((await stage.ask(['show', 'Acme/profile#404'])).code).toBe(3);
  });

  test('start starts once and finds the second time; it says that nobody runs it', async () => {
    const first = await stage.askAs('alice', ['start', ONE]);
    expect(first).toMatchObject({ code: 0, stdout: 'started issue:acme/profile#1\n' });
    expect(first.stderr).toContain('no scheduler is running');
    const again = await stage.ask(['start', `https://stage.github.test/Acme/profile/issues/1`, '--json']);
    expect(jsonOf(again)).toEqual({ issue: ONE, workflowId: 'issue:acme/profile#1', started: false });
  });

  test('show and explain say so too, in words and in JSON', async () => {
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

  test('an approval where no gate is asked ends with 5', async () => {
    const ran = await stage.ask(['approve', ONE, '--digest', 'abcdef012345']);
    expect(ran.code).toBe(5);
    expectOneLine(ran, /no gate is asked now/);
  });
});

describe('explain without a workflow', () => {
  const explain = async (number: number, login = 'alice') =>
    jsonOf(await stage.askAs(login, ['explain', `Acme/profile#${number}`, '--json'])) as { why: string };

  test('an issue without the label, and one with it', async () => {
    expect(await explain(5)).toMatchObject({
      ...{ issue: 'Acme/profile#5', workflow: false },
      why: 'the issue is not opted in: give it the label “ai”',
    });
    stage.github.person('alice').label(5, 'ai');
    const found = await explain(5);
    expect(found.why).toContain('signalbox scan Acme/profile');
    expect(found).toMatchObject({
      answers: [
        { id: 'Q1', answer: 'yes: the label “ai”, given by alice', source: 'GitHub, read now' },
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

  test('a label from someone who may not give it, and a closed issue', async () => {
    stage.github.person('rita').label(6, 'ai');
    expect((await explain(6)).why).toContain('rita is not allowed to opt in (role read)');
    stage.github.person('alice').closeIssue(6);
    expect((await explain(6)).why).toContain('closed');
  });

  test('a branch that nobody works on is named', async () => {
    const tip = (await stage.github.person('alice').tip('main')) ?? '';
    await stage.github.person('alice').moveBranch('ai/issue-5-stale', tip);
    const ran = await stage.askAs('alice', ['explain', 'Acme/profile#5']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(
      /Q4 is there an active branch\?\n {5}ai\/issue-5-stale at [0-9a-f]{12}, which no workflow/,
    );
    expect(ran.stdout).toContain('no: 1 of our branches, and no workflow');
  });

  test('an unknown issue ends with 3; without a token nobody is asked, and it is said', async () => {
    expectOneLine(await stage.askAs('alice', ['explain', 'Acme/profile#404']), /knows no issue/);
    const ran = await stage.ask(['explain', 'Acme/profile#5']);
    expect([ran.code, ran.stdout]).toEqual([3, '']);
    expectOneLine(ran, /GitHub was not asked: set GITHUB_TOKEN/);
  });

  test('a GitHub that does not answer ends with 4, and is no unknown issue', async () => {
    const environment = { GITHUB_TOKEN: 'token-canary', GITHUB_API_URL: 'http://127.0.0.1:1/api/v3' };
    const ran = await stage.ask(['explain', 'Acme/profile#5'], { environment });
    expect([ran.code, ran.stdout]).toEqual([4, '']);
    expectOneLine(ran, /GitHub/);
    expect(ran.stderr).not.toContain('token-canary');
  });

  test('a token that is none ends with 1 and says so', async () => {
    const environment = { ...stage.github.as('alice'), GITHUB_TOKEN: 'token-canary' };
    const ran = await stage.ask(['explain', 'Acme/profile#5'], { environment });
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expectOneLine(ran, /set GITHUB_TOKEN to a valid token/);
    expect(ran.stderr).not.toContain('token-canary');
  });
});

describe('watch without an issue', () => {
  test('shows every issue of the repository as it is, in words and as objects', async () => {
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
