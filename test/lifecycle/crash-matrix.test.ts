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
  /** The pull request is a draft, and its check passes only when it is run again. */
  readonly isDraft?: true;
}

const CELLS: readonly Cell[] = [
  ...Object.entries(WRITES).map(([what, matcher]) => ({ what, matcher: { ...matcher, user: BOT } })),
  {
    what: 'the hand-over',
    matcher: { method: 'POST', path: /^\/graphql EnqueuePull$/, user: BOT },
    isQueued: true,
  },
  {
    what: 'the new run of a check',
    matcher: { method: 'POST', path: '/repos/{owner}/{repo}/actions/jobs/{job_id}/rerun', user: BOT },
    isDraft: true,
  },
  {
    what: 'the end of the draft',
    matcher: { method: 'POST', path: /^\/graphql MarkReady$/, user: BOT },
    isDraft: true,
  },
];

const queued = { policy: project.policy.replace('by: scheduler', 'by: scheduler\n  handOver: queue') };

const drafted = { policy: `${project.policy}checks: { required: [test] }\npullRequest: { draft: true }\n` };

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

/** Fails once. Nothing is ready for review before the check has passed. */
async function ciJudges({ view }: Chapter, { github, issue }: Stage): Promise<void> {
  const { head, number } = view.pullRequest ?? {};
  if (head === undefined || number === undefined) return;
  const { checkRuns, issues } = github.admin.repositories.get(repositoryName(issue));
  const runs = checkRuns.filter(({ sha }) => sha === head);
  const ci = github.admin.as(CI, repositoryName(issue));
  if (!runs.some(({ conclusion }) => conclusion === 'success'))
    expect(issues.get(number)?.pull?.draft).toBe(true);
  if (runs.length === 0) ci.checkRun({ sha: head, name: 'test', conclusion: 'failure' });
  else if (runs.at(-1)?.status === 'queued') ci.checkRun({ sha: head, name: 'test' });
}

type Life = Parameters<SharedStage['playLine']>[0];

function lifeOf({ isQueued, isDraft }: Cell): Life {
  if (isQueued === true) return { project: queued, onChapter: queueMerges };
  return isDraft === true ? { project: drafted, onChapter: ciJudges } : { project };
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
    async cell => {
      const { matcher, isQueued } = cell;
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
      const { view, figures, events } = await shared.playLine({ ...lifeOf(cell), prepare });
      expect(kills).toBe(1);
      expect(events.some(event => event.kind === 'died' && event.name === 'scheduler')).toBe(true);
      expect(view.stage).toBe('release-verified');
      expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    },
    LIMIT_MS,
  );
});
