/** Lists with false page links, and responses that claim too much. */
import { expect, test } from '@jest/globals';
import { findByHead } from '../../src/github/pulls.ts';
import { listComments } from '../../src/github/comments.ts';
import { listOptedIn } from '../../src/github/opted-in.ts';
import { listReviews } from '../../src/github/reviews.ts';
import { getRef } from '../../src/github/refs.ts';
import { roleOf } from '../../src/github/roles.ts';
import { mergePull } from '../../src/github/merge.ts';
import { json, withServer } from './tiny-server.ts';

const where = { owner: 'octo', repo: 'app' };
const issue = { ...where, issue: 7 };
const comment = (id: number) => ({
  ...{ id, body: `c${id}`, user: { login: 'ann', type: 'User' }, html_url: 'https://x' },
  ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
});
const pageIn = (url: string) => Number(new URL(url, 'http://x').searchParams.get('page'));

test('the next page is requested by number, never from the URL in Link', async () => {
  await withServer(
    (_, response) => json(response, 500, {}),
    async foreign => {
      await withServer(
        (asked, response) => {
          const page = pageIn(asked.url);
          const link = `<${foreign.url}/steal?page=2>; rel="next", <${foreign.url}/steal?page=9>; rel="last"`;
          json(response, 200, [comment(page)], page < 3 ? { link } : {});
        },
        async ({ github, asked }) => {
          expect((await listComments(github, issue)).map(({ id }) => id)).toEqual([1, 2, 3]);
          expect(asked.map(({ url }) => pageIn(url))).toEqual([1, 2, 3]);
        },
      );
      expect(foreign.asked).toEqual([]);
    },
  );
});

test('an endless list is an error that names the list and its author, not a shortened list', async () => {
  await withServer(
    (asked, response, url) =>
      json(response, 200, [comment(pageIn(asked.url))], { link: `<${url}/>; rel="next"` }),
    async ({ github, asked }) => {
      await expect(listComments(github, issue)).rejects.toMatchObject({
        kind: 'too-long',
        message:
          'the comments of octo/app#7 are too many to read: 30 were read, 30 of them by ann, and there are more',
      });
      expect(asked).toHaveLength(30);
    },
  );
});

const perPageIn = (url: string) => Number(new URL(url, 'http://x').searchParams.get('per_page'));

