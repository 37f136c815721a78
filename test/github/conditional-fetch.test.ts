/** Kept answers: GitHub decides at each request whether they are current; another token, form or URL is another answer. */
import { describe, expect, test } from '@jest/globals';
import { createConditionalFetch } from '../../src/github/conditional-fetch.ts';
import { getRef } from '../../src/github/refs.ts';
import { roleOf } from '../../src/github/roles.ts';
import { json, withServer } from './tiny-server.ts';

const where = { owner: 'octo', repo: 'app' };
const API = 'https://api.example/repos/octo/app';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
}

/** A GitHub whose answers are the current values; it answers 304 as GitHub does. */
function origin(values: Record<string, { status?: number; text: string; etag?: string }>) {
  const sent: Sent[] = [];
  const send = (url: string, init: RequestInit = {}): Promise<Response> => {
    const asked = { url, method: init.method ?? 'GET', headers: new Headers(init.headers) };
    sent.push(asked);
    const { status = 200, text, etag } = values[url] ?? { status: 404, text: '{}' };
    const headers = {
      'x-ratelimit-remaining': String(100 - sent.length),
      link: '<next>',
      ...(etag === undefined ? {} : { etag }),
    };
    return Promise.resolve(
      etag !== undefined && asked.headers.get('if-none-match') === etag
        ? new Response(null, { status: 304, headers: { ...headers, 'content-length': '0' } })
        : new Response(text, { status, headers: { ...headers, 'content-length': String(text.length) } }),
    );
  };
  const conditions = (): readonly (string | null)[] =>
    sent.map(({ headers }) => headers.get('if-none-match'));
  return { send, sent, values, conditions };
}

describe('a kept answer', () => {
  test('is given again only when GitHub says that it is current, with the headers of the latest answer', async () => {
    const github = origin({ [API]: { text: '{"a":1}', etag: 'W/"1"' } });
    const ask = createConditionalFetch(github.send);
    await ask(API);
    const again = await ask(API);
    expect([again.status, await again.text()]).toEqual([200, '{"a":1}']);
    expect(again.headers.get('x-ratelimit-remaining')).toBe('98');
    expect([again.headers.get('content-length'), again.headers.get('link')]).toEqual(['7', '<next>']);
    github.values[API] = { text: '{"a":2}', etag: 'W/"2"' };
    expect(await (await ask(API)).text()).toBe('{"a":2}');
    expect(await (await ask(API)).text()).toBe('{"a":2}');
    expect(github.conditions()).toEqual([null, 'W/"1"', 'W/"1"', 'W/"2"']);
  });

  test('is forgotten when there is another answer without an ETag, or none', async () => {
    const github = origin({ [API]: { text: '1', etag: '"1"' } });
    const ask = createConditionalFetch(github.send);
    await ask(API);
    github.values[API] = { status: 404, text: '{}' };
    expect((await ask(API)).status).toBe(404);
    github.values[API] = { text: '2' };
    expect(await (await ask(API)).text()).toBe('2');
    await ask(API);
    expect(github.conditions()).toEqual([null, '"1"', null, null]);
  });

  test('is only for the same URL, form and token', async () => {
    const github = origin({
      [API]: { text: '1', etag: '"1"' },
      [`${API}?page=2`]: { text: '2', etag: '"2"' },
    });
    const ask = createConditionalFetch(github.send);
    const as = (authorization: string, accept = 'json') => ({ headers: { authorization, accept } });
    await ask(API, as('Bearer one'));
    await ask(API, as('Bearer two'));
    await ask(API, as('Bearer one', 'raw'));
    await ask(`${API}?page=2`, as('Bearer one'));
    expect(github.conditions()).toEqual([null, null, null, null]);
    await ask(API, as('Bearer one'));
    expect(github.conditions().at(-1)).toBe('"1"');
  });

  test('is for reads only, and leaves a condition of the caller alone', async () => {
    const github = origin({ [API]: { text: '1', etag: '"1"' } });
    const ask = createConditionalFetch(github.send);
    await ask(API);
    await ask(API, { method: 'POST' });
    const own = await ask(API, { headers: { 'if-none-match': '"mine"' } });
    expect(own.status).toBe(200);
    expect((await ask(API, { headers: { 'if-none-match': '"1"' } })).status).toBe(304);
    expect(github.conditions()).toEqual([null, null, '"mine"', '"1"']);
  });

  test('is the least recently used that goes when all together are too long; a long one is never kept', async () => {
    const urls = ['a', 'b', 'c'].map(name => `${API}/${name}`);
    const values = Object.fromEntries(urls.map(url => [url, { text: 'x'.repeat(1_000), etag: `"${url}"` }]));
    const github = origin({ ...values, [`${API}/long`]: { text: 'x'.repeat(2_000), etag: '"long"' } });
    const ask = createConditionalFetch(github.send, { bytesMax: 7_000, answerBytesMax: 1_500 });
    const [a = '', b = '', c = ''] = urls;
    for (const url of [a, b, a, c, `${API}/long`]) await ask(url);
    const kept = async (url: string): Promise<boolean> => {
      await ask(url);
      return github.conditions().at(-1) !== null;
    };
    expect([await kept(a), await kept(c), await kept(`${API}/long`)]).toEqual([true, true, false]);
    expect(await kept(b)).toBe(false);
  });
});

