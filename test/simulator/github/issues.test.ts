/** Issues, labels and comments of the simulated GitHub, driven by real octokit. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repositoryName, stageGitHub, where, type GitHubStage } from '../../support/github.ts';

let stage: GitHubStage;
beforeAll(async () => {
  stage = await stageGitHub();
});
afterAll(() => stage.end());

const status = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 0,
    (error: unknown) => (error as { status: number }).status,
  );

test('an issue’s events list opening and labelling, oldest first, with their actors', async () => {
  const alice = stage.as('alice-token');
  const { data: issue } = await alice.rest.issues.create({
    ...where,
    title: 'Stale greeting',
    body: 'It stays.',
  });
  await stage
    .as('tina-token')
    .rest.issues.addLabels({ ...where, issue_number: issue.number, labels: ['ready', 'new one'] });
  await alice.rest.issues.removeLabel({ ...where, issue_number: issue.number, name: 'new one' });
  await alice.rest.issues.update({
    ...where,
    issue_number: issue.number,
    state: 'closed',
    state_reason: 'not_planned',
  });
  const { data: events } = await alice.rest.issues.listEvents({ ...where, issue_number: issue.number });
  expect(events.map(event => [event.event, event.actor.login])).toEqual([
    ['labeled', 'tina'],
    ['labeled', 'tina'],
    ['unlabeled', 'alice'],
    ['closed', 'alice'],
  ]);
  const { data: read } = await alice.rest.issues.get({ ...where, issue_number: issue.number });
  expect([read.state, read.state_reason, read.labels.length]).toEqual(['closed', 'not_planned', 1]);
});

test('an issue is in one milestone at a time, and its events say so', async () => {
  const alice = stage.github.admin.as('alice', repositoryName);
  const { number } = alice.openIssue({ title: 'One' });
  const at = { ...where, issue_number: number };
  const seen = async () => (await stage.as('bot-token').rest.issues.get(at)).data.milestone;
  expect(await seen()).toBeNull();
  alice.milestone(number, '2.4');
  expect(await seen()).toMatchObject({ title: '2.4', number: 1, open_issues: 1 });
  alice.milestone(number, '3.0');
  expect(await seen()).toMatchObject({ title: '3.0', number: 2 });
  alice.milestone(number);
  expect(await seen()).toBeNull();
  const { data: events } = await stage.as('bot-token').rest.issues.listEvents(at);
  expect(events.map(({ event }) => event)).toEqual([
    ...['milestoned', 'demilestoned', 'milestoned', 'demilestoned'],
  ]);
});

test('a reader can comment but not label; someone with triage access can label', async () => {
  const { number } = stage.github.admin.as('alice', 'acme/cards').openIssue({ title: 'Roles' });
  const at = { ...where, issue_number: number };
  const rita = stage.as('rita-token');
  expect(await status(rita.rest.issues.addLabels({ ...at, labels: ['ready'] }))).toBe(403);
  expect(await status(rita.rest.issues.createComment({ ...at, body: 'hello' }))).toBe(0);
  expect(await status(stage.as('tina-token').rest.issues.addLabels({ ...at, labels: ['ready'] }))).toBe(0);
  expect(await status(stage.as('no-such-token').rest.issues.get(at))).toBe(401);
});

test('an edited comment has a later updated_at, and only its author or a writer can edit it', async () => {
  const { number } = stage.github.admin.as('alice', 'acme/cards').openIssue({ title: 'Comments' });
  const { data: comment } = await stage
    .as('tina-token')
    .rest.issues.createComment({ ...where, issue_number: number, body: 'one' });
  const edit = { ...where, comment_id: comment.id, body: 'two' };
  expect(await status(stage.as('rita-token').rest.issues.updateComment(edit))).toBe(403);
  const { data: edited } = await stage.as('bot-token').rest.issues.updateComment(edit);
  expect(edited.updated_at > edited.created_at).toBe(true);
  await stage.as('bot-token').rest.issues.deleteComment(edit);
  expect(await status(stage.as('bot-token').rest.issues.getComment(edit))).toBe(404);
});

test('lists are paginated with Link headers that octokit can follow, and filtered by label and state', async () => {
  const alice = stage.github.admin.as('alice', 'acme/cards');
  for (let n = 0; n < 7; n += 1) alice.openIssue({ title: `Page ${n}`, labels: ['paged'] });
  const bot = stage.as('bot-token');
  const all = await bot.paginate(bot.rest.issues.listForRepo, { ...where, labels: 'paged', per_page: 3 });
  expect(all.map(issue => issue.title)).toEqual([6, 5, 4, 3, 2, 1, 0].map(n => `Page ${n}`));
  const { headers } = await bot.rest.issues.listForRepo({ ...where, labels: 'paged', per_page: 3, page: 2 });
  expect(headers.link).toMatch(/\/repositories\/\d+\/issues\?.*page=3.*rel="next"/);
});

test('a conditional request does not count until something changes', async () => {
  const bot = stage.as('bot-token');
  const first = await bot.rest.issues.listForRepo({ ...where, labels: 'ready' });
  const remaining = stage.github.admin.rateLimit.view().remaining;
  const headers = { 'if-none-match': first.headers.etag ?? '' };
  expect(await status(bot.rest.issues.listForRepo({ ...where, labels: 'ready', headers }))).toBe(304);
  expect(stage.github.admin.rateLimit.view().remaining).toBe(remaining);
  const other = stage.as('alice-token');
  expect(await status(other.rest.issues.listForRepo({ ...where, labels: 'ready', headers }))).toBe(0);
  stage.github.admin.as('tina', 'acme/cards').openIssue({ title: 'Changed', labels: ['ready'] });
  expect(await status(bot.rest.issues.listForRepo({ ...where, labels: 'ready', headers }))).toBe(0);
});

test('deleted issues answer 410 and transferred ones 301', async () => {
  const alice = stage.github.admin.as('alice', 'acme/cards');
  const deleted = alice.openIssue({ title: 'Gone' });
  const moved = alice.openIssue({ title: 'Moved' });
  const target = alice.openIssue({ title: 'Target' });
  alice.deleteIssue(deleted.number);
  alice.transferIssue(moved.number, {
    repositoryId: stage.github.admin.repositories.get('acme/cards').id,
    number: target.number,
  });
  const bot = stage.as('bot-token');
  expect(await status(bot.rest.issues.get({ ...where, issue_number: deleted.number }))).toBe(410);
  const { data } = await bot.rest.issues.get({ ...where, issue_number: moved.number });
  expect(data.title).toBe('Target');
});

test('assignees: people with access and the author; others are left out without a word, readers may not assign', async () => {
  const alice = stage.as('alice-token');
  const { data: issue } = await alice.rest.issues.create({ ...where, title: 'Whose', body: 'is it' });
  const at = { ...where, issue_number: issue.number };
  const { data: assigned } = await stage
    .as('tina-token')
    .rest.issues.addAssignees({ ...at, assignees: ['alice', 'nobody-here', 'rita'] });
  expect(assigned.assignees?.map(({ login }) => login)).toEqual(['alice']);
  const reader = stage.as('rita-token').rest.issues.addAssignees({ ...at, assignees: ['alice'] });
  expect(await status(reader)).toBe(403);
});
