/** The default branch moves after a change was verified, with real processes: the change is verified on the new base. */
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { PERSON } from '../../demo/project.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 150_000;

test(
  'after the default branch moved, an approved change is rebuilt, verified and approved again on it, without another run',
  async () => {
    const heads: string[] = [];
    let moved = '';
    const { view, records, figures } = await playLine({
      timeoutMs: LIMIT_MS,
      onChapter: async ({ view: now }, stage) => {
        if (now.hold?.gate !== 'merge') return;
        heads.push(now.pullRequest?.head ?? '');
        if (moved !== '') return;
        moved = await stage.github.admin.as(PERSON, repositoryName(stage.issue)).pushCommit({
          branch: 'main',
          message: 'Say how to run the tests',
          files: { 'TESTING.md': 'npm test\n' },
        });
      },
      inspect: async stage => {
        const { dir } = stage.github.admin.repositories.get(repositoryName(stage.issue));
        const { stdout } = await execa('git', ['--git-dir', dir, 'rev-parse', 'main^1', 'main^2']);
        expect(stdout.split('\n')).toEqual([moved, heads.at(-1)]);
      },
    });
    expect(view).toMatchObject({ stage: 'release-verified', runs: 1, base: moved });
    expect(new Set(heads).size).toBe(2);
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    const causes = records.map(({ cause }) => cause);
    expect(causes).toContain(`the default branch moved to ${moved.slice(0, 12)}`);
    expect(causes.filter(cause => cause.startsWith('verified'))).toHaveLength(2);
  },
  LIMIT_MS,
);
