/** Calls of people on real processes: one comment for each gate, gone in the end, also when the scheduler is killed at it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Chapter } from '../../demo/follow.ts';
import type { Stage } from '../../demo/stage.ts';
import type { Hold } from '../../simulator/github/control/holds.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { openSharedStage, type Played, type SharedStage } from './support/line.ts';

const LIMIT_MS = 100_000;
const BOT = 'signalbox-bot';
const COMMENTS = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const writing = { method: 'POST', path: COMMENTS, user: BOT } as const;
const removing = {
  method: 'DELETE',
  path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
  user: BOT,
} as const;

const demoPolicy = readFileSync(new URL('../../demo/policy.yml', import.meta.url), 'utf8');
const policy = `${demoPolicy}\ncalls: { after: 0s }\n`;

/** The comments of calls that are there now. */
function alive({ github, issue }: Stage): readonly string[] {
  const { comments } = github.admin.repositories.get(repositoryName(issue));
  return [...comments.values()].map(({ body }) => body).filter(body => body.includes('<!-- signalbox:call '));
}

let shared: SharedStage;
beforeAll(async () => {
  shared = await openSharedStage({ policy });
}, LIMIT_MS);
afterAll(() => shared.close(), LIMIT_MS);

async function play(prepare: (stage: Stage) => void): Promise<Played & { readonly left: readonly string[] }> {
  let left: readonly string[] = [];
  const played = await shared.playLine({
    project: { policy },
    prepare,
    // The person comes when called.
    onChapter: ({ view }: Chapter, stage) => {
      expect(alive(stage).length).toBeLessThanOrEqual(1);
      const isCalled = view.called !== undefined && alive(stage).some(body => body.startsWith('@'));
      return view.hold?.kind === 'gate' && !isCalled ? 'wait' : undefined;
    },
    inspect: async stage => void (left = await Promise.resolve(alive(stage))),
    timeoutMs: LIMIT_MS,
  });
  return { ...played, left };
}

function callsIn({ records }: Played): readonly string[] {
  return records.flatMap(({ cause }) => /^called @\S+ to (\S+ \(\w+\))$/.exec(cause)?.[1] ?? []);
}

const CALLS = ['gate:start (fresh)', 'gate:merge (fresh)', 'gate:release (fresh)'];

test(
  'each gate calls the person who opted in, once; after the approval the comment is gone',
  async () => {
    const played = await play(() => undefined);
    expect(played.view.stage).toBe('release-verified');
    expect(callsIn(played)).toEqual(CALLS);
    expect(played.left).toEqual([]);
    expect(played.figures.statusComments).toBe(1);
    expect(played.figures.githubRequests).toBeLessThanOrEqual(32 + 2 * CALLS.length);
  },
  LIMIT_MS,
);

describe.each(['before', 'after'] as const)('the scheduler is killed %s', phase => {
  const kill = async (stage: Stage, at: Hold): Promise<void> => {
    await at.reached;
    stage.stack.supervisor.kill('scheduler', 'SIGKILL');
    at.release();
  };

  /** At the first call that is written and the first one that is removed. */
  const strike = async (stage: Stage): Promise<void> => {
    void kill(stage, stage.github.admin.hold(removing, phase));
    const status = stage.github.admin.hold(writing, phase);
    await status.reached;
    const call = stage.github.admin.hold(writing, phase);
    status.release();
    await kill(stage, call);
  };

  test(
    'a call is written and a call is removed: nobody is called twice, and no call stays',
    async () => {
      const played = await play(stage => void strike(stage));
      const deaths = played.events.filter(event => event.kind === 'died' && event.name === 'scheduler');
      expect(deaths).toHaveLength(2);
      expect(played.view.stage).toBe('release-verified');
      expect(callsIn(played)).toEqual(CALLS);
      expect(played.left).toEqual([]);
      expect(played.figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    },
    LIMIT_MS,
  );
});
