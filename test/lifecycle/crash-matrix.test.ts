/** Every write to GitHub × the moment of the kill: before it is executed, and after it without its answer. */
import { expect, test } from '@jest/globals';
import type { Stage } from '../../demo/stage.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 100_000;
const BOT = 'signalbox-bot';

const WRITES = {
  'the claim branch': { method: 'POST', path: '/repos/{owner}/{repo}/git/refs' },
  'the push': { method: 'POST', path: 'git-receive-pack' },
  'the pull request': { method: 'POST', path: '/repos/{owner}/{repo}/pulls' },
  'the status comment': { method: 'POST', path: '/repos/{owner}/{repo}/issues/{issue_number}/comments' },
  'the merge': { method: 'PUT', path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge' },
  'the close': { method: 'PATCH', path: '/repos/{owner}/{repo}/issues/{issue_number}' },
} as const;

const CELLS = Object.entries(WRITES).flatMap(([what, matcher]) =>
  (['before', 'after'] as const).map(phase => ({ what, phase, matcher: { ...matcher, user: BOT } })),
);

test.each(CELLS)(
  'the scheduler is killed $phase $what is executed',
  async ({ matcher, phase }) => {
    let kills = 0;
    const strike = async (stage: Stage): Promise<void> => {
      const held = stage.github.admin.hold(matcher, phase);
      await held.reached;
      if (stage.stack.supervisor.kill('scheduler', 'SIGKILL') !== undefined) kills += 1;
      held.release();
    };
    const { view, figures, events } = await playLine({ prepare: stage => void strike(stage) });
    expect(kills).toBe(1);
    expect(events.some(event => event.kind === 'died' && event.name === 'scheduler')).toBe(true);
    expect(view.stage).toBe('release-verified');
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
  },
  LIMIT_MS,
);
