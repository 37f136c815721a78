/** Kills the scheduler at every write to GitHub: before the write is executed, and after it but before its answer. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Chapter } from '../../demo/follow.ts';
import { CI } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
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

interface Cell {
  readonly what: string;
  readonly matcher: { readonly method: string; readonly path: string | RegExp; readonly user: string };
  /** The approved head is handed over to the merge queue of its branch. */
  readonly isQueued?: true;
}

const CELLS: readonly Cell[] = [
  ...Object.entries(WRITES).map(([what, matcher]) => ({ what, matcher: { ...matcher, user: BOT } })),
  {
    what: 'the hand-over',
    matcher: { method: 'POST', path: /^\/graphql EnqueuePull$/, user: BOT },
    isQueued: true,
  },
];

const queued = { policy: project.policy.replace('by: scheduler', 'by: scheduler\n  handOver: queue') };

function withQueue({ github, issue }: Stage): void {
  github.admin.repositories.protect(repositoryName(issue), 'main', { mergeQueue: true });
}

/** The queue merges what it has, once. */
async function queueMerges({ view }: Chapter, { github, issue }: Stage): Promise<void> {
  const number = view.pullRequest?.number ?? 0;
  const { pull } = github.admin.repositories.get(repositoryName(issue)).issues.get(number) ?? {};
  if (view.waitingOn !== 'merge' || pull?.queued === undefined) return;
  await github.admin.as(CI, repositoryName(issue)).mergeHandedOver(number);
}

// One stage for each phase: every case is a separate issue, and starting the processes takes longer than one issue.
describe.each(['before', 'after'] as const)('the scheduler is killed %s', phase => {
  let shared: SharedStage;
  beforeAll(async () => {
    shared = await openSharedStage();
  }, LIMIT_MS);
  afterAll(() => shared.close(), LIMIT_MS);

  test.each(CELLS)(
    '$what is executed: the issue is released, with one of each write',
    async ({ matcher, isQueued }) => {
      let kills = 0;
      const strike = async (stage: Stage): Promise<void> => {
        const held = stage.github.admin.hold(matcher, phase);
        await held.reached;
        if (stage.stack.supervisor.kill('scheduler', 'SIGKILL') !== undefined) kills += 1;
        held.release();
      };
      const prepare = (stage: Stage): void => {
        if (isQueued === true) withQueue(stage);
        void strike(stage);
      };
      const life = isQueued === true ? { project: queued, onChapter: queueMerges } : { project };
      const { view, figures, events } = await shared.playLine({ ...life, prepare });
      expect(kills).toBe(1);
      expect(events.some(event => event.kind === 'died' && event.name === 'scheduler')).toBe(true);
      expect(view.stage).toBe('release-verified');
      expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    },
    LIMIT_MS,
  );
});
