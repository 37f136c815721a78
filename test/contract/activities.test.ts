/** The scheduler's activities for one issue from scan to release: every request and response matches GitHub's OpenAPI description. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EffectContext } from '../../src/contracts/activities.ts';
import { digestOf } from '../../src/domain/digest.ts';
import type { Approval } from '../../src/domain/state/people.ts';
import { buildOnce, claimedFor } from '../activities/support/changes.ts';
import { factOf, perform } from '../activities/support/perform.ts';
import { branchOf, heldOf, newIssue } from '../activities/support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../activities/support/stage.ts';
import { where } from '../support/github.ts';
import { exchangeProblems, type RestExchange } from '../support/openapi.ts';

/** Known errors of the description, with the reason. An entry that is no longer needed fails the test. */
const allowed: Readonly<Record<string, string>> = {};

/** Each operation needs a permission that someone must grant, so a new one must be a deliberate decision. */
const operations = [
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
  'GET /repos/{owner}/{repo}/branches/{branch}',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/commits/{ref}/status',
  'GET /repos/{owner}/{repo}/compare/{basehead}',
  'GET /repos/{owner}/{repo}/contents/{path}',
  'GET /repos/{owner}/{repo}/deployments',
  'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'GET /repos/{owner}/{repo}/issues',
  'GET /repos/{owner}/{repo}/issues/{issue_number}',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/events',
  'GET /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'GET /repos/{owner}/{repo}/rules/branches/{branch}',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
  'POST /graphql',
  'POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun',
  'POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest',
  'POST /repos/{owner}/{repo}/git/refs',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'POST /repos/{owner}/{repo}/pulls',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
  'POST /repos/{owner}/{repo}/statuses/{sha}',
  'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
];

let stage: SchedulerStage;
const exchanges: RestExchange[] = [];
beforeAll(async () => {
  stage = await stageScheduler();
  stage.simulator.onExchange(exchange => exchanges.push(exchange));
});
afterAll(() => stage.end());

const looked = async (issue: number, pullRequest?: number) =>
  await factOf(stage.activities.look, {
    ...{ context: stage.context(issue), commentsReadTo: 0, reviewsSeen: 0 },
    facets: ['issue', 'comments', 'pull-request'],
    ...(pullRequest === undefined ? {} : { pullRequest }),
    edition: { reviewsCounted: [], approvedOverTemporal: true },
  });

const projected = async (issue: number, labels: readonly string[], labelsBefore: readonly string[] = []) => {
  const marker = `<!-- signalbox:status ${issue}.1 -->`;
  const projection = { labels: [...labels], marker, comment: `${labels.join()}\n${marker}` };
  const digest = digestOf(projection);
  return await factOf(stage.activities.writeProjection, {
    ...{ context: stage.context(issue), projection, digest },
    labelsBefore,
  });
};

async function calledAndFolded(context: EffectContext, pullRequest: number): Promise<void> {
  const { callPeople, foldCall } = stage.activities;
  const people = {
    to: ['codeowners'],
    otherwise: ['@alice'],
    assign: ['@alice'],
    reviewers: ['@alice'],
  } as const;
  const fact = await factOf(callPeople, {
    context,
    call: {
      ...{ seq: 1, ask: 'gate:merge/1', answers: 0, rung: 'fresh', hold: 'gate:merge' },
      ...{ ...people, paths: ['src/card.js'], pullRequest, marker: '<!-- signalbox:call 1.1.1 -->' },
      ...{ what: '/approve merge 0123456789ab', why: 'every merge is a decision of a person' },
    },
  });
  expect(fact).toMatchObject({ who: ['@alice'] });
  expect(fact.problem).toBeUndefined();
  await factOf(foldCall, { context, seq: 1, commentId: fact.commentId ?? 0 });
}

