/** What rules and settings will refuse, as `doctor` says it: each finding with its fix, and nothing about a plain repository. */
import { describe, expect, test } from '@jest/globals';
import { type RuleFacts, ruleFindings } from '../../../../src/client/cli/doctor/rule-findings.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { MergeMethod } from '../../../../src/domain/policy.ts';
import type { BranchRules, PatternRule } from '../../../../src/github/branch-rules.ts';

const PULL_REQUEST = {
  approvals: 0,
  codeOwners: false,
  dismissStale: false,
  lastPush: false,
  threadsResolved: false,
};
const PLAIN: RuleFacts = {
  targetBranch: 'main',
  ownBranch: 'ai/issue-1-x',
  rules: { target: {}, own: {} },
  mergeMethods: ['merge', 'squash', 'rebase'],
  method: 'merge',
  isSigned: false,
  commitEmail: 'signalbox@noreply.invalid',
};
const findings = (part: Partial<RuleFacts>): readonly string[] =>
  ruleFindings({ ...PLAIN, ...part }).map(({ what, isCertain }) => `${isCertain ? 'fails' : 'may'}: ${what}`);
const own = (rules: BranchRules, part: Partial<RuleFacts> = {}): readonly string[] =>
  findings({ ...part, rules: { target: {}, own: rules } });
const target = (rules: BranchRules, part: Partial<RuleFacts> = {}): readonly string[] =>
  findings({ ...part, rules: { target: rules, own: {} } });

test('a repository without rules, and one that only asks for pull requests, has no finding', () => {
  expect(findings({})).toEqual([]);
  expect(target({ pullRequest: PULL_REQUEST })).toEqual([]);
  expect(findings({ mergeMethods: ['merge'] })).toEqual([]);
});

test('every finding says how to fix it', () => {
  const all: BranchRules = {
    ...{ signatures: true, creation: true, update: true, linearHistory: true, mergeQueue: true },
    pullRequest: { ...PULL_REQUEST, approvals: 1, threadsResolved: true, mergeMethods: ['squash'] },
    ...{ checks: ['ci'], deployments: ['staging'], files: ['max_file_size'], others: ['workflows'] },
    patterns: [{ type: 'commit_message_pattern', operator: 'regex', pattern: '^x', negate: false }],
  };
  const found = ruleFindings({ ...PLAIN, mergeMethods: [], rules: { target: all, own: all } });
  expect(found.length).toBeGreaterThan(10);
  for (const { what, fix } of found)
    expect([what, fix.length > 20, /\n/.test(what + fix)]).toEqual([what, true, false]);
});

describe('signed commits', () => {
  test.each(['target', 'own'] as const)('are missing when %s requires them and there is no key', which => {
    const rules = { target: {}, own: {}, [which]: { signatures: true } as const };
    const branch = which === 'own' ? 'ai/issue-1-x' : 'main';
    expect(findings({ rules })).toEqual([
      `fails: ${branch} requires signed commits, and no signing key is set`,
    ]);
    expect(findings({ rules, isSigned: true })).toEqual([]);
  });
});

describe('an up-to-date head', () => {
  const upToDate = { upToDate: true } as const;
  test('that is demanded needs a merge queue, or new heads', () => {
    expect(target(upToDate, { upToDate: true })).toEqual([
      'may: main requires that a head contains its latest commit, and merge.upToDate leaves heads as they are',
    ]);
    expect(target(upToDate, { upToDate: 'head' })).toEqual([]);
    expect(target(upToDate, { upToDate: false })).toEqual([]);
    expect(target({}, { upToDate: true })).toEqual([]);
  });

  test.each([
    ['dismissStale', 'dismisses reviews on each push'],
    ['lastPush', 'wants a review after the last push'],
  ])('costs an approval for each new head where the rule %s holds', (rule, words) => {
    const pullRequest = { ...PULL_REQUEST, [rule]: true };
    const again = `may: main ${words}, so people are asked again each time it moves below a pull request`;
    expect(target({ ...upToDate, pullRequest }, { upToDate: 'head' })).toEqual([again]);
    expect(target({ pullRequest }, { upToDate: true })).toEqual([]);
    expect(target({ ...upToDate, pullRequest: PULL_REQUEST }, { upToDate: 'head' })).toEqual([]);
  });
});

