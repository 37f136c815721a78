/**
 * A reviewer writes suggestions, with real processes: one outside the diff goes to the agent, two are applied as they are
 * written without it, verified, answered and merged, whoever is killed.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { Chapter } from '../../demo/follow.ts';
import { BOT, PERSON } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import type { IssueView } from '../../src/domain/view.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 180_000;
const PATH = 'src/greeting.js';
const POLICY = `${readFileSync(new URL('../../demo/policy.yml', import.meta.url), 'utf8')}review: { suggestions: true, resolveThreads: true }\n`;
const REPLIES = '/repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies';
const OUTSIDE = '// Far from every change.';
const FIRST = '// As Rosa wrote it: first.';
const LAST = ['// As Rosa wrote it: last,', '// in two lines.'] as const;

const as = (who: string, { github, issue }: Stage) => github.admin.as(who, repositoryName(issue));
const repositoryOf = ({ github, issue }: Stage) => github.admin.repositories.get(repositoryName(issue));
const block = (...lines: readonly string[]): string => ['```suggestion', ...lines, '```'].join('\r\n');

function pullOf(stage: Stage, number: number) {
  const { pull } = repositoryOf(stage).issues.get(number) ?? {};
  if (pull === undefined) throw new Error(`no pull request ${number}`);
  return pull;
}

async function show(stage: Stage, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa('git', ['--git-dir', repositoryOf(stage).dir, ...args], {
    stripFinalNewline: false,
  });
  return stdout;
}

/** The first line of the first hunk of the diff, and one near its end, as the file has them now. */
async function hunkLines(stage: Stage, head: string): Promise<readonly [number, number]> {
  const diff = await show(stage, 'diff', 'main', head, '--', PATH);
  const [, start = '0', count = '0'] = /^@@ -\S+ \+(\d+),(\d+) @@/m.exec(diff) ?? [];
  return [Number(start), Number(start) + Number(count) - 2];
}

/** Kills the scheduler when GitHub has written an answer, before it knows. */
async function killAtAnswer(stage: Stage): Promise<boolean> {
  const held = stage.github.admin.hold({ method: 'POST', path: REPLIES, user: BOT }, 'after');
  await held.reached;
  const killed = stage.stack.supervisor.kill('scheduler', 'SIGKILL');
  held.release();
  return killed !== undefined;
}

class Reviewer {
  readonly heads: string[] = [];
  wanted = '';
  killed: Promise<boolean> = Promise.resolve(false);

  readonly onChapter = async ({ view }: Chapter, stage: Stage): Promise<'wait' | undefined> => {
    if (view.hold?.gate !== 'merge') return undefined;
    const { head = '', number = 0 } = view.pullRequest ?? {};
    if (this.heads.at(-1) !== head) await this.#see(head, view, stage);
    // The merge is approved when every thread has its answer.
    return pullOf(stage, number).resolvedThreads.size < 3 ? 'wait' : undefined;
  };

  async #see(head: string, view: IssueView, stage: Stage): Promise<void> {
    this.heads.push(head);
    if (this.heads.length === 1) await this.#outside(view, stage);
    if (this.heads.length === 2) await this.#inside(view, stage);
  }

  /** GitHub shows the lines around a diff too. */
  async #outside({ pullRequest }: IssueView, stage: Stage): Promise<void> {
    const { number = 0, head = '' } = pullRequest ?? {};
    const [line] = await hunkLines(stage, head);
    const person = as(PERSON, stage);
    const comments = [{ path: PATH, line, body: block(OUTSIDE) }];
    const { id } = await person.reviewLines(number, { state: 'PENDING', comments });
    for (const comment of pullOf(stage, number).lineComments)
      if (comment.reviewId === id) Object.assign(comment, { line: 10_000 });
    person.submitReview(number, id, 'COMMENTED');
  }

  async #inside({ pullRequest }: IssueView, stage: Stage): Promise<void> {
    const { number = 0, head = '' } = pullRequest ?? {};
    const [first, last] = await hunkLines(stage, head);
    const lines = (await show(stage, 'show', `${head}:${PATH}`)).split('\n');
    this.wanted = [...lines.slice(0, first - 1), FIRST, ...lines.slice(first - 1)].join('\n');
    this.wanted = this.wanted.replace(
      `${lines[last - 1] ?? ''}\n${lines[last] ?? ''}`,
      `${lines[last - 1] ?? ''}\n${LAST.join('\n')}\n${lines[last] ?? ''}`,
    );
    this.killed = killAtAnswer(stage);
    await as(PERSON, stage).reviewLines(number, {
      state: 'COMMENTED',
      comments: [
        { path: PATH, line: first, body: block(FIRST, lines[first - 1] ?? '') },
        { path: PATH, startLine: last - 1, line: last, body: block(...lines.slice(last - 2, last), ...LAST) },
      ],
    });
  }
}

test(
  'suggestions of a review are applied without the agent, verified, answered and merged; one outside the diff goes to the agent',
  async () => {
    const reviewer = new Reviewer();
    const { view, records, figures } = await playLine({
      timeoutMs: LIMIT_MS,
      stage: { policy: POLICY },
      onChapter: reviewer.onChapter,
      inspect: async stage => {
        expect(await show(stage, 'show', `main:${PATH}`)).toBe(reviewer.wanted);
        const message = await show(stage, 'log', '-1', '--format=%B', 'main^2');
        expect(message).toContain(`Contains suggestions of ${PERSON}, as they were written.`);
        expect(message).toMatch(
          new RegExp(`^Co-authored-by: ${PERSON} <\\d+\\+${PERSON}@users.noreply.github.com>$`, 'm'),
        );
        const answers = pullOf(stage, 2).lineComments.filter(({ user }) => user.login === BOT);
        const [, reworked = '', applied = ''] = reviewer.heads.map(head => head.slice(0, 12));
        expect(answers.map(({ body }) => body.split('\n')[0])).toEqual([
          `Attempt 2 got this comment. Its result is commit ${reworked}.`,
          `Commit ${applied} has this suggestion as it was written. No agent was run.`,
          `Commit ${applied} has this suggestion as it was written. No agent was run.`,
        ]);
        const asked = stage.model.requests.map(request => JSON.stringify(request)).join('\n');
        expect(asked).toContain(`The suggestions of ${PERSON} were not applied: a comment is on lines of`);
        expect(asked).toContain(OUTSIDE);
        expect(asked).not.toContain(FIRST);
      },
    });
    expect(await reviewer.killed).toBe(true);
    expect(view).toMatchObject({ stage: 'release-verified', runs: 3 });
    expect(reviewer.heads).toHaveLength(3);
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    const causes = records.map(({ cause }) => cause);
    expect(causes.filter(cause => cause.includes('handed to a runner'))).toHaveLength(2);
    expect(causes).toContain(`run g1-a3: applied 2 suggestions of ${PERSON} on top of run g1-a2`);
    expect(causes.filter(cause => cause.startsWith('verified'))).toHaveLength(3);
  },
  LIMIT_MS,
);
