/** Every endpoint of the simulated GitHub, called by the real Octokit: every request and response matches GitHub's OpenAPI description. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { describedOperations, exchangeProblems, type RestExchange } from '../support/openapi.ts';
import { repositoryName, stageGitHub, where, type GitHubStage } from '../support/github.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKeyPem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const app = {
  id: 7,
  slug: 'signal',
  publicKeyPem,
  installationId: 70,
  permissions: { issues: 'write', contents: 'read', checks: 'write' },
} as const;

let stage: GitHubStage;
let bot: Octokit;
const exchanges: RestExchange[] = [];

beforeAll(async () => {
  stage = await stageGitHub({ app });
  bot = stage.as('bot-token');
  stage.github.onExchange(exchange => exchanges.push(exchange));
});
afterAll(() => stage.end());

const jwt = (claims: object): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(keys.privateKey, 'base64url')}`;
};

const refused = async (work: Promise<unknown>, status: number): Promise<void> =>
  await expect(work).rejects.toMatchObject({ status });

test('the simulator serves issues, labels, comments and events', async () => {
  const { data: issue } = await bot.rest.issues.create({
    ...where,
    title: 'One',
    body: 'text',
    labels: ['ready'],
  });
  const at = { ...where, issue_number: issue.number };
  await bot.rest.issues.get(at);
  stage.github.admin.as('alice', repositoryName).milestone(issue.number, '2.4');
  expect((await bot.rest.issues.get(at)).data.milestone?.title).toBe('2.4');
  await bot.rest.issues.addLabels({ ...at, labels: ['a', 'b'] });
  await bot.rest.issues.setLabels({ ...at, labels: ['a', 'ready'] });
  await bot.rest.issues.removeLabel({ ...at, name: 'a' });
  await bot.rest.issues.listLabelsOnIssue(at);
  await bot.rest.issues.addAssignees({ ...at, assignees: ['alice'] });
  await bot.rest.issues.createLabel({
    ...where,
    name: 'risk: high',
    color: 'ff0000',
    description: 'Careful',
  });
  await bot.rest.issues.updateLabel({ ...where, name: 'risk: high', new_name: 'risk/high' });
  await bot.rest.issues.getLabel({ ...where, name: 'risk/high' });
  await bot.rest.issues.listLabelsForRepo(where);
  const { data: comment } = await bot.rest.issues.createComment({ ...at, body: 'Hello' });
  await bot.rest.issues.getComment({ ...where, comment_id: comment.id });
  await bot.rest.issues.updateComment({ ...where, comment_id: comment.id, body: 'Hello again' });
  await bot.rest.issues.listComments({ ...at, since: '2020-01-01T00:00:00Z', per_page: 100 });
  await bot.rest.issues.deleteComment({ ...where, comment_id: comment.id });
  await bot.rest.issues.update({ ...at, title: 'Renamed', state: 'closed', state_reason: 'completed' });
  await bot.rest.issues.listEvents(at);
  await bot.rest.issues.listForRepo({
    ...where,
    labels: 'ready',
    state: 'all',
    since: '2020-01-01T00:00:00Z',
    sort: 'updated',
  });
});

test('the simulator serves the repository, people, rate limits and App tokens', async () => {
  await bot.rest.users.getAuthenticated();
  await bot.rest.users.getByUsername({ username: 'alice' });
  await bot.rest.rateLimit.get();
  await bot.rest.repos.get(where);
  const { data } = await bot.rest.repos.getCollaboratorPermissionLevel({ ...where, username: 'alice' });
  expect([data.permission, data.role_name]).toEqual(['write', 'maintain']);
  stage.github.admin.repositories.protect(repositoryName, 'release', {
    requiredApprovals: 1,
    requiredChecks: ['ci'],
  });
  const { data: rules } = await bot.rest.repos.getBranchRules({ ...where, branch: 'release' });
  await bot.rest.repos.getRepoRuleset({ ...where, ruleset_id: rules[0]?.ruleset_id ?? 0 });
  stage.github.admin.repositories.protect(repositoryName, 'main', { classic: true, requiredChecks: ['ci'] });
  await stage.as('acme-token').rest.repos.getBranchProtection({ ...where, branch: 'main' });
  stage.github.admin.repositories.protect(repositoryName, 'main', undefined);
  const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs bot';
  stage.github.admin.addSigningKey('line-bot', publicKey);
  await bot.rest.users.listSshSigningKeysForUser({ username: 'line-bot' });
  const nowSeconds = Math.floor(Date.now() / 1000);
  const asApp = stage.as(jwt({ iss: app.id, iat: nowSeconds - 30, exp: nowSeconds + 500 }));
  const scope = { installation_id: app.installationId, repositories: ['cards'] };
  const { data: installation } = await asApp.rest.apps.createInstallationAccessToken({
    ...scope,
    permissions: { issues: 'write', checks: 'write' },
  });
  const narrow = stage.as(installation.token);
  const { data: issue } = await narrow.rest.issues.create({
    ...where,
    title: 'By the App',
    labels: ['ready'],
  });
  expect(issue.user?.type).toBe('Bot');
  const { data: head } = await bot.rest.git.getRef({ ...where, ref: 'heads/main' });
  const annotation = {
    path: 'a.ts',
    start_line: 1,
    end_line: 1,
    annotation_level: 'failure',
    message: 'no',
  } as const;
  const report = {
    ...{
      ...where,
      name: 'ours',
      head_sha: head.object.sha,
      external_id: 'one',
      status: 'completed' as const,
    },
    conclusion: 'neutral' as const,
    output: { title: 'one', summary: 'two', annotations: [annotation] },
  };
  const { data: run } = await narrow.rest.checks.create(report);
  expect(run).toMatchObject({ external_id: 'one', output: { title: 'one', annotations_count: 1 } });
  await refused(bot.rest.checks.create(report), 403);
  await refused(narrow.rest.git.createRef({ ...where, ref: 'refs/heads/x', sha: '0'.repeat(40) }), 403);
  const wider = { ...scope, permissions: { contents: 'write' as const } };
  await refused(asApp.rest.apps.createInstallationAccessToken(wider), 422);
  const forged = stage.as(
    jwt({ iss: app.id, iat: nowSeconds, exp: nowSeconds + 500 }).slice(0, -8) + 'AAAAAAAA',
  );
  await refused(forged.rest.apps.createInstallationAccessToken(scope), 401);
});

test('the simulator serves refs, commits, comparisons and contents', async () => {
  const { data: branch } = await bot.rest.repos.getBranch({ ...where, branch: 'main' });
  const ref = 'heads/ai/issue-1';
  await bot.rest.git.createRef({ ...where, ref: `refs/${ref}`, sha: branch.commit.sha });
  await bot.rest.git.getRef({ ...where, ref });
  await bot.rest.git.listMatchingRefs({ ...where, ref: 'heads/ai/' });
  const files = { 'README.md': null, 'CHANGED.md': '# Cards\n', 'bin.dat': Buffer.from([0, 1, 2]) };
  const sha = await stage.github.admin
    .as('alice', repositoryName)
    .pushCommit({ branch: 'work', message: 'Change', files });
  await bot.rest.git.updateRef({ ...where, ref, sha });
  await bot.rest.repos.getCommit({ ...where, ref: sha });
  const { data } = await bot.rest.repos.compareCommitsWithBasehead({ ...where, basehead: 'main...work' });
  expect([data.status, data.ahead_by, data.files?.length]).toEqual(['ahead', 1, 2]);
  await bot.rest.repos.getContent({ ...where, path: 'src/card.js', ref: 'work' });
  await bot.rest.repos.getContent({ ...where, path: '' });
  await bot.rest.repos.getContent({ ...where, path: 'src' });
  await refused(bot.rest.repos.getContent({ ...where, path: 'missing' }), 404);
  const write = { ...where, path: '.github/new.yml', branch: 'work', message: 'Add', content: 'b25lCg==' };
  const { data: written } = await bot.rest.repos.createOrUpdateFileContents(write);
  await refused(bot.rest.repos.createOrUpdateFileContents(write), 422);
  await refused(bot.rest.repos.createOrUpdateFileContents({ ...write, sha: 'f'.repeat(40) }), 409);
  await refused(stage.as('rita-token').rest.repos.createOrUpdateFileContents({ ...write, path: 'x' }), 403);
  const again = { ...write, content: 'dHdvCg==', sha: written.content?.sha ?? '' };
  expect((await bot.rest.repos.createOrUpdateFileContents(again)).status).toBe(200);
  await refused(bot.rest.git.getRef({ ...where, ref: 'heads/none' }), 404);
  await refused(bot.rest.repos.getCommit({ ...where, ref: 'f'.repeat(40) }), 422);
  await bot.rest.git.deleteRef({ ...where, ref });
});

test('the simulator serves pull requests, reviews, checks and merges', async () => {
  const alice = stage.github.admin.as('alice', repositoryName);
  const sha = await alice.pushCommit({
    branch: 'fix',
    message: 'Fix',
    files: { 'src/card.js': 'export const card = 9;\n' },
  });
  const { data: pull } = await bot.rest.pulls.create({
    ...where,
    title: 'Fix',
    body: 'Why',
    head: 'fix',
    base: 'main',
  });
  const at = { ...where, pull_number: pull.number };
  await bot.rest.pulls.list({ ...where, head: 'acme:fix', state: 'all' });
  await bot.rest.pulls.get(at);
  await bot.rest.pulls.update({ ...at, title: 'Fix it', body: 'Because' });
  await bot.rest.pulls.listFiles(at);
  await bot.rest.pulls.requestReviewers({ ...at, reviewers: ['alice'] });
  await stage
    .as('alice-token')
    .rest.pulls.createReview({ ...at, event: 'APPROVE', body: 'Good', commit_id: sha });
  await bot.rest.pulls.listReviews(at);
  await alice.reviewLines(pull.number, {
    state: 'COMMENTED',
    comments: [
      { path: 'src/card.js', line: 1, body: 'why?' },
      { path: 'src/card.js', body: 'split it' },
    ],
  });
  const { data: comments } = await bot.rest.pulls.listReviewComments(at);
  const comment_id = comments[0]?.id ?? 0;
  await bot.rest.pulls.createReplyForReviewComment({ ...at, comment_id, body: 'because' });
  await refused(bot.rest.pulls.createReplyForReviewComment({ ...at, comment_id: 1, body: 'x' }), 404);
  await bot.rest.repos.createCommitStatus({
    ...where,
    sha,
    state: 'success',
    context: 'ci',
    description: 'ok',
  });
  await bot.rest.repos.getCombinedStatusForRef({ ...where, ref: sha });
  const annotations = [{ path: 'src/card.js', line: 1, message: 'not nine' }];
  const failed = alice.checkRun({ sha, name: 'test', conclusion: 'failure', annotations, log: 'not ok 1' });
  await bot.rest.checks.listAnnotations({ ...where, check_run_id: failed.id, per_page: 50 });
  const job = { ...where, job_id: failed.id, request: { redirect: 'manual' as const } };
  expect((await bot.rest.actions.downloadJobLogsForWorkflowRun(job)).status).toBe(302);
  await bot.rest.actions.reRunJobForWorkflowRun({ ...where, job_id: failed.id });
  await refused(bot.rest.actions.reRunJobForWorkflowRun({ ...where, job_id: failed.id }), 403);
  const other = alice.checkRun({ sha, name: 'scan', app: 'scanner', conclusion: 'failure' });
  await bot.rest.checks.rerequestRun({ ...where, check_run_id: other.id });
  alice.checkRun({ sha, name: 'build' });
  alice.checkRun({ sha, name: 'lint', status: 'in_progress' });
  await bot.rest.checks.listForRef({ ...where, ref: sha, per_page: 100 });
  await bot.rest.issues.listEvents({ ...where, issue_number: pull.number });
  await refused(bot.rest.pulls.merge({ ...at, sha: 'f'.repeat(40) }), 409);
  await bot.rest.pulls.merge({
    ...at,
    sha,
    merge_method: 'squash',
    commit_title: 'Fix',
    commit_message: 'text',
  });
  await refused(bot.rest.pulls.merge({ ...at, sha }), 405);
  await bot.rest.repos.listPullRequestsAssociatedWithCommit({ ...where, commit_sha: sha });
});

test('the simulator serves deployments and releases', async () => {
  const created = await bot.rest.repos.createDeployment({
    ...where,
    ref: 'main',
    environment: 'production',
    auto_merge: false,
  });
  const deployment_id = (created.data as { id: number }).id;
  await bot.rest.repos.createDeploymentStatus({
    ...where,
    deployment_id,
    state: 'success',
    description: 'live',
  });
  await bot.rest.repos.listDeploymentStatuses({ ...where, deployment_id });
  const { data } = await bot.rest.repos.listDeployments({ ...where, environment: 'production' });
  expect(data).toHaveLength(1);
  expect((await bot.rest.repos.listDeployments({ ...where, environment: 'staging' })).data).toEqual([]);
  await refused(bot.rest.repos.getLatestRelease(where), 404);
  await bot.rest.repos.createRelease({ ...where, tag_name: 'v1.0.0', name: 'One', body: 'First' });
  await bot.rest.repos.getLatestRelease(where);
});

test('every exchange matches the description, and every described operation was called', () => {
  expect(exchanges.flatMap(exchangeProblems)).toEqual([]);
  const exercised = new Set(
    // A log is answered with the address where it is stored.
    exchanges
      .filter(({ status }) => status < 300 || status === 302)
      .map(({ method, route }) => `${method} ${route}`),
  );
  expect(describedOperations().filter(operation => !exercised.has(operation))).toEqual([]);
});

test('the check reports requests and responses that GitHub’s description does not allow', () => {
  const good = exchanges.find(
    ({ method, route }) => method === 'POST' && route.endsWith('/issues'),
  ) as RestExchange;
  expect(exchangeProblems(good)).toEqual([]);
  const broken = { ...(good.responseBody as Record<string, unknown>), number: 'one' };
  expect(exchangeProblems({ ...good, responseBody: broken })).not.toEqual([]);
  expect(exchangeProblems({ ...good, status: 418 })).not.toEqual([]);
  expect(exchangeProblems({ ...good, requestBody: { title: 'x', lables: [] } })).not.toEqual([]);
  expect(exchangeProblems({ ...good, query: { pagesize: '3' } })).not.toEqual([]);
});