describe('who asks while the first answer is on its way', () => {
  const url = `${API}/first`;

  function slow(...answers: readonly { readonly etag?: string }[]) {
    const conditions: (string | null)[] = [];
    const held: (() => void)[] = [];
    const send = async (_: string, init: RequestInit = {}): Promise<Response> => {
      const condition = new Headers(init.headers).get('if-none-match');
      const { etag } = answers[conditions.length] ?? answers.at(-1) ?? {};
      conditions.push(condition);
      if (conditions.length === 1) await new Promise<void>(resolve => held.push(resolve));
      if (etag === undefined) throw new Error('no answer');
      return condition === etag
        ? new Response(null, { status: 304, headers: { etag } })
        : new Response('1', { status: 200, headers: { etag } });
    };
    return { ask: createConditionalFetch(send), conditions, answer: () => held[0]?.() };
  }

  test('asks with its ETag: GitHub counts one of them', async () => {
    const { ask, conditions, answer } = slow({ etag: '"1"' });
    const asked = [ask(url), ask(url), ask(url)];
    expect(conditions).toEqual([null]);
    answer();
    expect(await Promise.all(asked.map(async one => (await one).text()))).toEqual(['1', '1', '1']);
    expect(conditions).toEqual([null, '"1"', '"1"']);
  });

  test('asks itself when that one fails', async () => {
    const { ask, conditions, answer } = slow({}, { etag: '"1"' });
    const failed = ask(url).catch((error: unknown) => error);
    const second = ask(url);
    answer();
    expect(await failed).toBeInstanceOf(Error);
    expect((await second).status).toBe(200);
    expect(conditions).toEqual([null, null]);
  });
});

test('a client asks with the condition, counts the 304 as such, and sees a role that was removed at once', async () => {
  let permission = 'write';
  const statuses: number[] = [];
  await withServer(
    ({ headers }, response) => {
      const etag = `"${permission}"`;
      if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
      else json(response, 200, { permission, user: { login: 'ada' } }, { etag });
    },
    async ({ connect }) => {
      const github = connect({ onAnswer: ({ status }) => statuses.push(status) });
      const role = async () => await roleOf(github, { ...where, login: 'ada' });
      expect(await role()).toEqual({ kind: 'role', role: 'write' });
      expect(await role()).toEqual({ kind: 'role', role: 'write' });
      permission = 'read';
      expect(await role()).toEqual({ kind: 'role', role: 'read' });
    },
  );
  expect(statuses).toEqual([200, 304, 200]);
});

test('a cut or foreign answer to a condition is no answer', async () => {
  let broken = false;
  await withServer(
    (_, response) => {
      if (broken) response.writeHead(200, { 'content-type': 'text/html', etag: '"1"' }).end('<html>');
      else
        json(
          response,
          200,
          { ref: 'refs/heads/main', object: { sha: 'a'.repeat(40), type: 'commit' } },
          { etag: '"1"' },
        );
    },
    async ({ github }) => {
      const ask = async () => await getRef(github, { ...where, branch: 'main' });
      expect(await ask()).toBe('a'.repeat(40));
      broken = true;
      await expect(ask()).rejects.toThrow();
    },
  );
});
