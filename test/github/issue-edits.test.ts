/** The edits of an issue's text, by GraphQL: where it is asked, what it says, and that no failure counts as “never edited”. */
import { describe, expect, test } from '@jest/globals';
import { readEdits } from '../../src/github/issue-edits.ts';
import { rejects } from './line.ts';
import { json, token, withServer } from './tiny-server.ts';

const ISSUE = { owner: 'acme', repo: 'cards', issue: 7 } as const;
const answer = (issue: unknown) => ({ data: { repository: { issue } } });
const issueWith = (lastEditedAt: string | null, count: number, ...renamed: readonly string[]) => ({
  lastEditedAt,
  userContentEdits: { totalCount: count },
  timelineItems: { nodes: renamed.map(createdAt => ({ createdAt })) },
});

describe('the edits', () => {
  test.each([
    ['never edited', issueWith(null, 0), { count: 0 }],
    ['edited', issueWith('2026-01-02T03:04:05Z', 2), { count: 2, lastAt: Date.UTC(2026, 0, 2, 3, 4, 5) }],
    ['renamed', issueWith(null, 0, '2026-01-02T00:00:00Z'), { count: 0, lastAt: Date.UTC(2026, 0, 2) }],
    [
      'renamed and then edited',
      issueWith('2026-01-03T00:00:00Z', 1, '2026-01-02T00:00:00Z'),
      { count: 1, lastAt: Date.UTC(2026, 0, 3) },
    ],
  ])('of an issue that was %s', async (_what, issue, edits) => {
    await withServer(
      (_asked, response) => json(response, 200, answer(issue)),
      async ({ github, asked }) => {
        expect(await readEdits(github, ISSUE)).toEqual(edits);
        const [{ method, url, headers, body } = { method: '', url: '', headers: {}, body: '{}' }] = asked;
        expect([method, url, headers.authorization]).toEqual(['POST', '/graphql', `Bearer ${token}`]);
        expect(JSON.parse(body)).toEqual({
          query: expect.stringContaining('lastEditedAt'),
          variables: { owner: 'acme', repo: 'cards', number: 7 },
        });
      },
    );
  });

  test('are asked for next to REST on GitHub Enterprise Server', async () => {
    await withServer(
      (_asked, response) => json(response, 200, answer(issueWith(null, 0))),
      async ({ connect, asked, url }) => {
        await readEdits(connect({ apiUrl: `${url}/api/v3` }), ISSUE);
        expect(asked.map(request => request.url)).toEqual(['/api/graphql']);
      },
    );
  });

  test.each([
    [
      'an error in place of the issue',
      200,
      { data: { repository: { issue: null } }, errors: [{ type: 'NOT_FOUND' }] },
    ],
    ['an error without data', 200, { errors: [{ type: 'RATE_LIMITED' }] }],
    ['an issue without the fields', 200, answer({})],
  ] as const)('are not assumed from %s', async (_what, status, body) => {
    await withServer(
      (_asked, response) => json(response, status, body),
      async ({ github }) => await rejects(readEdits(github, ISSUE), 'bad-answer'),
    );
  });

  test('are not read with a token that is refused', async () => {
    await withServer(
      (_asked, response) => json(response, 401, { message: 'Bad credentials' }),
      async ({ github }) => await rejects(readEdits(github, ISSUE), 'unauthorized'),
    );
  });

  test('do not count against the rate limit of REST', async () => {
    const limits = { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '1' };
    await withServer(
      (_asked, response) => json(response, 200, answer(issueWith(null, 0)), limits),
      async ({ github }) => {
        await readEdits(github, ISSUE);
        expect(github.quota()).toBeUndefined();
      },
    );
  });
});
