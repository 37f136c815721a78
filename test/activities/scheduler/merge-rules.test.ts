/** What looks and readings of the policy tell of a later refusal of the merge, and what they cost. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Protection } from '../../../simulator/github/model.ts';
import type { LookInput } from '../../../src/contracts/activities.ts';
import type { ObservedChecks } from '../../../src/domain/check-report.ts';
import { omit } from '../../../src/domain/omit.ts';
import { repositoryName } from '../../support/github.ts';
import { openedBranch, type BranchScene } from '../support/foreign.ts';
import { factOf } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
let scene: BranchScene;
beforeAll(async () => {
  stage = await stageScheduler();
  scene = await openedBranch(stage);
});
afterAll(() => stage.end());
afterEach(() => {
  protect(undefined);
  repositories().allowMergeMethods(repositoryName, ['merge', 'squash', 'rebase']);
  repositories().archive(repositoryName, false);
});

const repositories = () => stage.simulator.admin.repositories;
const protect = (rules: Protection | undefined) => repositories().protect(repositoryName, 'main', rules);
const asked = (path: string) => stage.simulator.requests.count({ path });
const rulesPath = '/repos/{owner}/{repo}/rules/branches/{branch}';
const rulesetPath = '/repos/{owner}/{repo}/rulesets/{ruleset_id}';
const graphqlPath = '/graphql';

const ofHead = () => ({ head: scene.ours, base: stage.repository.head });
const input = (more: Partial<LookInput> = {}): LookInput => ({
  context: { ...stage.context(scene.issue), repository: { ...stage.repository, isProtected: true } },
  ...{ facets: ['pull-request', 'checks'], pullRequest: scene.number, commentsReadTo: 0, reviewsSeen: 0 },
  checks: ofHead(),
  ...more,
});
const look = async (more: Partial<LookInput> = {}) => await factOf(stage.activities.look, input(more));

test('rules about merges come with the rules about checks, and are read again while there are some', async () => {
  protect({
    linearHistory: true,
    codeOwners: true,
    requiredDeployments: ['staging'],
    requiredChecks: ['ci'],
  });
  stage.simulator.requests.reset();
  const { checks: known } = await look();
  expect(known).toMatchObject({
    required: [{ name: 'ci' }],
    rules: { linearHistory: true, codeOwners: true, deployments: ['staging'] },
  });
  expect([asked(rulesPath), asked(rulesetPath)]).toEqual([1, 1]);
  protect({ requiredChecks: ['ci'] });
  if (known === undefined) throw new Error('nothing was read');
  const { checks: later } = await look({ checks: { ...ofHead(), known } });
  expect([later?.required, later?.rules]).toEqual([known.required, undefined]);
});

test('deployments of the head are read where a rule requires them, until they have succeeded', async () => {
  const listPath = '/repos/{owner}/{repo}/deployments';
  protect({ linearHistory: true });
  stage.simulator.requests.reset();
  expect((await look()).checks).not.toHaveProperty('deployments');
  expect(asked(listPath)).toBe(0);
  protect({ requiredDeployments: ['staging'] });
  const deploy = (environment: string, state?: string) =>
    stage.person('acme').deploy({ environment, sha: scene.ours, ...(state === undefined ? {} : { state }) });
  const said = async (known?: ObservedChecks) => {
    const { checks } = await look({ checks: { ...ofHead(), ...(known === undefined ? {} : { known }) } });
    if (checks === undefined) throw new Error('nothing was read');
    return checks;
  };
  const staging = (state: string, detail: string) => [{ name: 'staging', state, detail }];
  expect((await said()).deployments).toEqual(staging('pending', 'not deployed yet'));
  await deploy('other', 'success');
  await deploy('staging');
  expect((await said()).deployments).toEqual(staging('pending', 'not started'));
  await deploy('staging', 'failure');
  expect((await said()).deployments).toEqual(staging('failed', 'failure'));
  await deploy('staging', 'success');
  const known = await said();
  expect(known.deployments).toEqual(staging('passed', 'success'));
  stage.simulator.requests.reset();
  expect((await said(known)).deployments).toEqual(known.deployments);
  expect(asked(listPath)).toBe(0);
});

test('a rule that our account may bypass is no rule, and one that says nothing about merges costs no request', async () => {
  protect({ mergeQueue: true, requiredSignatures: true, bypassed: true });
  expect((await look()).checks?.rules).toBeUndefined();
  protect({ requiredChecks: ['ci'], requiredApprovals: 1 });
  stage.simulator.requests.reset();
  expect((await look()).checks).toMatchObject({ required: [{ name: 'ci' }] });
  expect(asked(rulesetPath)).toBe(0);
});

const firstComment = (): number =>
  repositories().get(repositoryName).issues.get(scene.number)?.pull?.lineComments[0]?.id ?? 0;

test('unresolved conversations are counted where a rule asks for it, and with a request only if there are any', async () => {
  protect({ threadsResolved: true });
  expect((await look()).checks?.rules).toEqual({ threadsResolved: true });
  stage.simulator.requests.reset();
  expect((await look({ threads: true })).pullRequest?.unresolvedThreads).toBe(0);
  const comment = { path: 'src/card.js', line: 1, body: 'why?' };
  await stage.person('alice').reviewLines(scene.number, { state: 'COMMENTED', comments: [comment] });
  expect((await look()).pullRequest?.unresolvedThreads).toBeUndefined();
  expect(asked(graphqlPath)).toBe(0);
  expect((await look({ threads: true })).pullRequest?.unresolvedThreads).toBe(1);
  stage.person('alice').resolveThread(scene.number, firstComment());
  expect((await look({ threads: true })).pullRequest?.unresolvedThreads).toBe(0);
});

test('an archived repository is told by its pull request', async () => {
  expect((await look()).pullRequest?.readOnly).toBeUndefined();
  repositories().archive(repositoryName);
  expect((await look()).pullRequest?.readOnly).toBe('archived');
});

test('ways to merge that the settings forbid come with the policy, and are read again', async () => {
  const read = async (repository = stage.repository) =>
    (
      await factOf(stage.activities.readPolicy, {
        context: { ...stage.context(scene.issue), repository },
        effect: { kind: 'read-policy', because: 'test' },
      })
    ).repository;
  const fresh = omit(stage.context(scene.issue), 'policy');
  const first = await factOf(stage.activities.readPolicy, {
    context: fresh,
    effect: { kind: 'read-policy', because: 'test' },
  });
  expect(first.repository.mergeMethods).toBeUndefined();
  const mergeMethods = ['squash'] as const;
  repositories().allowMergeMethods(repositoryName, mergeMethods);
  expect((await read({ ...stage.repository, mergeMethods: ['rebase'] })).mergeMethods).toEqual(mergeMethods);
  repositories().allowMergeMethods(repositoryName, ['merge', 'squash', 'rebase']);
  expect((await read({ ...stage.repository, mergeMethods })).mergeMethods).toBeUndefined();
});
