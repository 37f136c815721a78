/** Issues, labels, comments and roles against the simulated GitHub. Repeating a call changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createComment,
  deleteComment,
  findMarked,
  listComments,
  updateComment,
} from '../../src/github/comments.ts';
import { closeIssue, getIssue, listOptIns, saysWhoLabelled, whoLabelled } from '../../src/github/issues.ts';
import { addLabels, ensureLabels, removeLabel, setLabels } from '../../src/github/labels.ts';
import { listOptedIn } from '../../src/github/opted-in.ts';
import { getContents, getRepository, whoAmI } from '../../src/github/repository.ts';
import { roleOf } from '../../src/github/roles.ts';
import { where } from '../support/github.ts';
import { openLine, rejects } from './line.ts';
import type { Line } from './line.ts';

let line: Line;
beforeAll(async () => void (line = await openLine()));
afterAll(async () => await line.end());

describe('the repository', () => {
  test('has its git remote and default branch', async () => {
    expect(await getRepository(line.github, where)).toMatchObject({
      ...{ owner: 'acme', repo: 'cards', defaultBranch: 'main', private: false, archived: false },
      cloneUrl: `${line.simulator.url}/acme/cards.git`,
      permissions: { push: true },
    });
    await rejects(getRepository(line.github, { owner: 'acme', repo: 'nothing' }), 'not-found');
    expect(await whoAmI(line.github)).toBe('line-bot');
  });
  test('returns the text of a file, or undefined when the file does not exist', async () => {
    expect(await getContents(line.github, { ...where, path: 'README.md', ref: 'main' })).toBe('# Cards\n');
    expect(await getContents(line.github, { ...where, path: 'src/card.js', ref: 'main' })).toContain('card');
    expect(
      await getContents(line.github, { ...where, path: '.github/none.yml', ref: 'main' }),
    ).toBeUndefined();
    await rejects(getContents(line.github, { ...where, path: 'src', ref: 'main' }), 'invalid');
  });
});

describe('an issue', () => {
  test('is read with its labels, and its events show who opted it in last', async () => {
    const { number } = line.person('alice').openIssue({ title: 'Stale', body: 'It stays.' });
    const issue = { ...where, issue: number };
    const optIn = async (label: string) =>
      whoLabelled((await listOptIns(line.github, { ...issue, label, enough: saysWhoLabelled })).acts);
    expect(await optIn('ready')).toBeUndefined();
    line.person('alice').label(number, 'ready');
    line.person('alice').unlabel(number, 'ready');
    line.person('tina').label(number, 'ready');
    line.person('alice').label(number, 'other');
    expect(await optIn('Ready')).toMatchObject({
      login: 'tina',
      type: 'User',
    });
    expect(await getIssue(line.github, issue)).toMatchObject({
      ...{ number, title: 'Stale', body: 'It stays.', state: 'open', author: 'alice', isPullRequest: false },
      labels: ['ready', 'other'],
    });
  });
  test('is closed with a reason, and can be closed twice', async () => {
    const { number } = line.person('alice').openIssue({ title: 'Done' });
    for (let time = 0; time < 2; time += 1)
      expect(
        await closeIssue(line.github, { ...where, issue: number, stateReason: 'completed' }),
      ).toMatchObject({
        state: 'closed',
        stateReason: 'completed',
      });
  });
  test('fails differently when deleted, transferred or unknown', async () => {
    const [deleted, moved] = [
      line.person('alice').openIssue({ title: 'D' }),
      line.person('alice').openIssue({ title: 'T' }),
    ];
    line.person('alice').deleteIssue(deleted.number);
    line.person('alice').transferIssue(moved.number, { repositoryId: 1, number: 1 });
    await rejects(getIssue(line.github, { ...where, issue: deleted.number }), 'gone');
    await rejects(getIssue(line.github, { ...where, issue: moved.number }), 'moved');
    await rejects(getIssue(line.github, { ...where, issue: 9999 }), 'not-found');
  });
  test('gets and loses labels, and a repeated call changes nothing', async () => {
    const { number } = line.person('alice').openIssue({ title: 'Labels' });
    const issue = { ...where, issue: number };
    expect(await addLabels(line.github, { ...issue, labels: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(await addLabels(line.github, { ...issue, labels: ['b'] })).toEqual(['a', 'b']);
    for (let time = 0; time < 2; time += 1) await removeLabel(line.github, { ...issue, label: 'a' });
    expect((await getIssue(line.github, issue)).labels).toEqual(['b']);
    expect(await setLabels(line.github, { ...issue, labels: ['c'] })).toEqual(['c']);
  });
});

test('labels of the repository are created once and never changed', async () => {
  const labels = [
    { name: 'READY', color: '00ff00', description: 'opt in' },
    { name: 'box:claimed', color: 'ededed', description: 'claimed' },
  ];
  expect(await ensureLabels(line.github, { ...where, labels })).toEqual(['box:claimed']);
  expect(await ensureLabels(line.github, { ...where, labels })).toEqual([]);
});

describe('the opted-in list', () => {
  test('is read over all pages without pull requests, then costs no rate limit until something changes', async () => {
    for (let n = 0; n < 205; n += 1)
      line.person('alice').openIssue({ title: `Parked ${n}`, labels: ['parked'] });
    await line.person('alice').pushCommit({ branch: 'labelled-pull', message: 'x', files: { 'p.txt': 'p' } });
    const pull = await line.person('alice').openPull({ title: 'P', head: 'labelled-pull', base: 'main' });
    line.person('alice').label(pull.number, 'parked');

    const first = await listOptedIn(line.github, { ...where, label: 'parked' });
    if (first.kind !== 'listed' || first.etag === undefined) throw new Error('not listed');
    expect(new Set(first.issues.map(({ number }) => number)).size).toBe(205);
    const before = line.simulator.admin.rateLimit.view().remaining;
    const question = { ...where, label: 'parked', etag: first.etag };
    expect(await listOptedIn(line.github, question)).toEqual({ kind: 'not-modified' });
    expect(line.simulator.admin.rateLimit.view().remaining).toBe(before);

    line.person('alice').openIssue({ title: 'One more', labels: ['parked'] });
    expect(await listOptedIn(line.github, question)).toMatchObject({ kind: 'listed' });
  });
});

describe('comments', () => {
  test('are found only by our marker and our login, and show whether they were edited', async () => {
    const { number } = line.person('alice').openIssue({ title: 'Talk' });
    const issue = { ...where, issue: number };
    const marker = '<!-- box:status -->';
    line.person('rita').comment(number, `${marker} forged`);
    const ours = await createComment(line.github, { ...issue, body: `${marker}\none` });
    await createComment(line.github, { ...issue, body: 'without' });
    const found = await findMarked(line.github, { ...issue, marker, author: 'Line-Bot' });
    expect(found.map(({ id }) => id)).toEqual([ours.id]);
    expect(found[0]).toMatchObject({ edited: false, author: 'line-bot', authorType: 'Bot' });

    expect(
      await updateComment(line.github, { ...where, commentId: ours.id, body: `${marker}\ntwo` }),
    ).toMatchObject({
      body: `${marker}\ntwo`,
    });
    for (let time = 0; time < 2; time += 1)
      await deleteComment(line.github, { ...where, commentId: ours.id });
    await rejects(updateComment(line.github, { ...where, commentId: ours.id, body: 'x' }), 'not-found');
    expect((await listComments(line.github, issue)).map(({ author }) => author)).toEqual([
      'rita',
      'line-bot',
    ]);
  });
});

describe('roles', () => {
  test.each([
    ['acme', 'admin'],
    ['alice', 'maintain'],
    ['line-bot', 'write'],
    ['tina', 'triage'],
    ['rita', 'read'],
  ])('of %s is %s', async (login, role) => {
    expect(await roleOf(line.github, { ...where, login })).toEqual({ kind: 'role', role });
  });
  test('are unreadable for an unknown person, and with a token that lacks access', async () => {
    expect(await roleOf(line.github, { ...where, login: 'nobody-at-all' })).toMatchObject({
      kind: 'unreadable',
    });
    expect(await roleOf(line.connect('rita-token'), { ...where, login: 'alice' })).toMatchObject({
      kind: 'unreadable',
    });
  });
});
