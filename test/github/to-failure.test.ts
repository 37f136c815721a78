/** Real octokit against servers that misbehave: each failure gets its kind, and no write is sent twice. */
import { describe, expect, test } from '@jest/globals';
import { createComment } from '../../src/github/comments.ts';
import { GitHubFailure } from '../../src/github/failure.ts';
import type { GitHub } from '../../src/github/client.ts';
import { json, token, withServer } from './tiny-server.ts';
import type { Respond } from './tiny-server.ts';

const issue = { owner: 'octo', repo: 'app', issue: 7 };
const made = {
  ...{ id: 5, body: 'hello', user: { login: 'me', type: 'User' }, html_url: 'https://x/5' },
  ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
};

async function failureOf(working: Promise<unknown>): Promise<GitHubFailure> {
  const error = await working.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GitHubFailure)) throw error;
  return error;
}

const write = (github: GitHub) => createComment(github, { ...issue, body: 'hello' });

test('a valid response is parsed (the positive control of this file)', async () => {
  await withServer(
    (_, response) => json(response, 201, made),
    async ({ github, asked }) => {
      expect(await write(github)).toMatchObject({ id: 5, author: 'me', edited: false });
      expect(asked[0]?.headers).toMatchObject({
        'x-github-api-version': '2022-11-28',
        authorization: `Bearer ${token}`,
      });
    },
  );
});

const whole = JSON.stringify(made);
const noAnswer: [string, Respond, string][] = [
  [
    'the body is cut by a reset',
    (_, r) => (
      r.writeHead(201, { 'content-length': '5000' }),
      r.write(whole),
      setImmediate(() => r.destroy())
    ),
    'unknown',
  ],
  [
    'a chunked body is cut',
    (_, r) => (r.writeHead(201), r.write(whole.slice(0, 20)), setImmediate(() => r.destroy())),
    'unknown',
  ],
  ['the connection is reset before the response', (_, r) => r.destroy(), 'unknown'],
  [
    'the response is HTML with 200',
    (_, r) => (r.writeHead(200, { 'content-type': 'text/html' }), r.end('<html>')),
    'unknown',
  ],
  [
    'the response is invalid JSON',
    (_, r) => (r.writeHead(201, { 'content-type': 'application/json' }), r.end('{"id":')),
    'unknown',
  ],
  ['the response is a success without a body', (_, r) => (r.writeHead(201), r.end()), 'bad-answer'],
  ['the response lacks a field', (_, r) => json(r, 201, { ...made, id: undefined }), 'bad-answer'],
  ['the server never ends its response', (_, r) => (r.writeHead(201), r.write(whole)), 'unknown'],
  ['the response is endless', (_, r) => (r.writeHead(201), r.end('x'.repeat(20_000))), 'unknown'],
];

test.each(noAnswer)(
  'when %s, the result of the write is unknown and it is sent once',
  async (_, respond, kind) => {
    await withServer(respond, async ({ connect, asked }) => {
      const github = connect({ limits: { timeoutMs: 400, answerBytesMax: 10_000 } });
      expect((await failureOf(write(github))).kind).toBe(kind);
      expect(asked).toHaveLength(1);
    });
  },
);

