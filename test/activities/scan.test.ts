/** Scanning a repository: every opted-in issue is found, and a scan without changes costs no rate limit. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ScanActivities, ScanFindings } from '../../src/contracts/activities.ts';
import type { IssueLives } from '../../src/contracts/issue-lives.ts';
import { begin } from '../../src/domain/begin.ts';
import { digestOf } from '../../src/domain/digest.ts';
import type { Beginning, EndedLife } from '../../src/domain/generation.ts';
import { projection } from '../../src/domain/projection.ts';
import { repositoryName, where } from '../support/github.ts';
import { isCounted } from '../../simulator/github/control/requests.ts';
import { activityEnvironment, factOf, perform } from './support/perform.ts';
import { newIssue } from './support/scenes.ts';
import { policyText, stageScheduler, type SchedulerStage } from './support/stage.ts';
import { testFaults } from './support/sweep.ts';

let stage: SchedulerStage;
let scan: ScanActivities;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());
beforeEach(() => void (scan = stage.scan()));

const repository = where;
const listPath = '/repos/{owner}/{repo}/issues';
const found = async () =>
  (await factOf(scan.scanRepository, { repository })).issues.map(issue => issue.number);
const optIn = () => {
  const issue = newIssue(stage);
  stage.person('alice').label(issue, stage.policy.optIn.label);
  return issue;
};
const statusesOf = () =>
  stage.simulator.requests.find({ path: listPath, user: 'line-bot' }).map(({ status }) => status);

describe('a scan', () => {
  test('finds only issues that are opted in and open', async () => {
    const issue = optIn();
    const closed = optIn();
    stage.person('alice').closeIssue(closed);
    const other = newIssue(stage);
    const issues = await found();
    expect(issues).toContain(issue);
    expect(issues).not.toContain(closed);
    expect(issues).not.toContain(other);
  });

  test('finds none while GitHub answers 304, and all again after any change', async () => {
    const issue = optIn();
    expect(await found()).toContain(issue);
    const before = stage.simulator.requests.entries.length;
    expect(await found()).toEqual([]);
    expect(stage.simulator.requests.entries.slice(before).map(({ status }) => status)).toEqual([304]);
    stage.person('rita').comment(issue, 'hello');
    expect(await found()).toContain(issue);
  });

  test('is repeated in full when its result was lost, so that no issue is missed', async () => {
    const issue = optIn();
    await found();
    const again: unknown = await activityEnvironment(2).run(scan.scanRepository, { repository });
    expect((again as ScanFindings).issues.map(({ number }) => number)).toContain(issue);
  });

  test('is a full one every twenty scans, which costs nothing either while nothing changed', async () => {
    optIn();
    const issues = await found();
    stage.simulator.requests.reset();
    for (let time = 0; time < 19; time += 1) expect(await found()).toEqual([]);
    expect(await found()).toEqual(issues);
    expect(statusesOf()).toEqual(Array.from({ length: 20 }, () => 304));
    expect(stage.simulator.requests.entries.filter(isCounted)).toEqual([]);
  });

  test('uses a new label from the policy at the next full scan', async () => {
    const push = async (text: string) =>
      await stage
        .person('acme')
        .pushCommit({ branch: 'main', message: 'policy', files: { '.github/signalbox.yml': text } });
    const issue = newIssue(stage);
    stage.person('alice').label(issue, 'go');
    expect(await found()).not.toContain(issue);
    await push(`${policyText}optIn: { label: go }\n`);
    scan = stage.scan();
    const issues = await found();
    await push(policyText);
    expect(issues).toEqual([issue]);
  });

  test('names a missing policy, an invalid policy and a missing repository', async () => {
    const push = async (text: string | null) =>
      await stage
        .person('acme')
        .pushCommit({ branch: 'main', message: 'policy', files: { '.github/signalbox.yml': text } });
    const failure = async (repo: string = repository.repo) =>
      (await perform(scan.scanRepository, { repository: { ...repository, repo } })).ended;
    await push(null);
    expect(await failure()).toMatchObject({ failure: 'PolicyMissing' });
    await push('version: 9\n');
    expect(await failure()).toMatchObject({ failure: 'PolicyInvalid' });
    await push(policyText);
    expect(await failure()).toMatchObject({ fact: {} });
    expect(await failure('nothing')).toMatchObject({ failure: 'GitHubNotFound' });
  });
});

describe('an issue that a scan found', () => {
  const label = 'ai';
  const findings = (...numbers: readonly number[]): ScanFindings => ({
    label,
    full: false,
    issues: numbers.map(number => ({ number, digest: digestOf({ number }), hasComments: false })),
  });

  test('is counted when it was started or poked; an ended issue stays ended', async () => {
    const asked: number[] = [];
    const { startIssues } = stage.scan({
      startOrPoke: async ({ number }) => {
        asked.push(number);
        return number === ended ? { generation: 1, actsReadTo: Number.MAX_SAFE_INTEGER } : 'delivered';
      },
    });
    const ended = optIn();
    expect(await factOf(startIssues, { repository, ...findings(1001, ended, 1002) })).toEqual({ started: 2 });
    expect(asked).toEqual([1001, ended, 1002]);
  });
});

describe('a workflow', () => {
  const poked: number[] = [];
  const startOrPoke: IssueLives['startOrPoke'] = async ({ number }) => {
    poked.push(number);
    return 'delivered';
  };

  test('is not poked again while its issue is unchanged, however often the repository is scanned', async () => {
    const activities = stage.scan({ startOrPoke });
    const issue = optIn();
    const scanned = async () => {
      const found = await factOf(stage.scan().scanRepository, { repository });
      await factOf(activities.startIssues, { repository, ...found });
      return poked.splice(0);
    };
    expect(await scanned()).toContain(issue);
    const other = optIn();
    expect(await scanned()).toEqual([other]);
    stage.person('rita').comment(issue, 'hello');
    expect(await scanned()).toEqual([issue]);
  });

  test('past its start is poked at each full scan, because a review does not change the issue', async () => {
    const woken: string[] = [];
    const { startIssues } = stage.scan({ wakeInMotion: async ({ repo }) => woken.push(repo) });
    const nothing = { repository, label: 'ai', issues: [] };
    expect(await factOf(startIssues, { ...nothing, full: false })).toEqual({ started: 0 });
    expect(await factOf(startIssues, { ...nothing, full: true })).toEqual({ started: 1 });
    expect(woken).toEqual([repository.repo]);
  });
});

describe('an issue that has ended', () => {
  /** Temporal after a generation of that issue has ended, and the generations that the scan starts. */
  const after = (life: EndedLife, isKnown = true) => {
    const generations: Beginning[] = [];
    const activities = stage.scan({
      startOrPoke: async () => life,
      isKnown: async () => isKnown,
      begin: async (_issue, beginning) => generations.push(beginning) > 0,
    });
    const scanned = async () =>
      await factOf(activities.startIssues, {
        repository,
        ...(await factOf(stage.scan().scanRepository, { repository })),
      });
    return { generations, scanned };
  };
  const lastAct = async (issue: number): Promise<number> => {
    const { label } = stage.policy.optIn;
    const found = stage.simulator.admin.repositories.get(repositoryName).issues.get(issue);
    return Math.max(
      ...(found?.events ?? []).filter(event => event.event !== 'closed').map(({ id }) => id),
      label.length,
    );
  };
  const only = (): number => {
    for (const { number } of stage.simulator.admin.repositories.get(repositoryName).issues.values())
      stage.person('alice').closeIssue(number);
    return optIn();
  };

  test('starts again when a person reopens it or opts it in again, and ignores earlier comments', async () => {
    const issue = only();
    const life = { generation: 1, actsReadTo: await lastAct(issue) };
    const quiet = after(life);
    expect(await quiet.scanned()).toEqual({ started: 0 });
    expect(quiet.generations).toEqual([]);
    stage.person('alice').closeIssue(issue);
    const { id: commentsReadTo } = stage.person('rita').comment(issue, '/cancel');
    stage.person('alice').reopenIssue(issue);
    const reopened = after(life);
    expect(await reopened.scanned()).toEqual({ started: 1 });
    const actsReadTo = await lastAct(issue);
    expect(reopened.generations).toEqual([{ generation: 2, commentsReadTo, actsReadTo }]);
    expect(actsReadTo).toBeGreaterThan(life.actsReadTo);
    expect((await after({ generation: 2, actsReadTo }).scanned()).started).toBe(0);
    stage.person('alice').unlabel(issue, label());
    stage.person('alice').label(issue, label());
    expect((await after({ generation: 2, actsReadTo }).scanned()).started).toBe(1);
  });

  test('is not started again by a bot', async () => {
    const issue = only();
    const life = { generation: 1, actsReadTo: await lastAct(issue) };
    stage.person('alice').closeIssue(issue);
    stage.person('line-bot').reopenIssue(issue);
    expect((await after(life).scanned()).started).toBe(0);
    stage.person('alice').closeIssue(issue);
    stage.person('alice').reopenIssue(issue);
    expect((await after(life).scanned()).started).toBe(1);
  });

  test('is recognised by its status comment after Temporal’s retention; a comment of another account does not count', async () => {
    const issue = only();
    const state = {
      ...begin({ issue: { ...where, number: issue }, at: 0 }),
      actsReadTo: await lastAct(issue),
    };
    const cancelled = { ...state, cancelled: { by: { kind: 'rule', name: 'test' }, reason: '' } } as const;
    const body = projection(cancelled).comment;
    const forged = stage.person('rita').comment(issue, body);
    const started: number[] = [];
    const scanned = async () => {
      const activities = stage.scan({
        isKnown: async () => false,
        startOrPoke: async ({ number }) => (started.push(number), 'delivered'),
      });
      const found = await factOf(stage.scan().scanRepository, { repository });
      return (await factOf(activities.startIssues, { repository, ...found })).started;
    };
    expect(await scanned()).toBe(1);
    expect(started).toEqual([issue]);
    stage.person('rita').deleteComment(forged.id);
    stage.person('line-bot').comment(issue, body);
    expect(await scanned()).toBe(0);
    expect(started).toEqual([issue]);
  });

  const label = () => stage.policy.optIn.label;
});

testFaults({
  effect: 'scan',
  stage: () => stage,
  arrange: async () => {
    const { issues } = stage.simulator.admin.repositories.get(repositoryName);
    if (issues.size === 0) optIn();
    const { scanRepository } = stage.scan();
    return { perform: () => perform(scanRepository, { repository }), remains: async () => undefined };
  },
  answers: {
    '404 GET /repos/{owner}/{repo}/branches/{branch}': { failure: 'PolicyMissing' },
    '404 GET /repos/{owner}/{repo}/contents/{path}': { failure: 'PolicyMissing' },
  },
});
