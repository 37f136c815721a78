/** Each kind of difference between the workflow's state and GitHub is reported; agreement yields nothing. */
import { expect, test } from '@jest/globals';
import { disagreements } from '../../../../src/client/cli/explain/agreement.ts';
import type { GitHubFacts } from '../../../../src/client/cli/explain/github-facts.ts';
import { begin } from '../../../../src/domain/begin.ts';
import { digestOf } from '../../../../src/domain/digest.ts';
import { type IssueView, viewOf } from '../../../../src/domain/view.ts';
import type { Issue } from '../../../../src/github/issues.ts';
import type { PullSummary } from '../../../../src/github/pulls.ts';

const [BASE, HEAD, OTHER] = ['a', 'b', 'c'].map(digit => digit.repeat(40)) as [string, string, string];
const BRANCH = 'ai/issue-7-stale';

/** At the merge gate, with a pull request. */
const VIEW: IssueView = {
  ...viewOf(begin({ issue: { owner: 'acme', repo: 'profile', number: 7 }, generation: 1, at: 0 })),
  ...{ stage: 'pr', branch: BRANCH, base: BASE, policy: digestOf('policy'), subject: digestOf('subject') },
  hold: { kind: 'gate', gate: 'merge', who: 'a maintainer', what: 'approve', why: [] },
  change: { commit: HEAD, files: 1, diff: digestOf('diff') },
  pullRequest: { number: 9, url: 'https://github.test/acme/profile/pull/9', head: HEAD },
};

const PULL: PullSummary = {
  ...{ number: 9, state: 'open', merged: false, draft: false, title: '', body: '', author: 'bot' },
  ...{ headSha: HEAD, headRef: BRANCH, baseRef: 'main', mergeCommitSha: undefined, htmlUrl: '', nodeId: '' },
};

const FACTS: GitHubFacts = {
  issue: { number: 7, labels: ['ai', 'AI:risk-low', 'ai:gate-merge', 'bug'] } as unknown as Issue,
  optIn: { kind: 'opted-in', label: 'ai', by: 'alice' },
  branches: [{ branch: BRANCH, sha: HEAD }],
  pulls: [PULL],
  statusComments: ['text\n<!-- signalbox:status 7.1 -->'],
};

const withLabels = (...labels: readonly string[]) => ({ issue: { ...FACTS.issue, labels } });
const withPull = (change: Partial<PullSummary>) => ({ pulls: [{ ...PULL, ...change }] });

test('agreement yields no difference', () => {
  expect(disagreements(VIEW, FACTS)).toEqual([]);
});

test.each<[string, Partial<GitHubFacts>, string]>([
  ['a removed label', withLabels('ai', 'ai:risk-low'), 'the label ai:gate-merge is missing'],
  [
    'a label of an earlier hold',
    withLabels('ai:risk-low', 'ai:gate-merge', 'ai:gate-start'),
    'the label ai:gate-start is outdated',
  ],
  ['a missing status comment', { statusComments: [] }, 'the status comment is missing'],
  [
    'a status comment of an earlier generation',
    { statusComments: ['<!-- signalbox:status 7.2 -->'] },
    'the status comment is missing',
  ],
  [
    'a copied marker',
    { statusComments: [...FACTS.statusComments, ...FACTS.statusComments] },
    '2 comments have the marker of the status comment',
  ],
  ['a deleted branch', { branches: [] }, `the branch ${BRANCH} is missing`],
  [
    'a push by a person',
    { branches: [{ branch: BRANCH, sha: OTHER }] },
    `the branch ${BRANCH} is at ${OTHER.slice(0, 12)}, which Signalbox did not push`,
  ],
  [
    'a branch of another generation',
    { branches: [...FACTS.branches, { branch: `${BRANCH}-g2`, sha: BASE }] },
    `the branch ${BRANCH}-g2 belongs to another generation`,
  ],
  [
    'a pull request at another head',
    withPull({ headSha: OTHER }),
    `pull request #9 is at ${OTHER.slice(0, 12)}, but the workflow expects ${HEAD.slice(0, 12)}`,
  ],
  ['a closed pull request', withPull({ state: 'closed' }), 'pull request #9 is closed'],
  [
    'a manual merge',
    withPull({ state: 'closed', merged: true }),
    'pull request #9 is merged, but the workflow has not seen it',
  ],
  ['a missing pull request', { pulls: [] }, 'pull request #9 is missing'],
  [
    'a second pull request',
    { pulls: [PULL, { ...PULL, number: 10 }] },
    'pull request #10 is from our branch, but the workflow did not open it',
  ],
])('%s is reported', (_what, change, says) => {
  expect(disagreements(VIEW, { ...FACTS, ...change })).toEqual([says]);
});

test('labels and comment that lag between two short effects are not a difference', () => {
  const between = { ...VIEW, hold: null, waitingOn: 'push-commit' };
  expect(disagreements(between, { ...FACTS, ...withLabels('ai'), statusComments: [] })).toEqual([]);
});

test('a branch that is deleted after the merge is not a difference', () => {
  const merged = { ...VIEW, merge: { commit: OTHER, at: 1 } };
  const facts = { ...FACTS, branches: [], ...withPull({ state: 'closed', merged: true }) };
  expect(disagreements(merged, facts)).toEqual([]);
});