describe('rules for the branches of Signalbox', () => {
  test.each<readonly [BranchRules, string]>([
    [{ creation: true }, 'fails: ai/issue-1-x: the creation of branches is restricted'],
    [{ update: true }, 'fails: ai/issue-1-x: updates are restricted'],
    [{ pullRequest: PULL_REQUEST }, 'fails: ai/issue-1-x: changes need a pull request'],
    [{ mergeQueue: true }, 'fails: ai/issue-1-x: changes need the merge queue'],
    [{ checks: ['ci', 'lint'] }, 'fails: ai/issue-1-x: status checks are required (ci, lint)'],
    [{ files: ['max_file_size'] }, 'may: ai/issue-1-x: files are restricted (max_file_size)'],
  ])('%j', (rules, wanted) => {
    expect(own(rules)).toEqual([wanted]);
  });

  const pattern = (rule: Omit<PatternRule, 'negate'> & Partial<PatternRule>): readonly string[] =>
    own({ patterns: [{ negate: false, ...rule }] }, { commitEmail: 'bot@acme.example' });
  test.each<readonly [string, Parameters<typeof pattern>[0], RegExp | undefined]>([
    ['a name that fits', { type: 'branch_name_pattern', operator: 'starts_with', pattern: 'ai/' }, undefined],
    [
      'a name that does not',
      { type: 'branch_name_pattern', operator: 'starts_with', pattern: 'feature/' },
      /^fails: .* refuses ai\/issue-1-x$/,
    ],
    [
      'a name that must not be',
      { type: 'branch_name_pattern', operator: 'contains', pattern: 'issue', negate: true },
      /^fails/,
    ],
    [
      'an address that fits',
      { type: 'committer_email_pattern', operator: 'ends_with', pattern: '@acme.example' },
      undefined,
    ],
    [
      'an address that does not',
      { type: 'commit_author_email_pattern', operator: 'ends_with', pattern: '@other.example' },
      /^fails: .* refuses bot@acme.example$/,
    ],
    ['a message', { type: 'commit_message_pattern', operator: 'contains', pattern: 'TICKET-' }, /^may/],
    [
      'an expression, which is never run here',
      { type: 'branch_name_pattern', operator: 'regex', pattern: '(a+)+$' },
      /^may/,
    ],
  ])('%s', (_what, given, wanted) => {
    const [found, ...more] = pattern(given);
    expect(more).toEqual([]);
    if (wanted === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(wanted);
  });
});

describe('the merge', () => {
  test.each<readonly [Partial<RuleFacts>, string]>([
    [{ rules: { own: {}, target: { mergeQueue: true } } }, 'main is merged by a merge queue'],
    [{ rules: { own: {}, target: { update: true } } }, 'updates of main are restricted'],
  ])('%j', (part, what) => {
    expect(findings({ ...part, mergeBy: 'scheduler' })).toEqual([`fails: ${what}`]);
    for (const mergeBy of [{ mergeBy: 'person' }, {}] as const)
      expect(findings({ ...part, ...mergeBy })).toEqual([`may: ${what}`]);
  });

  test.each<readonly [string, Partial<RuleFacts>, string | undefined]>([
    ['signalbox/evidence', {}, 'which the policy does not publish'],
    ['signalbox/evidence', { isEvidencePublished: true }, undefined],
    [
      'signalbox/evidence',
      { isEvidencePublished: true, handOver: 'queue' },
      'which no commit of its merge queue gets',
    ],
    ['signalbox/other', { isEvidencePublished: true }, 'which nobody reports'],
  ])('of a branch that requires %s, with %j', (name, part, why) => {
    const found = target({ checks: [name], mergeQueue: true }, { ...part, mergeBy: 'scheduler' });
    const ofCheck = found.filter(what => what.startsWith(`fails: main requires the check ${name}`));
    expect(ofCheck).toEqual(why === undefined ? [] : [`fails: main requires the check ${name}, ${why}`]);
  });

  const ofTarget = (rules: BranchRules): Partial<RuleFacts> => ({ rules: { own: {}, target: rules } });
  const methodsOf = (mergeMethods: readonly MergeMethod[]): BranchRules => ({
    pullRequest: { ...PULL_REQUEST, mergeMethods },
  });
  test.each<readonly [MergeMethod, Partial<RuleFacts>, string | undefined]>([
    ['merge', { mergeMethods: ['squash'] }, 'the repository does not allow merge commits'],
    ['squash', { mergeMethods: ['merge'] }, 'the repository does not allow squash merges'],
    ['squash', { mergeMethods: ['squash'] }, undefined],
    ['merge', ofTarget(methodsOf(['squash', 'rebase'])), 'main does not allow merge commits'],
    ['rebase', ofTarget(methodsOf(['squash'])), 'main does not allow rebase merges'],
    ['rebase', ofTarget(methodsOf(['squash', 'rebase'])), undefined],
    ['merge', ofTarget({ linearHistory: true }), 'main requires a linear history'],
    ['squash', ofTarget({ linearHistory: true }), undefined],
    ['rebase', { ...ofTarget({ linearHistory: true }), isSigned: true }, undefined],
    [
      'rebase',
      { ...ofTarget({ signatures: true }), isSigned: true },
      'main requires signed commits, and GitHub does not sign the commits of a rebase',
    ],
    ['squash', { ...ofTarget({ signatures: true }), isSigned: true }, undefined],
  ])('by the scheduler as a %s, with %j', (method, part, what) => {
    const wanted = what === undefined ? [] : [`fails: ${what}`];
    expect(findings({ ...part, method, mergeBy: 'scheduler' })).toEqual(wanted);
    expect(findings({ ...part, method, mergeBy: 'person' })).toEqual([]);
  });

  test.each<readonly [Partial<RuleFacts>, string | undefined]>([
    [{ handOver: 'queue' }, 'main has no merge queue'],
    [
      { handOver: 'queue', mergeMethods: ['squash'], ...ofTarget({ mergeQueue: true, linearHistory: true }) },
      undefined,
    ],
    [{ handOver: 'auto-merge', allowAutoMerge: false }, 'the repository does not allow auto-merge'],
    [{ handOver: 'auto-merge', allowAutoMerge: true }, undefined],
    [{ handOver: 'auto-merge' }, undefined],
    [{ handOver: 'auto-merge', ...ofTarget({ mergeQueue: true }) }, 'main is merged by a merge queue'],
  ])('that is handed over, with %j', (part, what) => {
    const wanted = what === undefined ? [] : [`fails: ${what}`];
    expect(findings({ ...part, mergeBy: 'scheduler' })).toEqual(wanted);
  });

  test('is possible where GitHub does not tell the settings', () => {
    expect(ruleFindings({ ...omit(PLAIN, 'mergeMethods'), mergeBy: 'scheduler' })).toEqual([]);
  });

  test('says what people must do first', () => {
    const pullRequest = { ...PULL_REQUEST, approvals: 2, codeOwners: true, threadsResolved: true };
    expect(target({ pullRequest, checks: ['ci'], deployments: ['staging'] })).toEqual([
      'may: main is merged only with 2 approving reviews with one of a code owner; resolved conversations; the checks ci; deployments to staging',
    ]);
  });
});
