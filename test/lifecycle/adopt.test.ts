/** A reviewer commits a suggestion on the branch, with real processes: the approval is void, /adopt takes it in, and it is merged. */
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { PERSON } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import type { Chapter } from '../../demo/follow.ts';
import type { IssueView } from '../../src/domain/view.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 150_000;
const SUGGESTED = '// As suggested in the review.\n';
const PATH = 'src/index.js';

const personOf = ({ github, issue }: Stage) => github.admin.as(PERSON, repositoryName(issue));
const dirOf = ({ github, issue }: Stage): string => github.admin.repositories.get(repositoryName(issue)).dir;

async function fileAt(stage: Stage, commit: string): Promise<string> {
  const args = ['--git-dir', dirOf(stage), 'show', `${commit}:${PATH}`];
  return (await execa('git', args, { stripFinalNewline: false })).stdout;
}

/** Rosa suggests a change and approves the old commit; when she is told, she adopts her suggestion. */
class Reviewer {
  suggested = '';
  isAdopted = false;
  readonly heads: string[] = [];
  readonly told: string[] = [];

  readonly onChapter = async ({ view }: Chapter, stage: Stage): Promise<'wait' | undefined> => {
    if (view.hold?.kind === 'blocked') return this.#adopt(view, stage);
    if (view.hold?.gate !== 'merge') return undefined;
    this.heads.push(view.pullRequest?.head ?? '');
    if (this.suggested === '') await this.#suggest(view, stage);
    return this.isAdopted ? undefined : 'wait';
  };

  async #suggest({ branch, pullRequest }: IssueView, stage: Stage): Promise<void> {
    const head = pullRequest?.head ?? '';
    const text = await fileAt(stage, head);
    this.suggested = await personOf(stage).pushCommit({
      ...{ branch: branch ?? '', message: 'Update src/index.js', onPage: true },
      files: { [PATH]: `${SUGGESTED}${text}` },
    });
    personOf(stage).review(pullRequest?.number ?? 0, 'APPROVED', { commitId: head });
  }

  #adopt({ hold, foreign }: IssueView, stage: Stage): 'wait' {
    this.told.push(hold?.why.join() ?? '');
    if (foreign !== undefined && !this.isAdopted)
      personOf(stage).comment(stage.issue.number, `/adopt ${this.suggested.slice(0, 12)}`);
    this.isAdopted ||= foreign !== undefined;
    return 'wait';
  }
}

test(
  'a suggestion that a reviewer committed is adopted, verified and merged without another run of the agent',
  async () => {
    const reviewer = new Reviewer();
    const { view, records, figures } = await playLine({
      timeoutMs: LIMIT_MS,
      onChapter: reviewer.onChapter,
      inspect: async stage => {
        expect(await fileAt(stage, 'main')).toContain(SUGGESTED);
        const { stdout } = await execa('git', [
          '--git-dir',
          dirOf(stage),
          'log',
          '-1',
          '--format=%B',
          'main^2',
        ]);
        expect(stdout).toMatch(new RegExp(`Co-authored-by: ${PERSON} <\\d+\\+${PERSON}@users`));
        expect(stdout).toContain(`adopted by ${PERSON}`);
      },
    });
    const { suggested, heads, told } = reviewer;
    expect(view).toMatchObject({ stage: 'release-verified', runs: 2 });
    expect(told.join()).toContain(`1 commit by ${PERSON}`);
    expect(new Set(heads).size).toBe(2);
    expect(heads).not.toContain(suggested);
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    const causes = records.map(({ cause }) => cause);
    expect(causes).toContain(`/adopt ${suggested.slice(0, 12)}: 1 commit by ${PERSON}`);
    expect(causes.filter(cause => cause.includes('handed to a runner'))).toHaveLength(1);
    expect(causes.filter(cause => cause.startsWith('verified'))).toHaveLength(2);
  },
  LIMIT_MS,
);