test('a page that is too large for one response is read in smaller ones, in order and completely', async () => {
  // As long as GitHub allows: 65,536 characters of four bytes.
  const body = '\u{1f642}'.repeat(65_536);
  const all = Array.from({ length: 213 }, (_, index) => ({
    ...comment(index + 1),
    body: index < 100 ? body : 'words',
  }));
  await withServer(
    (asked, response, url) => {
      const [page, size] = [pageIn(asked.url), perPageIn(asked.url)];
      const last = Math.ceil(all.length / size);
      const link = `<${url}/?page=${page + 1}>; rel="next", <${url}/?page=${last}>; rel="last"`;
      json(response, 200, all.slice((page - 1) * size, page * size), page < last ? { link } : {});
    },
    async ({ github, asked }) => {
      const found = await listComments(github, issue);
      expect(found.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      expect(found[0]?.body).toBe(body);
      expect(asked.map(({ url }) => perPageIn(url))).toEqual([
        100,
        ...Array.from({ length: 10 }, () => 10),
        100,
        100,
      ]);
    },
  );
});

test('opted-in issues that are too large for one response do not stop a scan', async () => {
  const all = Array.from({ length: 60 }, (_, index) => ({
    ...{ id: index, number: index + 1, title: 't', body: 'x'.repeat(1_000), state: 'open', labels: ['ai'] },
    ...{ user: { login: 'ann', type: 'User' }, html_url: 'https://x', comments: 0 },
    ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
  }));
  await withServer(
    (asked, response, url) => {
      const [page, size] = [pageIn(asked.url), perPageIn(asked.url)];
      const link = { link: `<${url}/?page=${page + 1}>; rel="next"` };
      json(response, 200, all.slice((page - 1) * size, page * size), page * size < all.length ? link : {});
    },
    async ({ connect }) => {
      const github = connect({ limits: { timeoutMs: 5_000, answerBytesMax: 20_000 } });
      const found = await listOptedIn(github, { ...where, label: 'ai' });
      expect(found.kind === 'listed' && found.issues.map(({ number }) => number)).toEqual(
        all.map(({ number }) => number),
      );
    },
  );
});

test('an entry that alone is too large fails by name, and is not asked for again and again', async () => {
  await withServer(
    (_, response) => json(response, 200, [comment(1)]),
    async ({ connect, asked }) => {
      const github = connect({ limits: { timeoutMs: 5_000, answerBytesMax: 50 } });
      await expect(listComments(github, issue)).rejects.toMatchObject({ kind: 'too-large' });
      expect(asked).toHaveLength(2);
    },
  );
});

const pull = (number: number, head: object) => ({
  ...{
    number,
    state: 'open',
    title: 't',
    user: null,
    base: { ref: 'main' },
    html_url: 'https://x',
    node_id: 'n',
  },
  head: {
    ref: 'ai/issue-7-x',
    sha: 'a'.repeat(40),
    label: 'octo:ai/issue-7-x',
    repo: { full_name: 'Octo/app' },
    ...head,
  },
});

test('pull requests of other heads are filtered out when GitHub lists them', async () => {
  const listed = [
    pull(1, {}),
    pull(2, { ref: 'other' }),
    pull(3, { label: 'stranger:ai/issue-7-x', repo: { full_name: 'stranger/app' } }),
    pull(4, { label: 'stranger:ai/issue-7-x', repo: null }),
    pull(5, { repo: null }),
    pull(6, { repo: { full_name: 'octo/fork-of-app' } }),
  ];
  await withServer(
    (_, response) => json(response, 200, listed),
    async ({ github }) => {
      const found = await findByHead(github, { ...where, branch: 'ai/issue-7-x' });
      expect(found.map(({ number }) => number)).toEqual([5, 1]);
    },
  );
});

test('a review with an unknown state and without an author approves nothing', async () => {
  const reviews = [{ id: 1, user: null, state: 'SUPER_APPROVED', commit_id: null }];
  await withServer(
    (_, response) => json(response, 200, reviews),
    async ({ github }) => {
      expect(await listReviews(github, { ...where, number: 1 })).toMatchObject([
        { author: 'ghost', authorType: 'unknown', state: 'COMMENTED', commitId: undefined },
      ]);
    },
  );
});

test('a ref that only starts with the requested name is not returned', async () => {
  await withServer(
    (_, response) =>
      json(response, 200, { ref: 'refs/heads/ai/issue-70-x', object: { sha: 'a'.repeat(40) } }),
    async ({ github }) => {
      expect(await getRef(github, { ...where, branch: 'ai/issue-7' })).toBeUndefined();
      expect(await getRef(github, { ...where, branch: 'ai/issue-70-x' })).toBe('a'.repeat(40));
    },
  );
});

const ann = { login: 'ann' };
test.each([
  [200, { permission: 'write', role_name: 'maintain', user: ann }, { kind: 'role', role: 'maintain' }],
  [200, { permission: 'read', role_name: 'triage', user: ann }, { kind: 'role', role: 'triage' }],
  [200, { permission: 'write', role_name: 'release-engineer', user: ann }, { kind: 'role', role: 'write' }],
  [200, { permission: 'admin', user: ann }, { kind: 'role', role: 'admin' }],
  [200, { permission: 'owner-of-all', role_name: 'god', user: ann }, { kind: 'role', role: 'none' }],
  [200, { permission: 'admin', role_name: 'admin', user: { login: 'bob' } }, { kind: 'unreadable' }],
  [200, { role_name: 'admin' }, { kind: 'unreadable' }],
  [200, [], { kind: 'unreadable' }],
  [403, { message: 'Must have push access' }, { kind: 'unreadable' }],
  [404, { message: 'Not Found' }, { kind: 'unreadable' }],
  [422, {}, { kind: 'unreadable' }],
])('the role response %i %j grants only what it clearly states', async (status, data, expected) => {
  await withServer(
    (_, response) => json(response, status, data),
    async ({ github }) => expect(await roleOf(github, { ...where, login: 'Ann' })).toMatchObject(expected),
  );
});

test.each([
  [401, 'unauthorized'],
  [429, 'rate-limited'],
  [500, 'unknown'],
])('a temporary error (%i) when reading a role is thrown for a retry, not refused', async (status, kind) => {
  await withServer(
    (_, response) => json(response, status, {}),
    async ({ github }) =>
      await expect(roleOf(github, { ...where, login: 'ann' })).rejects.toMatchObject({ kind }),
  );
});

const merge = {
  ...where,
  number: 1,
  sha: 'a'.repeat(40),
  method: 'merge',
  title: 't',
  message: 'm',
} as const;
test.each([
  [409, 'Head branch was modified. Review and try the merge again.', { kind: 'head-moved' }],
  [409, 'Merge already in progress', { kind: 'not-mergeable', again: true }],
  [405, 'Base branch was modified. Review and try the merge again.', { kind: 'not-mergeable', again: true }],
  [405, 'At least 1 approving review is required', { kind: 'not-mergeable', again: false }],
])('a merge refused with %i "%s" is %j', async (status, message, expected) => {
  await withServer(
    (_, response) => json(response, status, { message }),
    async ({ github }) => expect(await mergePull(github, merge)).toMatchObject(expected),
  );
});

test('a 200 response without merged: true is not accepted as a merge', async () => {
  await withServer(
    (_, response) => json(response, 200, { merged: false, message: 'queued' }),
    async ({ github }) =>
      await expect(mergePull(github, merge)).rejects.toMatchObject({ kind: 'bad-answer' }),
  );
});
