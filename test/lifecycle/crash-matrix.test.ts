/** Kills the scheduler at every write to GitHub: before the write is executed, and after it but before its answer. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Chapter } from '../../demo/follow.ts';
import { CI, type ProjectInput } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import type { Hold } from '../../simulator/github/control/holds.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { openSharedStage, type SharedStage } from './support/line.ts';

/** A killed scheduler's work is repeated after the 10 s of a heartbeat, so that each kill takes longer than its life. */
const LIMIT_MS = 240_000;
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

/** A life, and the writes at each of which the scheduler is killed once. */
interface Life {
  readonly what: string;
  readonly writes: Readonly<Record<string, { readonly method: string; readonly path: string | RegExp }>>;
  readonly project: ProjectInput;
  readonly prepare?: (stage: Stage) => void;
  readonly onChapter?: (chapter: Chapter, stage: Stage) => Promise<void>;
}

const queued = { policy: project.policy.replace('by: scheduler', 'by: scheduler\n  handOver: queue') };

const drafted = { policy: `${project.policy}checks: { required: [test] }\npullRequest: { draft: true }\n` };

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

const LIVES: readonly Life[] = [
  { what: 'the scheduler merges', writes: WRITES, project },
  {
    what: 'the merge queue of the branch merges',
    writes: { 'the hand-over': { method: 'POST', path: /^\/graphql EnqueuePull$/ } },
    project: queued,
    prepare: ({ github, issue }) =>
      github.admin.repositories.protect(repositoryName(issue), 'main', { mergeQueue: true }),
    onChapter: queueMerges,
  },
  {
    what: 'a draft is ready when its check has passed the second time',
    writes: {
      'the new run of a check': {
        method: 'POST',
        path: '/repos/{owner}/{repo}/actions/jobs/{job_id}/rerun',
      },
      'the end of the draft': { method: 'POST', path: /^\/graphql MarkReady$/ },
    },
    project: drafted,
    onChapter: ciJudges,
  },
];

// One stage for each phase, and one life for all kills: to start the processes, and to live, take longer than a kill.
describe.each(['before', 'after'] as const)('the scheduler is killed %s', phase => {
  let shared: SharedStage;
  beforeAll(async () => {
    shared = await openSharedStage(project);
  }, LIMIT_MS);
  afterAll(() => shared.close(), LIMIT_MS);

  test.each(LIVES)(
    'each write is executed, where $what: the issue is released, with one of each write',
    async ({ writes, prepare, ...life }) => {
      const inFlight: string[] = [];
      let kills = 0;
      const strike = async ({ stack }: Stage, what: string, held: Hold): Promise<void> => {
        await held.reached;
        // Two writes may be under way at once; one death ends both.
        if (stack.supervisor.kill('scheduler', 'SIGKILL') !== undefined) kills += 1;
        inFlight.push(what);
        held.release();
      };
      const strikes = (stage: Stage): void => {
        prepare?.(stage);
        for (const [what, matcher] of Object.entries(writes))
          void strike(stage, what, stage.github.admin.hold({ ...matcher, user: BOT }, phase));
      };
      const { view, figures, events } = await shared.playLine({
        ...life,
        prepare: strikes,
        timeoutMs: LIMIT_MS,
      });
      expect(inFlight.toSorted()).toEqual(Object.keys(writes).toSorted());
      const deaths = events.filter(event => event.kind === 'died' && event.name === 'scheduler');
      expect(deaths).toHaveLength(kills);
      expect(kills).toBeGreaterThanOrEqual(inFlight.length - 1);
      expect(view.stage).toBe('release-verified');
      expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    },
    LIMIT_MS,
  );
});
