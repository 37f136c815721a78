/** Kills the scheduler at every write to GitHub: before the write is executed, and after it but before its answer. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stage } from '../../demo/stage.ts';
import { openSharedStage, type SharedStage } from './support/line.ts';

const LIMIT_MS = 100_000;
const demoPolicy = readFileSync(new URL('../../demo/policy.yml', import.meta.url), 'utf8');
const project = { policy: `${demoPolicy}\nevidence: { publish: status }\n` };
const BOT = 'signalbox-bot';

const WRITES = {
  'the claim branch': { method: 'POST', path: '/repos/{owner}/{repo}/git/refs' },
  'the push': { method: 'POST', path: 'git-receive-pack' },
  'the evidence': { method: 'POST', path: '/repos/{owner}/{repo}/statuses/{sha}' },
  'the pull request': { method: 'POST', path: '/repos/{owner}/{repo}/pulls' },
  'the status comment': { method: 'POST', path: '/repos/{owner}/{repo}/issues/{issue_number}/comments' },
  'the merge': { method: 'PUT', path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge' },
  'the close': { method: 'PATCH', path: '/repos/{owner}/{repo}/issues/{issue_number}' },
} as const;

const CELLS = Object.entries(WRITES).map(([what, matcher]) => ({ what, matcher: { ...matcher, user: BOT } }));

// One stage for each phase: every case is a separate issue, and starting the processes takes longer than one issue.
describe.each(['before', 'after'] as const)('the scheduler is killed %s', phase => {
  let shared: SharedStage;
  beforeAll(async () => {
    shared = await openSharedStage();
  }, LIMIT_MS);
  afterAll(() => shared.close(), LIMIT_MS);

  test.each(CELLS)(
    '$what is executed: the issue is released, with one of each write',
    async ({ matcher }) => {
      let kills = 0;
      const strike = async (stage: Stage): Promise<void> => {
        const held = stage.github.admin.hold(matcher, phase);
        await held.reached;
        if (stage.stack.supervisor.kill('scheduler', 'SIGKILL') !== undefined) kills += 1;
        held.release();
      };
      const prepare = (stage: Stage): void => void strike(stage);
      const { view, figures, events } = await shared.playLine({ project, prepare });
      expect(kills).toBe(1);
      expect(events.some(event => event.kind === 'died' && event.name === 'scheduler')).toBe(true);
      expect(view.stage).toBe('release-verified');
      expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    },
    LIMIT_MS,
  );
});
