/** Where the workflow's belief and GitHub differ: each kind of difference is named, and agreement is silent. */
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

test('what agrees is silent', () => {
  expect(disagreements(VIEW, FACTS)).toEqual([]);
});

test.each<[string, Partial<GitHubFacts>, string]>([
  ['a label taken off', withLabels('ai', 'ai:risk-low'), 'the label ai:gate-merge is missing'],
  [
    'a label of an earlier hold',
    withLabels('ai:risk-low', 'ai:gate-merge', 'ai:gate-start'),
    'the label ai:gate-start is left over',
  ],
  ['no status comment', { statusComments: [] }, 'the status comment is missing'],
  [
    'a status comment of an earlier generation',
    { statusComments: ['<!-- signalbox:status 7.2 -->'] },
    'the status comment is missing',
  ],
  [
    'a copied marker',
    { statusComments: [...FACTS.statusComments, ...FACTS.statusComments] },
    'there are 2 comments with the marker of the status comment',
  ],
  ['a deleted branch', { branches: [] }, `the branch ${BRANCH} is gone`],
  [
    'a push by a person',
    { branches: [{ branch: BRANCH, sha: OTHER }] },
    `the branch ${BRANCH} is at ${OTHER.slice(0, 12)}, which is not ours`,
  ],
  [
    'a branch of another generation',
    { branches: [...FACTS.branches, { branch: `${BRANCH}-g2`, sha: BASE }] },
    `the branch ${BRANCH}-g2 is not of this generation's work`,
  ],
  [
    'a pull request at another head',
    withPull({ headSha: OTHER }),
    `pull request #9 is at ${OTHER.slice(0, 12)}, the workflow at ${HEAD.slice(0, 12)}`,
  ],
  ['a closed pull request', withPull({ state: 'closed' }), 'pull request #9 is closed'],
  [
    'a merge by hand',
    withPull({ state: 'closed', merged: true }),
    'pull request #9 is merged, which the workflow does not know',
  ],
  ['a pull request that is gone', { pulls: [] }, 'pull request #9 cannot be found'],
  [
    'a second pull request',
    { pulls: [PULL, { ...PULL, number: 10 }] },
    "pull request #10 comes from our branch and is not the workflow's",
  ],
])('%s is named', (_what, change, says) => {
  expect(disagreements(VIEW, { ...FACTS, ...change })).toEqual([says]);
});

test('between two short effects labels and comment lag behind, and that is no disagreement', () => {
  const between = { ...VIEW, hold: null, waitingOn: 'push-commit' };
  expect(disagreements(between, { ...FACTS, ...withLabels('ai'), statusComments: [] })).toEqual([]);
});

test('after the merge the branch may be gone', () => {
  const merged = { ...VIEW, merge: { commit: OTHER, at: 1 } };
  const facts = { ...FACTS, branches: [], ...withPull({ state: 'closed', merged: true }) };
  expect(disagreements(merged, facts)).toEqual([]);
});