const statuses: [number, Record<string, string>, unknown, Partial<GitHubFailure>][] = [
  [400, {}, { message: 'Problems parsing JSON' }, { kind: 'invalid' }],
  [401, {}, { message: 'Bad credentials' }, { kind: 'unauthorized' }],
  [
    403,
    { 'x-accepted-github-permissions': 'issues=write' },
    { message: 'Resource not accessible' },
    { kind: 'forbidden', neededPermissions: 'issues=write' },
  ],
  [403, { 'retry-after': '17' }, { message: 'Slow down' }, { kind: 'rate-limited', retryAfterMs: 17_000 }],
  [
    403,
    {},
    { message: 'You have exceeded a secondary rate limit.' },
    { kind: 'rate-limited', retryAfterMs: 60_000 },
  ],
  [
    403,
    {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1800000090',
      date: new Date(1_800_000_000_000).toUTCString(),
    },
    {},
    { kind: 'rate-limited', retryAfterMs: 90_000 },
  ],
  [
    403,
    { 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': '1800000090' },
    { message: 'no' },
    { kind: 'forbidden' },
  ],
  [404, {}, { message: 'Not Found' }, { kind: 'not-found' }],
  [405, {}, { message: 'Not allowed' }, { kind: 'conflict' }],
  [409, {}, { message: 'Conflict' }, { kind: 'conflict' }],
  [410, {}, { message: 'This issue was deleted' }, { kind: 'gone' }],
  [
    422,
    {},
    { message: 'Validation Failed', errors: [{ message: 'body is too long' }] },
    { kind: 'invalid', message: 'Validation Failed: body is too long' },
  ],
  [429, {}, { message: 'Too many' }, { kind: 'rate-limited', retryAfterMs: 60_000 }],
  [429, { 'retry-after': '2' }, {}, { kind: 'rate-limited', retryAfterMs: 2_000 }],
  [429, { 'retry-after': '99999999' }, {}, { kind: 'rate-limited', retryAfterMs: 7_200_000 }],
  [451, {}, { message: 'blocked' }, { kind: 'forbidden' }],
  [500, {}, { message: 'Server Error' }, { kind: 'unknown' }],
  [502, { 'content-type': 'text/html' }, '<html>Bad gateway', { kind: 'unknown' }],
  [503, {}, {}, { kind: 'unknown' }],
  [504, {}, {}, { kind: 'unknown' }],
];

test.each(statuses)('status %i with %j and %j gets its failure kind and is sent once', async (...row) => {
  const [status, headers, data, expected] = row;
  await withServer(
    (_, response) => json(response, status, data, headers),
    async ({ github, asked }) => {
      const failure = await failureOf(write(github));
      expect(failure).toMatchObject({ status, ...expected });
      expect(failure.requestRoute).toBe('POST /repos/{owner}/{repo}/issues/{issue_number}/comments');
      expect(asked).toHaveLength(1);
    },
  );
});

test.each([301, 302, 307, 308])(
  'a redirect with %i is not followed, so the POST is sent once',
  async status => {
    await withServer(
      (asked, response, url) =>
        asked.url.startsWith('/elsewhere')
          ? json(response, 200, made)
          : json(response, status, {}, { location: `${url}/elsewhere` }),
      async ({ github, asked }) => {
        expect(await failureOf(write(github))).toMatchObject({ kind: 'moved', status });
        expect(asked).toHaveLength(1);
      },
    );
  },
);

test('a request to a closed port fails as not-sent', async () => {
  let closed: GitHub | undefined;
  await withServer(
    () => undefined,
    async ({ github }) => void (closed = github),
  );
  if (!closed) throw new Error('no server');
  expect(await failureOf(write(closed))).toMatchObject({ kind: 'not-sent', status: undefined });
});

test('the text of a failure contains no token, even when GitHub repeats one', async () => {
  const forms = [
    token,
    'github_pat_11AAAAAAA0abcdefghijkl_ABCDEFGHIJ',
    `ghs_123456_eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl`,
  ];
  await withServer(
    (asked, response) =>
      json(response, 422, {
        message: `${forms.join(' ')} ${asked.headers.authorization ?? ''}\nnext`,
        errors: [forms[0]],
      }),
    async ({ github }) => {
      const failure = await failureOf(write(github));
      const everything = [
        failure.message,
        failure.stack ?? '',
        JSON.stringify(failure),
        String(failure.cause),
      ].join('\n');
      for (const form of forms) expect(everything).not.toContain(form.slice(0, 24));
      expect(failure.message).toContain('[redacted]');
      expect(failure.message).not.toContain('\n');
    },
  );
});

describe('the API URL', () => {
  const credential = { kind: 'token', token } as const;
  test.each([
    'http://github.example.com',
    'ftp://x',
    'not a url',
    'https://user:pw@host',
    'http://127.0.0.1.evil.com',
  ])('%s is refused', async apiUrl => {
    await withServer(
      () => undefined,
      async ({ connect }) => expect(() => connect({ apiUrl, credential })).toThrow(/https/),
    );
  });
  test.each([
    'https://api.github.com',
    'https://ghe.example.com/api/v3/',
    'http://localhost:1',
    'http://[::1]:1',
  ])('%s is accepted', async apiUrl => {
    await withServer(
      () => undefined,
      async ({ connect }) => expect(connect({ apiUrl }).apiUrl).toBe(apiUrl.replace(/\/$/, '')),
    );
  });
});
