/** What a look reads of CI, what it stores of a failed check, and asking for another run of it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChecksAsked, EffectContext } from '../../../src/contracts/activities.ts';
import { loadCheckOutput } from '../../../src/activities/stored.ts';
import { CHECK_OUTPUT_CHARS_MAX } from '../../../src/contracts/bounds.ts';
import { fakeToken } from '../../git/corpus.ts';
import { repositoryName } from '../../support/github.ts';
import { workedBranch } from '../support/changes.ts';
import { factOf, perform } from '../support/perform.ts';
import { limitedToken, policyText, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults, type Arrange } from '../support/sweep.ts';

let stage: SchedulerStage;
beforeAll(async () => {
  stage = await stageScheduler({ policy: `${policyText}checks: { required: [test] }\n` });
});
afterAll(() => stage.end());

const ci = () => stage.person('acme');
const newHead = async (): Promise<string> => (await workedBranch(stage)).head;
const asked = (head: string, more: Partial<ChecksAsked> = {}): ChecksAsked => ({
  ...{ head, base: stage.repository.head },
  ...more,
});
const inputOf = (checks: ChecksAsked, context: Partial<EffectContext> = {}) => ({
  ...{ context: { ...stage.context(1), ...context }, facets: ['checks'] as const, checks },
  ...{ commentsReadTo: 0, reviewsSeen: 0 },
});
const read = async (checks: ChecksAsked, context: Partial<EffectContext> = {}) => {
  const observed = (await factOf(stage.activities.look, inputOf(checks, context))).checks;
  if (observed === undefined) throw new Error('no checks were read');
  return observed;
};
const failing = (sha: string, more = {}) =>
  ci().checkRun({ sha, name: 'test', conclusion: 'failure', summary: '1 of 9 failed', ...more });

describe('a look at the checks', () => {
  testFaults({
    effect: 'look at the checks',
    stage: () => stage,
    arrange: async () => {
      const head = await newHead();
      ci().checkRun({ sha: head, name: 'test' });
      return {
        perform: async () => {
          const { ended, repeated } = await perform(stage.activities.look, inputOf(asked(head)));
          if (!('fact' in ended)) return { ended, repeated };
          const reported = ended.fact.checks?.reported.map(({ name, state }) => ({ name, state }));
          return { ended: { fact: { reported } }, repeated };
        },
        remains: async () => undefined,
      };
    },
    // What cannot be read is no result: it is unreported.
    answers: Object.fromEntries(
      ['403', '404', '422', '451'].flatMap(status =>
        ['status', 'check-runs'].map(list => [
          `${status} GET /repos/{owner}/{repo}/commits/{ref}/${list}`,
          { fact: {} },
        ]),
      ),
    ),
  });

  test('brings the required ones only, without our own', async () => {
    const head = await newHead();
    ci().checkRun({ sha: head, name: 'test' });
    ci().checkRun({ sha: head, name: 'other', conclusion: 'failure' });
    ci().status({ sha: head, context: 'test', state: 'pending' });
    const { required, reported } = await read(asked(head));
    expect(required).toEqual([{ name: 'test', byPolicy: true }]);
    expect(reported.map(({ name, source, state }) => [name, source, state])).toEqual([
      ['test', 'status', 'pending'],
      ['test', 'check-run', 'passed'],
    ]);
  });

  test('brings those of the rules too, which are read once for each head', async () => {
    const rules = { method: 'GET', path: '/repos/{owner}/{repo}/rules/branches/{branch}' };
    const { protect } = stage.simulator.admin.repositories;
    protect(repositoryName, 'main', { requiredChecks: ['build'] });
    const repository = { ...stage.repository, isProtected: true as const, requiredChecks: [{ name: 'old' }] };
    const head = await newHead();
    const before = stage.simulator.requests.count(rules);
    const known = await read(asked(head), { repository });
    expect(known.required.map(({ name }) => name)).toEqual(['test', 'old', 'build']);
    expect((await read(asked(head, { known }), { repository })).required).toEqual(known.required);
    expect(stage.simulator.requests.count(rules)).toBe(before + 1);
    protect(repositoryName, 'main', undefined);
  });

  test('names a check of ours among them: it never judges, and nobody may report it', async () => {
    const { protect } = stage.simulator.admin.repositories;
    protect(repositoryName, 'main', { requiredChecks: ['build', 'signalbox/evidence'] });
    const repository = { ...stage.repository, isProtected: true as const };
    const found = await read(asked(await newHead()), { repository });
    expect(found.required.map(({ name }) => name)).toEqual(['test', 'build']);
    expect(found.rules).toEqual({ ownCheck: 'signalbox/evidence' });
    protect(repositoryName, 'main', undefined);
  });

  test('says which permission is missing', async () => {
    const token = limitedToken(stage, { metadata: 'read', statuses: 'read' });
    const { checks } = await factOf(stage.withToken(token).look, inputOf(asked(await newHead())));
    expect(checks).toMatchObject({
      reported: [],
      unreadable: expect.stringMatching(/check runs.*checks=read/),
    });
  });

  test('stores what a failed check says once, bounded and without secrets', async () => {
    const head = await newHead();
    const annotations = Array.from({ length: 80 }, (_, line) => ({
      ...{ path: 'src/card.js', line },
      message: `${fakeToken} ${'m'.repeat(2_000)}`,
    }));
    failing(head, {
      annotations,
      summary: `${'s'.repeat(50_000)}${fakeToken}`,
      log: `${'first line\n'.repeat(50_000)}${fakeToken}\nlast line`,
    });
    const known = await read(asked(head));
    const [{ output = 'sha256:none' } = {}] = known.reported;
    const text = await loadCheckOutput(stage.artifacts, output);
    expect(text.length).toBeLessThanOrEqual(CHECK_OUTPUT_CHARS_MAX);
    expect(text).toMatch(/^The check “test” ended as failure\.\n\nIt says:\ntest\n\nsss/);
    expect(text).toContain('src/card.js:0: failure: [secret]');
    expect(text).toMatch(/\[secret\]\nlast line$/);
    expect(text).not.toContain(fakeToken.slice(0, 12));

    const logs = { method: 'GET', path: '/repos/{owner}/{repo}/actions/jobs/{job_id}/logs' };
    const before = stage.simulator.requests.count(logs);
    expect((await read(asked(head, { known }))).reported).toEqual(known.reported);
    expect(stage.simulator.requests.count(logs)).toBe(before);
  });

  test('reads the base when something failed: a check that fails there too was broken before', async () => {
    const [head, base] = [await newHead(), await newHead()];
    failing(head);
    expect((await read(asked(head, { base }))).failingOnBase).toEqual([]);
    failing(base);
    expect((await read(asked(head, { base }))).failingOnBase).toEqual(['test']);
    ci().checkRun({ sha: base, name: 'test' });
    expect((await read(asked(head, { base }))).failingOnBase).toEqual([]);
  });

  test('takes a log that cannot be read as none', async () => {
    const head = await newHead();
    failing(head, { log: 'not ok' });
    const fault = stage.simulator.admin.faults.add({
      ...{ kind: 'fail-before', status: 410, method: 'GET' },
      path: '/repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
    });
    const [{ output = '' } = {}] = (await read(asked(head))).reported;
    expect(fault.hits()).toBe(1);
    const text = await loadCheckOutput(stage.artifacts, output as `sha256:${string}`);
    expect(text).toBe('The check “test” ended as failure.\n\nIt says:\ntest\n\n1 of 9 failed');
  });
});

describe('running a failed check again', () => {
  const runsOf = (sha: string) =>
    stage.simulator.admin.repositories.get(repositoryName).checkRuns.filter(run => run.sha === sha);
  const effectOf = async (head: string) => {
    const [report] = (await read(asked(head))).reported;
    if (report === undefined) throw new Error('nothing was reported');
    const { name, id, attempt, app = '' } = report;
    return { kind: 'rerun-check' as const, head, name, id, attempt, app };
  };
  const rerun = async (head: string) =>
    await factOf(stage.activities.rerunCheck, { context: stage.context(1), effect: await effectOf(head) });

  const arrange: Arrange = async () => {
    const head = await newHead();
    failing(head);
    const effect = await effectOf(head);
    return {
      perform: async () => {
        const { ended, repeated } = await perform(stage.activities.rerunCheck, {
          ...{ context: stage.context(1), effect },
        });
        if (!('fact' in ended)) return { ended, repeated };
        const { type, problem } = ended.fact;
        return { ended: { fact: { type, problem } }, repeated };
      },
      remains: async () => runsOf(head).map(({ name, status }) => ({ name, status })),
    };
  };
  const refusedBy = ['403', '404', '410', '422', '451'].map(status => [
    `${status} POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun`,
    { fact: { type: 'check-rerun', problem: expect.any(String) } },
  ]);
  testFaults({
    effect: 'rerun-check',
    stage: () => stage,
    arrange,
    answers: Object.fromEntries(refusedBy) as Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  });

  test('starts the job of GitHub Actions once', async () => {
    const head = await newHead();
    failing(head);
    expect(await rerun(head)).not.toHaveProperty('problem');
    expect(runsOf(head).map(({ status }) => status)).toEqual(['completed', 'queued']);
  });

  test('asks another App to run its check again', async () => {
    const head = await newHead();
    failing(head, { app: 'scanner' });
    expect(await rerun(head)).not.toHaveProperty('problem');
    expect(runsOf(head)).toHaveLength(1);
    expect(
      stage.simulator.requests.count({
        ...{ method: 'POST', path: '/repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest' },
      }),
    ).toBeGreaterThan(0);
  });

  test('without the permission is a fact that names it', async () => {
    const head = await newHead();
    failing(head);
    const token = limitedToken(stage, { metadata: 'read', actions: 'read' });
    const input = { context: stage.context(1), effect: await effectOf(head) };
    expect(await factOf(stage.withToken(token).rerunCheck, input)).toHaveProperty('problem');
    expect(runsOf(head)).toHaveLength(1);
  });
});
