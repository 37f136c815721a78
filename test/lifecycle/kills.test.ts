/** Kills processes with SIGKILL at critical points: the issue continues and leaves one of each write. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Chapter } from '../../demo/follow.ts';
import type { Stage } from '../../demo/stage.ts';
import { auditProblem, newTrail } from '../../src/domain/audit.ts';
import { chainName } from '../../src/domain/begin.ts';
import { parseIssueRef } from '../../src/domain/issue-ref.ts';
import { until } from '../support/until.ts';
import { openSharedStage, type Played, type SharedStage } from './support/line.ts';

const LIMIT_MS = 150_000;

let shared: SharedStage;
beforeAll(async () => {
  shared = await openSharedStage();
}, LIMIT_MS);
afterAll(() => shared.close(), LIMIT_MS);

/** Every life ends like this, after any number of kills. */
function expectOneOfEach({ view, figures, records }: Played): void {
  expect(view.stage).toBe('release-verified');
  expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
  const issue = parseIssueRef(view.issue);
  if (issue === undefined) throw new Error(view.issue);
  expect(
    auditProblem(records, newTrail(chainName({ issue, generation: view.generation })).head),
  ).toBeUndefined();
  expect(records.at(-1)?.hash).toBe(view.auditHead);
}

/** Kills the process once, when an audit record with these words appears; one that is dead by then, when it lives again. */
function killAt(victim: string, words: string): (chapter: Chapter, stage: Stage) => void {
  let [isReached, done] = [false, false];
  return ({ records }, stage) => {
    isReached ||= records.some(record => record.cause.includes(words));
    if (done || !isReached) return;
    done = stage.stack.supervisor.kill(victim, 'SIGKILL') !== undefined;
  };
}

function diedAndCameBack({ events }: Played, name: string): boolean {
  const died = events.findIndex(event => event.name === name && event.kind === 'died');
  return died !== -1 && events.slice(died).some(event => event.name === name && event.kind === 'started');
}

function deathsOf({ events }: Played, name: string): number {
  return events.filter(event => event.name === name && event.kind === 'died').length;
}

test(
  'the positive control: without a kill, the numbers of requests and events stay within their limits',
  async () => {
    const played = await shared.playLine({});
    expectOneOfEach(played);
    expect(played.events.filter(event => event.kind === 'died')).toEqual([]);
    expect(played.view.runs).toBe(1);
    expect(played.figures.githubRequests).toBeLessThanOrEqual(32);
    expect(played.figures.githubContentCreating).toBeLessThanOrEqual(6);
    expect(played.figures.historyEvents).toBeLessThanOrEqual(250);
    const stages = played.records.map(record => record.to).filter((to, at, all) => to !== all[at - 1]);
    expect(stages).toEqual(['triage', 'claimed', 'working', 'pr', 'merged', 'release-verified']);
  },
  LIMIT_MS,
);

describe('after SIGKILL, the issue is released with one of each write:', () => {
  test(
    'the runner, while the agent runs; the run counts as lost and a second one starts',
    async () => {
      const played = await shared.playLine({
        prepare: stage => {
          const before = stage.model.requests.length;
          void until('the agent asks its model', () => stage.model.requests[before], LIMIT_MS).then(() =>
            stage.stack.supervisor.kill('runner', 'SIGKILL'),
          );
        },
      });
      expectOneOfEach(played);
      expect(diedAndCameBack(played, 'runner')).toBe(true);
      expect(played.view.runs).toBe(2);
      expect(played.records.map(record => record.cause)).toContain(
        'run g1-a1 ended: the host of the run was lost',
      );
    },
    LIMIT_MS,
  );

  // One life for all kills of a process: to live takes longer than to be killed.
  test.each([
    ['scheduler', ['handed to a runner', 'built', 'was pushed', 'merged with']],
    ['temporal', ['claimed', 'opened']],
    ['model-gateway', ['handed to a runner']],
  ])(
    'the %s, after each of %j',
    async (victim, places) => {
      const kills = places.map(words => killAt(victim, words));
      const played = await shared.playLine({
        onChapter: (chapter, stage) => {
          for (const kill of kills) kill(chapter, stage);
        },
        timeoutMs: LIMIT_MS,
      });
      expectOneOfEach(played);
      expect(deathsOf(played, victim)).toBe(places.length);
      expect(diedAndCameBack(played, victim)).toBe(true);
    },
    LIMIT_MS,
  );
});
