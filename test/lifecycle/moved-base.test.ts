/** The default branch moves below a change, with real processes: what a merge makes is verified, and people are asked once. */
import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { PERSON } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import { FIX_TEST_PATH } from '../../simulator/project/fix.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 180_000;
const demoPolicy = new URL('../../demo/policy.yml', import.meta.url);
const CODE = 'src/greeting.js';

const dirOf = (stage: Stage): string => stage.github.admin.repositories.get(repositoryName(stage.issue)).dir;

const git = async (stage: Stage, ...args: readonly string[]): Promise<string> =>
  (await execa('git', ['--git-dir', dirOf(stage), ...args])).stdout;

/** Git cannot merge the test that our change adds with another one of the same name. */
const conflict = async (): Promise<Record<string, string>> => ({
  [FIX_TEST_PATH]: "import { test } from 'node:test';\ntest('greets', () => {});\n",
});

/** Another part of the file that our change edits. */
const sameFile = async (stage: Stage): Promise<Record<string, string>> => {
  const text = await git(stage, 'show', `main:${CODE}`);
  return { [CODE]: `// Greets in English.\n${text}\n` };
};

test(
  'a conflict leads to another attempt on the new base; a squash without one needs no push and no second approval',
  async () => {
    const moves = [conflict, sameFile];
    const heads = new Set<string>();
    const tips: string[] = [];
    let kills = 0;
    const { view, records, figures, events } = await playLine({
      timeoutMs: LIMIT_MS,
      stage: {
        policy: (await readFile(demoPolicy, 'utf8')).replace(
          'by: scheduler',
          'by: scheduler\n  method: squash',
        ),
      },
      onChapter: async ({ view: now, records: fresh }, stage) => {
        const isMerged = fresh.some(({ cause }) => cause.includes('merge cleanly; both sides changed'));
        if (isMerged && stage.stack.supervisor.kill('scheduler', 'SIGKILL') !== undefined) kills += 1;
        const head = now.pullRequest?.head ?? '';
        if (now.hold?.gate !== 'merge' || heads.has(head)) return;
        heads.add(head);
        const files = await moves.shift()?.(stage);
        if (files === undefined) return;
        const person = stage.github.admin.as(PERSON, repositoryName(stage.issue));
        tips.push(await person.pushCommit({ branch: 'main', message: 'Meanwhile, for @rosa', files }));
      },
      inspect: async stage => {
        expect((await git(stage, 'rev-list', '--parents', '-n1', 'main')).split(' ').slice(1)).toEqual([
          tips[1],
        ]);
        const merged = await git(stage, 'show', `main:${CODE}`);
        expect(merged).toContain('// Greets in English.');
        expect(merged).toContain('known.name === profile.name');
      },
    });
    expect(view).toMatchObject({ stage: 'release-verified', runs: 2, base: tips[0] });
    expect(heads.size).toBe(2);
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    expect([kills, events.filter(({ kind }) => kind === 'died').length]).toEqual([1, 1]);
    const causes = records.map(({ cause }) => cause);
    const moved = tips.map(tip => `the default branch moved to ${tip.slice(0, 12)}`);
    expect(causes).toEqual(expect.arrayContaining(moved));
    const lesson = causes.find(cause => cause.includes('no longer applies')) ?? '';
    expect(lesson).toContain(
      `conflicts in ${FIX_TEST_PATH}; its commits on these files: ${tips[0]?.slice(0, 12)}`,
    );
    // Once for each change: the second one moved on with it.
    const approved = causes.filter(cause => /approve(d the pull request| at the merge gate)/.test(cause));
    expect(approved).toHaveLength(2);
    const carried = records.filter(({ cause }) => cause.includes('was carried over'));
    expect(carried).toMatchObject([
      { digests: { baseBefore: tips[0], base: tips[1], patch: expect.stringMatching(/^[0-9a-f]{40}$/) } },
    ]);
    expect(causes).toContain('what was merged is the verified tree');
  },
  LIMIT_MS,
);
