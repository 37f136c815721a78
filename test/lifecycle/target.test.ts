/** A life on a default branch with a name that people choose, whose label sends the change to another branch. */
import { expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { PERSON, PROJECT } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import { playLine } from './support/line.ts';

const DEFAULT_BRANCH = 'release/2026,q3(開発)';
const TARGET = 'main(v2)';
const LABEL = 'for v2';

const demoPolicy = new URL('../../demo/policy.yml', import.meta.url);

test(`a label sends the change to ${TARGET}, and the default branch ${DEFAULT_BRANCH} stays as it was`, async () => {
  const rebasing = (await readFile(demoPolicy, 'utf8')).replace(
    'by: scheduler',
    'by: scheduler\n  method: rebase',
  );
  const policy = `${rebasing}\ntarget: { byLabel: { '${LABEL}': '${TARGET}' } }\n`;
  const tips = async (stage: Stage) => {
    const { tip } = stage.github.admin.as(PERSON, PROJECT);
    return { main: await tip(DEFAULT_BRANCH), target: await tip(TARGET) };
  };
  let before: Awaited<ReturnType<typeof tips>> | undefined;
  let missing: string | undefined;
  let base: string | null = null;

  const { view, figures, records } = await playLine({
    stage: { policy, defaultBranch: DEFAULT_BRANCH },
    prepare: stage => stage.github.admin.as(PERSON, PROJECT).label(stage.issue.number, LABEL),
    onChapter: async ({ view: now }, stage) => {
      base ??= now.base;
      if (now.hold?.kind !== 'blocked') return undefined;
      if (missing === undefined) {
        // The branch does not exist at first. It would be found by itself within a minute; a retry is faster.
        missing = now.hold.why[0];
        const files = { 'RELEASE.md': 'The second release.\n' };
        const rosa = stage.github.admin.as(PERSON, PROJECT);
        await rosa.pushCommit({ branch: TARGET, message: 'v2', files });
        before = await tips(stage);
        rosa.comment(stage.issue.number, '/retry');
      }
      return 'wait';
    },
    inspect: async stage => {
      const after = await tips(stage);
      expect(after.main).toBe(before?.main);
      const pull = pullOf(stage);
      expect(pull).toMatchObject({ baseRef: TARGET, mergeCommitSha: after.target });
      // Another commit than the verified one, with its tree.
      expect(after.target).not.toBe(pull?.headSha);
    },
    timeoutMs: 240_000,
  });

  expect(missing).toBe(`the target branch ${TARGET} does not exist`);
  expect(base).toBe(before?.target);
  expect(records.map(({ cause }) => cause)).toContain('what was merged is the verified tree');
  expect(view).toMatchObject({ stage: 'release-verified', target: TARGET, runs: 1 });
  expect(view.closedAt).not.toBeNull();
  expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1 });
}, 300_000);

/** The only pull request of the project. */
function pullOf({ github }: Stage) {
  const { issues } = github.admin.repositories.get(PROJECT);
  return [...issues.values()].find(({ pull }) => pull !== undefined)?.pull;
}