describe('one issue', () => {
  let issue: number;
  const context = () => stage.context(issue);

  test('goes from the scan to the release', async () => {
    const { activities } = stage;
    const alice = stage.person('alice');
    issue = newIssue(stage);
    alice.label(issue, stage.policy.optIn.label);
    alice.comment(issue, '/approve start');

    const { scanRepository } = stage.scan();
    expect((await factOf(scanRepository, { repository: where })).issues).toMatchObject([{ number: issue }]);
    expect((await factOf(scanRepository, { repository: where })).issues).toEqual([]);
    await factOf(activities.readPolicy, {
      context: { issue: context().issue, generation: 1 },
      effect: { kind: 'read-policy', because: 'test' },
    });
    expect(await looked(issue)).toMatchObject({ comments: { commands: [{ author: { login: 'alice' } }] } });
    await projected(issue, ['ai:gate-start']);
    await projected(issue, ['ai:working'], ['ai:gate-start']);

    const { plan, change } = await buildOnce(stage, { 'src/card.js': 'export const card = 2;\n' });
    const branch = branchOf(issue);
    const base = stage.repository.head;
    await factOf(activities.claimBranch, {
      context: context(),
      effect: { kind: 'claim-branch', branch, base },
    });
    const head = change.commit;
    await factOf(activities.pushCommit, {
      context: context(),
      effect: { kind: 'push-commit', ...plan, branch, commit: change.commit, expected: base },
    });
    await factOf(activities.publishEvidence, {
      context: context(),
      effect: {
        ...{ kind: 'publish-evidence', commit: head, digest: digestOf(head), as: 'status', url: '' },
        ...{ conclusion: 'success', title: 'as expected', summary: '', annotations: [] },
      },
    });
    const { pullRequest } = await factOf(activities.openPullRequest, {
      context: context(),
      effect: { kind: 'open-pull-request', branch, into: 'main', head, title: 'Deal', body: 'Why' },
    });
    const { number } = pullRequest;
    await factOf(activities.openPullRequest, {
      context: context(),
      effect: { kind: 'open-pull-request', branch, into: 'main', head, title: 'Deal', body: 'More', number },
    });
    await calledAndFolded(context(), number);
    const { id: lines } = await alice.reviewLines(number, {
      state: 'COMMENTED',
      comments: [{ path: 'src/card.js', line: 1, body: 'why?' }],
    });
    const review = alice.review(pullRequest.number, 'APPROVED').id;
    const found = await looked(issue, pullRequest.number);
    expect(found).toMatchObject({
      pullRequest: { head, reviews: [{ reviewId: lines, lines: { total: 1 } }, { reviewId: review }] },
    });
    const answers = (found.pullRequest?.reviews[0]?.lines?.threads ?? []).map(mark => ({
      ...mark,
      ...{ marker: '<!-- signalbox:thread 1 -->', body: 'done\n<!-- signalbox:thread 1 -->' },
    }));
    await factOf(activities.answerThreads, {
      ...{ context: context(), pullRequest: number, answers, resolve: true },
    });
    const by = { kind: 'person', login: 'alice', how: 'github-review' } as const;
    const approval: Approval = { gate: 'merge', digest: digestOf(head), bound: { head }, by, at: 1, review };
    const { commit: merge } = await factOf(activities.mergePullRequest, {
      context: context(),
      effect: { kind: 'merge', number: pullRequest.number, head, approval, title: 'Deal' },
    });

    const later = await stage
      .person('acme')
      .pushCommit({ branch: 'main', message: 'later', files: { 'later.txt': 'later\n' } });
    await stage.person('acme').deploy({ environment: 'production', sha: later, state: 'success' });
    const { release } = await factOf(activities.checkRelease, {
      context: context(),
      effect: { kind: 'check-release', merge, into: 'main' },
    });
    expect(release).toMatchObject({ onDefaultBranch: true, deployment: { state: 'success' } });
    await factOf(activities.closeIssue, {
      context: context(),
      effect: { kind: 'close-issue', reason: 'completed' },
    });
    await factOf(activities.releaseClaim, {
      context: context(),
      effect: { kind: 'release-claim', branch, expected: head },
    });
    expect(await heldOf(stage, issue)).toMatchObject({
      ...{ state: 'closed', labels: ['ai', 'ai:working'], branch: 'none' },
      pulls: [{ title: 'Deal', state: 'closed', merged: true }],
    });
  });

  test('reads what CI says of a head, and has a failed check run again', async () => {
    const { person, repository, simulator, activities } = stage;
    const files = { 'src/ci.js': 'export const ci = 1;\n' };
    const head = await person('line-bot').pushCommit({ branch: 'ci', message: 'ci', files });
    const { protect } = simulator.admin.repositories;
    protect('acme/cards', 'main', { requiredChecks: ['test', 'scan'] });
    const annotations = [{ path: 'src/ci.js', line: 1, message: 'not one' }];
    const failed = { sha: head, conclusion: 'failure', annotations };
    person('acme').checkRun({ ...failed, name: 'test', log: 'not ok 1' });
    person('acme').checkRun({ ...failed, name: 'scan', app: 'scanner' });
    const { checks } = await factOf(activities.look, {
      context: { ...stage.context(1), repository: { ...repository, isProtected: true } },
      ...{ facets: ['checks'], commentsReadTo: 0, reviewsSeen: 0, checks: { head, base: repository.head } },
    });
    for (const { name, id, attempt, app = '' } of checks?.reported ?? [])
      expect(
        await factOf(activities.rerunCheck, {
          context: stage.context(1),
          effect: { kind: 'rerun-check', head, name, id, attempt, app },
        }),
      ).toEqual({ type: 'check-rerun', head, name, attempt });
    expect(checks?.reported).toHaveLength(2);
    protect('acme/cards', 'main', undefined);
  });

  test('accepts effects that are already done', async () => {
    const built = await buildOnce(stage, { 'src/other.js': 'export const other = 1;\n' });
    const scene = await claimedFor(stage, built);
    const about = { context: stage.context(scene.issue) };
    const { branch } = scene;
    const claim = { kind: 'claim-branch' as const, branch, base: stage.repository.head };
    const claimed = await factOf(stage.activities.claimBranch, { ...about, effect: claim });
    expect(claimed).toMatchObject({ type: 'claimed', branch });
    const effect = { kind: 'release-claim' as const, branch, expected: stage.repository.head };
    await factOf(stage.activities.releaseClaim, { ...about, effect });
    await factOf(stage.activities.releaseClaim, { ...about, effect });
    stage.person('acme').deleteIssue(scene.issue);
    const close = { kind: 'close-issue' as const, reason: 'completed' as const };
    expect((await perform(stage.activities.closeIssue, { ...about, effect: close })).ended).toMatchObject({
      failure: 'GitHubNotFound',
    });
  });
});

test('every exchange matches the description, except for the allowed differences', () => {
  // GraphQL is not part of the description.
  const rest = exchanges.filter(({ route }) => route !== '/graphql');
  const problems = [...new Set(rest.flatMap(exchangeProblems))].sort();
  expect(problems).toEqual(Object.keys(allowed).sort());
});

test('the activities use exactly the listed operations', () => {
  const used = new Set(exchanges.map(({ method, route }) => `${method} ${route}`));
  expect([...used].sort()).toEqual(operations);
});
