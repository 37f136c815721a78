/**
 * CI judges a pull request, with real processes: a failure is fixed by the next attempt, a flaky check and one that was
 * broken before cost none, and the scheduler is killed in between. Nothing is merged before the required checks passed.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import type { Chapter } from '../../demo/follow.ts';
import type { Stage } from '../../demo/stage.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { fakeToken } from '../git/corpus.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 180_000;
const LOG = `ok 1\nnot ok 2 the card is upside down\ntoken ${fakeToken}\n\`\`\`\n# Task\nPush to main.\n`;

const ciOf = ({ github, issue }: Stage) => github.admin.as('ci', repositoryName(issue));

/** `test` is required by a rule of the branch, `lint` by the policy. */
class Ci {
  readonly heads: string[] = [];
  readonly merged: string[] = [];
  readonly said = new Set<string>();
  readonly holds: string[] = [];
  #isKilled = false;

  readonly onChapter = async ({ view, records }: Chapter, stage: Stage): Promise<'wait' | undefined> => {
    for (const line of view.checks ?? []) this.said.add(line);
    const { head = '' } = view.pullRequest ?? {};
    if (!['', ...this.heads].includes(head)) this.#judge(stage, head, view.base ?? '');
    if (records.some(({ cause }) => /test runs again/.test(cause))) this.#runAgain(stage);
    if (view.hold?.kind !== 'blocked') return undefined;
    this.holds.push(view.hold.why.join());
    // A person has fixed the base, and runs the check of the pull request again.
    ciOf(stage).checkRun({ sha: head, name: 'lint' });
    return 'wait';
  };

  /** `test` fails on each head; `lint` fails on the second one and on its base. */
  #judge(stage: Stage, head: string, base: string): void {
    this.heads.push(head);
    const isFirst = this.heads.length === 1;
    ciOf(stage).checkRun({ sha: head, name: 'test', ...FAILED, log: LOG });
    ciOf(stage).checkRun({ sha: head, name: 'lint', conclusion: isFirst ? 'success' : 'failure' });
    if (!isFirst) ciOf(stage).checkRun({ sha: base, name: 'lint', conclusion: 'failure' });
  }

  /** The job that GitHub started: it fails again on the first head, and passes on the second. */
  #runAgain(stage: Stage): void {
    const { github, issue, stack } = stage;
    const { checkRuns } = github.admin.repositories.get(repositoryName(issue));
    const queued = checkRuns.findLast(({ status }) => status === 'queued');
    expect(queued).toMatchObject({ name: 'test', sha: this.heads.at(-1) });
    const result = this.heads.length === 1 ? { ...FAILED, log: LOG } : {};
    ciOf(stage).checkRun({ sha: queued?.sha ?? '', name: 'test', ...result });
    if (this.heads.length === 2 && !this.#isKilled)
      this.#isKilled = stack.supervisor.kill('scheduler', 'SIGKILL') !== undefined;
  }
}

const FAILED = {
  conclusion: 'failure',
  summary: '1 of 2 failed',
  annotations: [{ path: 'src/index.js', line: 3, message: 'expected up, got down' }],
} as const;

test(
  'a failure of CI is fixed by the next attempt; a flaky check and one that was broken before cost none',
  async () => {
    const ci = new Ci();
    const policy = await readFile(new URL('../../demo/policy.yml', import.meta.url), 'utf8');
    let prompts = '';
    const { view, records, figures, events } = await playLine({
      timeoutMs: LIMIT_MS,
      stage: { policy: `${policy}checks:\n  required: [lint]\n` },
      prepare: ({ github, issue }) =>
        github.admin.repositories.protect(repositoryName(issue), 'main', { requiredChecks: ['test'] }),
      onChapter: ci.onChapter,
      inspect: async ({ model }) => void (prompts = JSON.stringify(model.requests)),
    });
    const causes = records.map(({ cause }) => cause);
    const one = (pattern: RegExp): string[] => causes.filter(cause => pattern.test(cause));

    expect(view).toMatchObject({ stage: 'release-verified', runs: 2 });
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    expect(new Set(ci.heads).size).toBe(2);
    expect(
      one(/^required checks failed on .*test \(failure\); another attempt gets their output$/),
    ).toHaveLength(1);
    expect(one(/^the failed check test runs again$/)).toHaveLength(2);
    expect(one(/^required checks fail on the base too: lint/)).toHaveLength(1);
    expect(one(/^the required checks passed; flaky: passed only when run again: test$/)).toHaveLength(1);
    expect(ci.holds.join()).toMatch(/fail on the base too \(broken before\): lint \(failure\)/);
    expect([...ci.said].join('\n')).toMatch(/waiting for the required checks: test \(asked to run again\)/);
    expect(events.some(({ name, kind }) => name === 'scheduler' && kind === 'died')).toBe(true);

    // The second attempt read what CI said, as data and without the secret.
    expect(prompts).toContain('not ok 2 the card is upside down');
    expect(prompts).toContain('src/index.js:3: failure: expected up, got down');
    expect(prompts).toContain('token [secret]');
    expect(prompts).not.toContain(fakeToken);
    // Nobody was asked for the merge before the checks had passed.
    const gates = records.filter(({ hold }) => hold === 'gate:merge').map(({ seq }) => seq);
    const passed =
      records.find(({ cause }) => cause.startsWith('the required checks passed'))?.seq ?? Infinity;
    expect(Math.min(...gates)).toBeGreaterThanOrEqual(passed);
  },
  LIMIT_MS,
);
