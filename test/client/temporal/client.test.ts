/** The Temporal client against a real server and the real issue workflow. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ClientProblem } from '../../../src/client/temporal/client-problem.ts';
import { connectTemporal, temporalSettings } from '../../../src/client/temporal/connection.ts';
import { decide } from '../../../src/client/temporal/decide.ts';
import { pokeIssue, startIssue, pokeRunningIssue } from '../../../src/client/temporal/issues.ts';
import { issueLives } from '../../../src/client/temporal/lives.ts';
import { listIssues } from '../../../src/client/temporal/list.ts';
import { lookAtIssue } from '../../../src/client/temporal/look.ts';
import { pollersOf } from '../../../src/client/temporal/queues.ts';
import { scanNow } from '../../../src/client/temporal/scan.ts';
import { storyOf } from '../../../src/client/temporal/story.ts';
import { SCHEDULER_QUEUE } from '../../../src/contracts/names.ts';
import type { IssueRef } from '../../../src/domain/issue-ref.ts';
import type { IssueView } from '../../../src/domain/view.ts';
import { openStage, type Stage } from './stage.ts';
import { until } from '../../support/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(async () => stage.end());

const issue = (number: number): IssueRef => ({ owner: 'Acme', repo: 'profile', number });

async function problemOf(promise: Promise<unknown>): Promise<ClientProblem> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ClientProblem) return error;
  throw new Error(`no ClientProblem: ${String(error)}`);
}

const viewOf = async (number: number): Promise<IssueView | undefined> => {
  const look = await lookAtIssue(stage.temporal, issue(number));
  return look.kind === 'unknown' ? undefined : look.view;
};

const atGate = (number: number, gate: string): Promise<IssueView> =>
  until(`#${number} at the ${gate} gate`, async () => {
    const view = await viewOf(number);
    return view?.hold?.gate === gate ? view : undefined;
  });

describe('without a worker', () => {
  test('an issue is started once, found the second time, and described without a view', async () => {
    expect(await startIssue(stage.temporal, issue(1))).toEqual({ kind: 'started' });
    expect(await startIssue(stage.temporal, issue(1))).toEqual({ kind: 'running' });
    const look = await lookAtIssue(stage.temporal, issue(1));
    expect(look).toMatchObject({ kind: 'running', status: 'RUNNING', pending: [] });
    expect(look).not.toHaveProperty('view');
  });

  test('a started issue is in the index at once, under its repository in any case', async () => {
    const listed = await until('#1 listed', async () => {
      const repository = { owner: 'acme', repo: 'PROFILE' };
      const { issues } = await listIssues(stage.temporal, { repository }, { issuesMax: 10 });
      return issues.length > 0 ? issues : undefined;
    });
    expect(listed).toMatchObject([{ stage: 'triage', hold: 'none', running: true }]);
  });

  test('a decision fails because no scheduler is running', async () => {
    const by = { by: 'alice', issue: issue(1), request: { kind: 'pause' } as const };
    const problem = await problemOf(decide(stage.temporal, { ...by, timeoutMs: 700 }));
    expect(problem.kind).toBe('no-scheduler');
    expect((await problemOf(storyOf(stage.temporal, issue(1), 700))).kind).toBe('no-scheduler');
  });

  test('an unknown issue is reported as unknown, not as a missing scheduler', async () => {
    expect(await lookAtIssue(stage.temporal, issue(404))).toEqual({
      kind: 'unknown',
      issue: 'Acme/profile#404',
    });
    const options = { by: 'alice', issue: issue(404), request: { kind: 'pause' } as const };
    expect((await problemOf(decide(stage.temporal, options))).kind).toBe('unknown-issue');
  });

  test('a queue without workers has no pollers, and an unreachable server is named with its address', async () => {
    expect(await pollersOf(stage.temporal, { queue: SCHEDULER_QUEUE, kind: 'workflow' })).toEqual([]);
    const settings = temporalSettings({ ...stage.environment, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    const before = Date.now();
    const problem = await problemOf(connectTemporal(settings));
    expect(problem).toMatchObject({ kind: 'unreachable' });
    expect(problem.message).toMatch(/^cannot reach Temporal at 127\.0\.0\.1:1\. Fix: .*signalbox up/);
    expect(Date.now() - before).toBeLessThan(6_000);
  });

  test('a missing namespace is reported as unusable, not as an unreachable server', async () => {
    const settings = temporalSettings({ ...stage.environment, TEMPORAL_NAMESPACE: 'nowhere' });
    const temporal = await connectTemporal(settings);
    try {
      const problem = await problemOf(lookAtIssue(temporal, issue(1)));
      expect(problem).toMatchObject({ kind: 'unusable' });
      expect(problem.message).toContain('TEMPORAL_NAMESPACE');
    } finally {
      await temporal.close();
    }
  });
});

describe('with a scheduler and a runner', () => {
  let stop: () => Promise<void>;
  beforeAll(async () => {
    stop = await stage.startWorkers();
  }, 60_000);
  afterAll(async () => stop());

  test('pollers are listed, and the waiting issue reaches its start gate', async () => {
    const view = await atGate(1, 'start');
    expect(view).toMatchObject({ issue: 'Acme/profile#1', stage: 'triage', mode: 'guarded' });
    const pollers = await pollersOf(stage.temporal, { queue: SCHEDULER_QUEUE, kind: 'workflow' });
    expect(pollers.length).toBeGreaterThan(0);
  });

  test('a stale digest, a wrong gate and a missing digest are refused with their reasons; the right digest is accepted', async () => {
    const { hold } = await atGate(1, 'start');
    const send = (request: object): Promise<unknown> =>
      decide(stage.temporal, { issue: issue(1), by: 'alice', request: { kind: 'approve', ...request } });
    const stale = await problemOf(send({ digest: 'abcdef012345' }));
    expect(stale.kind).toBe('moved-on');
    expect(stale.message).toContain(hold?.digest?.slice(7, 19));
    expect((await problemOf(send({ gate: 'merge', digest: hold?.digest }))).kind).toBe('moved-on');
    expect((await problemOf(send({}))).kind).toBe('refused');
    expect(await send({ gate: 'start', digest: hold?.digest })).toEqual({ taken: '/approve by alice' });
    const view = await atGate(1, 'merge');
    expect(view).toMatchObject({ stage: 'pr', pullRequest: { number: 2 }, run: { ending: 'patch' } });
  });

  test('the story has all records in order', async () => {
    const { view, records } = await storyOf(stage.temporal, issue(1));
    expect(records.map(record => record.seq)).toEqual(records.map((_record, index) => index + 1));
    expect(records.at(-1)?.hash).toBe(view.auditHead);
  });

  test('the index finds the issue by hold and stage, and any gate by `gate`', async () => {
    const find = async (filter: object): Promise<number> =>
      (await listIssues(stage.temporal, filter, { issuesMax: 10 })).issues.length;
    await until(
      '#1 at gate:merge in the index',
      async () => (await find({ hold: 'gate:merge' })) === 1 || undefined,
    );
    expect(await find({ hold: 'gate', stage: 'pr' })).toBe(1);
    expect(await find({ hold: 'gate:start' })).toBe(0);
    expect(await find({ waitingOn: "it's \\ quoted'" })).toBe(0);
  });

  test('an ended issue stays closed: no decision, start or poke restarts it', async () => {
    const { hold } = await atGate(1, 'merge');
    const request = { kind: 'approve', digest: hold?.digest ?? '' } as const;
    await decide(stage.temporal, { issue: issue(1), by: 'alice', request });
    await until('#1 closed', async () =>
      (await lookAtIssue(stage.temporal, issue(1))).kind === 'closed' ? true : undefined,
    );
    expect(await viewOf(1)).toMatchObject({ stage: 'release-verified' });
    const late = decide(stage.temporal, { issue: issue(1), by: 'alice', request: { kind: 'pause' } });
    expect((await problemOf(late)).kind).toBe('ended');
    expect(await startIssue(stage.temporal, issue(1))).toEqual({ kind: 'ended' });
    expect(await pokeIssue(stage.temporal, issue(1), ['issue'])).toBe('ended');
    expect((await lookAtIssue(stage.temporal, issue(1))).kind).toBe('closed');
  });

  test('an ended issue is restarted once, as the next generation', async () => {
    const beginning = { generation: 2, commentsReadTo: 40, actsReadTo: 50 };
    const lives = issueLives(call => call(stage.temporal));
    expect(await lives.startOrPoke(issue(1))).toMatchObject({ generation: 1, actsReadTo: 0 });
    const begun = await Promise.all([1, 2].map(() => lives.begin(issue(1), beginning)));
    expect(begun.filter(Boolean)).toHaveLength(1);
    const { hold } = await atGate(1, 'start');
    expect(await viewOf(1)).toMatchObject({ ...beginning, stage: 'triage' });
    expect(await lives.begin(issue(1), { ...beginning, generation: 3 })).toBe(false);
    const approve = { kind: 'approve', digest: hold?.digest ?? '' } as const;
    const old = decide(stage.temporal, { issue: issue(1), by: 'alice', request: approve, generation: 1 });
    expect((await problemOf(old)).kind).toBe('moved-on');
    const cancel = { issue: issue(1), by: 'alice', request: { kind: 'cancel' }, generation: 2 } as const;
    await decide(stage.temporal, cancel);
    await until('#1 closed', async () =>
      (await lookAtIssue(stage.temporal, issue(1))).kind === 'closed' ? true : undefined,
    );
    expect(await lives.begin(issue(1), beginning)).toBe(false);
    expect(await lives.isKnown(issue(1))).toBe(true);
  });

  test('a poke of running issues does not start one', async () => {
    expect(await pokeRunningIssue(stage.temporal, issue(1), { facets: ['issue'] })).toBe('not-running');
    expect(await pokeRunningIssue(stage.temporal, issue(2), { facets: ['issue'] })).toBe('not-running');
    expect((await lookAtIssue(stage.temporal, issue(2))).kind).toBe('unknown');
  });

  test('a scan that GitHub keeps waiting is told at once, with the reason and the time', async () => {
    const waits = {
      kind: 'delayed',
      message: expect.stringMatching(/waits until \S+ \S+ UTC: GitHub's requests of this hour are used up/),
    };
    await expect(scanNow(stage.temporal, { owner: 'Acme', repo: 'limited' })).rejects.toMatchObject(waits);
    expect(await scanNow(stage.temporal, { owner: 'Acme', repo: 'profile' })).toEqual({ started: 0 });
  });

  test('a poke starts a new issue', async () => {
    expect(await pokeIssue(stage.temporal, issue(2), ['issue'])).toBe('delivered');
    await atGate(2, 'start');
    // It waits at its start gate, so a full scan has nothing to wake.
    expect(
      await issueLives(call => call(stage.temporal)).wakeInMotion({ owner: 'acme', repo: 'profile' }),
    ).toBe(0);
  });
});
