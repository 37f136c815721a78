/** Two reviewers comment on lines, with real processes: one attempt gets all of it, and each thread is answered once, whoever is killed. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Chapter } from '../../demo/follow.ts';
import { BOT, CI, PERSON } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import type { IssueView } from '../../src/domain/view.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 150_000;
const PATH = 'src/greeting.js';
const POLICY = `${readFileSync(new URL('../../demo/policy.yml', import.meta.url), 'utf8')}review: { resolveThreads: true }\n`;
const REPLIES = '/repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies';
const WORDS = ['say why the name is kept', 'a shorter word would do', 'is this covered by a test?'] as const;

const as = (who: string, { github, issue }: Stage) => github.admin.as(who, repositoryName(issue));

function pullOf({ github, issue }: Stage, number: number) {
  const { pull } = github.admin.repositories.get(repositoryName(issue)).issues.get(number) ?? {};
  if (pull === undefined) throw new Error(`no pull request ${number}`);
  return pull;
}

/** A changed line of the diff, as a reviewer sees it. */
async function changedLine(stage: Stage, number: number): Promise<number> {
  const { settings, issue } = stage;
  const api = `${settings['GITHUB_API_URL'] ?? ''}/repos/${repositoryName(issue)}/pulls/${number}/files`;
  const answer = await fetch(api, {
    headers: { authorization: `Bearer ${settings['GITHUB_TOKEN'] ?? ''}` },
  });
  const files = (await answer.json()) as readonly { filename: string; patch: string }[];
  const patch = files.find(({ filename }) => filename === PATH)?.patch ?? '';
  return Number(/^@@ -\S+ \+(\d+)/.exec(patch)?.[1]);
}

/** Kills the scheduler at the next answer: before GitHub writes it, or after. */
async function killAt(stage: Stage, phase: 'before' | 'after'): Promise<number> {
  const held = stage.github.admin.hold({ method: 'POST', path: REPLIES, user: BOT }, phase);
  await held.reached;
  const killed = stage.stack.supervisor.kill('scheduler', 'SIGKILL');
  held.release();
  return killed === undefined ? 0 : 1;
}

class Reviewers {
  #begun = false;
  readonly heads = new Set<string>();
  kills: Promise<number> = Promise.resolve(0);

  readonly onChapter = async ({ view }: Chapter, stage: Stage): Promise<'wait' | undefined> => {
    if (view.hold?.gate !== 'merge') return undefined;
    this.heads.add(view.pullRequest?.head ?? '');
    if (!this.#begun) await this.#review(view, stage);
    const number = view.pullRequest?.number ?? 0;
    // The merge is approved when every thread has its answer.
    return pullOf(stage, number).resolvedThreads.size < WORDS.length ? 'wait' : undefined;
  };

  async #review({ pullRequest }: IssueView, stage: Stage): Promise<void> {
    this.#begun = true;
    const number = pullRequest?.number ?? 0;
    const line = await changedLine(stage, number);
    const [why, shorter, covered] = WORDS;
    const rosa = await as(PERSON, stage).reviewLines(number, {
      state: 'PENDING',
      comments: [
        { path: PATH, line, body: why },
        { path: PATH, body: shorter },
      ],
    });
    const other = await as(CI, stage).reviewLines(number, {
      state: 'PENDING',
      comments: [{ path: PATH, line, body: covered }],
    });
    this.kills = killAt(stage, 'before').then(async first => first + (await killAt(stage, 'after')));
    as(PERSON, stage).submitReview(number, rosa.id, 'COMMENTED');
    as(CI, stage).submitReview(number, other.id, 'CHANGES_REQUESTED');
  }
}

test(
  'comments of two reviewers on lines are reworked in one attempt, answered once and resolved',
  async () => {
    const reviewers = new Reviewers();
    const { view, records, figures } = await playLine({
      timeoutMs: LIMIT_MS,
      stage: { policy: POLICY },
      onChapter: reviewers.onChapter,
      inspect: stage => {
        const { lineComments } = pullOf(stage, 2);
        const first = lineComments.filter(({ inReplyTo }) => inReplyTo === undefined);
        const answers = lineComments.filter(({ user }) => user.login === BOT);
        expect(answers.map(({ inReplyTo }) => inReplyTo).sort()).toEqual(first.map(({ id }) => id).sort());
        const [, head = ''] = [...reviewers.heads];
        for (const { body } of answers) expect(body).toContain(`Its result is commit ${head.slice(0, 12)}.`);
        const asked = stage.model.requests.map(request => JSON.stringify(request)).join('\n');
        for (const words of WORDS) expect(asked.includes(words)).toBe(true);
        return Promise.resolve();
      },
    });
    expect(await reviewers.kills).toBe(2);
    expect(view).toMatchObject({ stage: 'release-verified', runs: 2 });
    expect(reviewers.heads.size).toBe(2);
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    const causes = records.map(({ cause }) => cause);
    expect(causes).toContain(`${PERSON} asked for changes in 2 threads on lines`);
    expect(causes).toContain(`${CI} asked for changes in 1 thread on lines`);
    expect(causes).toContain('answered 3 threads');
  },
  LIMIT_MS,
);
