/** Reads rules from rulesets and from branch protection, as GitHub shows them to each credential. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ALL_BRANCHES, type Protection } from '../../../../simulator/github/model.ts';
import { ruleChecks } from '../../../../src/client/cli/doctor/rule-checks.ts';
import { parsePolicyFile } from '../../../../src/config/policy-file.ts';
import { createGitHub, type GitHub } from '../../../../src/github/client.ts';
import { getRepository } from '../../../../src/github/repository.ts';
import { exchangeProblems, type RestExchange } from '../../../support/openapi.ts';
import { repositoryName, stageGitHub, where, type GitHubStage } from '../../../support/github.ts';

let stage: GitHubStage;
const exchanges: RestExchange[] = [];
beforeAll(async () => {
  stage = await stageGitHub();
  stage.github.onExchange(exchange => exchanges.push(exchange));
});
afterAll(() => stage.end());
beforeEach(() => {
  for (const branch of ['main', 'develop', 'stable', ALL_BRANCHES]) protect(branch, undefined);
  stage.github.admin.repositories.allowMergeMethods(repositoryName, ['merge', 'squash', 'rebase']);
});

const protect = (branch: string, protection: Protection | undefined): void =>
  stage.github.admin.repositories.protect(repositoryName, branch, protection);
const as = (login: string): GitHub =>
  createGitHub({
    apiUrl: stage.github.apiUrl,
    credential: { kind: 'token', token: `${login}-token` },
    userAgent: 'test',
  });

async function found(login = 'alice', policyText = 'merge: { by: scheduler }'): Promise<readonly string[]> {
  const github = as(login);
  const repository = await getRepository(github, where);
  const reading = parsePolicyFile(`version: 1\n${policyText}\n`);
  const policy = 'policy' in reading ? reading.policy : undefined;
  const checks = await ruleChecks(github, { repository, policy, maker: undefined });
  return checks.map(({ ok, required, found: what }) => `${ok ? 'ok' : required ? 'fail' : 'warn'} ${what}`);
}

const NONE = ['ok none refuses the branches, commits and merges of Signalbox'];

test('a plain repository has no finding, and is read with few requests', async () => {
  exchanges.length = 0;
  expect(await found()).toEqual(NONE);
  expect(exchanges.length).toBe(4);
});

test('rules for all branches hold for those of Signalbox too', async () => {
  protect(ALL_BRANCHES, { requiredSignatures: true, restrictCreations: true, commitMessagePattern: '^feat' });
  expect(await found()).toEqual([
    'fail ai/issue-1-x requires signed commits, and no signing key is set',
    'fail ai/issue-1-x: the creation of branches is restricted',
    'warn ai/issue-1-x: commit_message_pattern regex ^feat may refuse commits of Signalbox',
  ]);
});

test('rules that our account may bypass are no finding', async () => {
  protect('main', { linearHistory: true });
  protect(ALL_BRANCHES, { requiredSignatures: true, bypassed: true });
  expect(await found()).toEqual(['fail main requires a linear history']);
});

test('settings and rules of the default branch refuse merges', async () => {
  stage.github.admin.repositories.allowMergeMethods(repositoryName, ['squash']);
  protect('main', {
    requiredApprovals: 1,
    requiredChecks: ['ci'],
    mergeMethods: ['squash'],
    mergeQueue: true,
  });
  expect(await found()).toEqual([
    'fail the repository does not allow merge commits',
    'fail main does not allow merge commits',
    'fail main is merged by a merge queue',
    'warn main is merged only with 1 approving review; the checks ci',
  ]);
});

test('a way to merge that rules forbid is a finding only where the policy asks for it', async () => {
  protect('main', { linearHistory: true });
  for (const policyText of [
    'merge: { by: person }',
    'not: [valid',
    'merge: { by: scheduler, method: squash }',
  ])
    expect(await found('alice', policyText)).toEqual(NONE);
});

test('branch protection is read by an administrator, and named where it cannot be read', async () => {
  protect('main', { classic: true, requiredSignatures: true, requiredChecks: ['ci'] });
  expect(await found('acme')).toEqual([
    'fail main requires signed commits, and no signing key is set',
    'warn main is merged only with the checks ci',
  ]);
  expect(await found('alice')).toEqual([
    'warn main has branch protection, which this credential cannot read',
  ]);
});

test('the rules are those of the branches that the policy sends changes to', async () => {
  protect('main', { linearHistory: true });
  protect('develop', { requiredChecks: ['ci'] });
  protect('stable', { requiredChecks: ['slow'] });
  const byLabel = 'byLabel: { urgent: stable, hotfix: stable }';
  const ofStable = 'warn stable is merged only with the checks slow';
  expect(await found('alice', `target: { ${byLabel} }`)).toEqual([ofStable]);
  expect(await found('alice', `target: { branch: develop, ${byLabel} }`)).toEqual([
    'warn develop is merged only with the checks ci',
    ofStable,
  ]);
});

test('every request and answer is as GitHub describes it', () => {
  expect(exchanges.length).toBeGreaterThan(20);
  for (const exchange of exchanges) expect(exchangeProblems(exchange)).toEqual([]);
});
