/** An App's tokens: scoped to one repository, fetched once, renewed once after a 401, never part of an error. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createComment } from '../../src/github/comments.ts';
import { readEdits } from '../../src/github/issue-edits.ts';
import { getIssue } from '../../src/github/issues.ts';
import { getRef } from '../../src/github/refs.ts';
import { whoAmI } from '../../src/github/repository.ts';
import { createGitHub } from '../../src/github/client.ts';
import { where } from '../support/github.ts';
import { openLine, rejects } from './line.ts';
import { json, withServer } from './tiny-server.ts';
import type { Respond } from './tiny-server.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let installationId = 100;
/** auth-app shares requests in flight per installation, so each test has its own installation. */
const app = () =>
  ({ kind: 'app', appId: '5', privateKey: keys.privateKey, installationId: (installationId += 1) }) as const;

test('an App token is scoped to the repository and the requested permissions', async () => {
  const permissions = { metadata: 'read', contents: 'write', issues: 'write' } as const;
  const line = await openLine({
    app: { id: 5, slug: 'box', publicKeyPem: keys.publicKey, installationId: 77, permissions },
  });
  try {
    const { apiUrl } = line.simulator;
    const { number } = line.person('alice').openIssue({ title: 'App' });
    const connect = (extra: object) =>
      createGitHub({ apiUrl, credential: { ...app(), installationId: 77, ...extra }, userAgent: 'test' });

    const github = connect({});
    const all = Array.from({ length: 5 }, async () => await getIssue(github, { ...where, issue: number }));
    expect(await Promise.all(all)).toHaveLength(5);
    expect(await createComment(github, { ...where, issue: number, body: 'x' })).toMatchObject({
      author: 'box[bot]',
      authorType: 'Bot',
    });
    expect(await readEdits(github, { ...where, issue: number })).toEqual({ count: 0 });
    expect(await github.granted(where)).toEqual(permissions);
    expect(await github.token(where)).toMatch(/^ghs_/);

    line.simulator.admin.revokeToken(await github.token(where));
    expect(await getIssue(github, { ...where, issue: number })).toMatchObject({ title: 'App' });

    const reader = connect({ permissions: { contents: 'read' } });
    expect(await getRef(reader, { ...where, branch: 'main' })).toMatch(/^[0-9a-f]{40}$/);
    await rejects(createComment(reader, { ...where, issue: number, body: 'x' }), 'forbidden');
    await rejects(
      getIssue(connect({ permissions: { issues: 'admin' } }), { ...where, issue: number }),
      'invalid',
    );
  } finally {
    await line.end();
  }
});

const ref = { ref: 'refs/heads/main', object: { sha: 'a'.repeat(40) } };
const main = { owner: 'octo', repo: 'app', branch: 'main' };
const secretToken = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';

const appServer =
  (answer: (authorization: string | undefined) => number): Respond =>
  (asked, response) => {
    const token = { token: secretToken, expires_at: '2030-01-01T00:00:00Z', permissions: {} };
    const status = answer(asked.headers.authorization);
    if (asked.url.endsWith('/access_tokens')) json(response, 201, token);
    else if (asked.url.endsWith('/installation')) json(response, 200, { id: 4711 });
    else if (asked.url === '/app') json(response, 200, { slug: 'box' });
    else json(response, status, status === 200 ? ref : { message: `${secretToken} is bad` });
  };

test('one token serves many calls and is requested for one repository', async () => {
  await withServer(
    appServer(() => 200),
    async ({ connect, asked }) => {
      const github = connect({ credential: app() });
      for (let call = 0; call < 3; call += 1) await getRef(github, main);
      const tokens = asked.filter(({ url }) => url.endsWith('/access_tokens'));
      expect(tokens).toHaveLength(1);
      expect(JSON.parse(tokens[0]?.body ?? '')).toMatchObject({ repositories: ['app'] });
    },
  );
});

test('a token that stays invalid is renewed once, then fails without the token in the error', async () => {
  await withServer(
    appServer(() => 401),
    async ({ connect, asked }) => {
      const error: unknown = await getRef(connect({ credential: app() }), main).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ kind: 'unauthorized' });
      expect(String(error) + JSON.stringify(error)).not.toContain(secretToken.slice(0, 20));
      expect(asked.filter(({ url }) => url.endsWith('/access_tokens'))).toHaveLength(2);
      expect(asked.filter(({ url }) => url.includes('/git/'))).toHaveLength(2);
    },
  );
});

test('a refused plain token is not retried', async () => {
  await withServer(
    appServer(() => 401),
    async ({ github, asked }) => {
      await rejects(getRef(github, main), 'unauthorized');
      expect(asked).toHaveLength(1);
    },
  );
});

test('a missing installation id is looked up by repository, and the App writes as its bot', async () => {
  await withServer(
    appServer(() => 200),
    async ({ connect, asked }) => {
      const { privateKey } = keys;
      const github = connect({ credential: { kind: 'app', appId: '5', privateKey } });
      await getRef(github, main);
      await getRef(github, main);
      expect(asked.map(({ url }) => url)).toContain('/app/installations/4711/access_tokens');
      expect(asked.filter(({ url }) => url.endsWith('/installation'))).toHaveLength(1);
      expect(await whoAmI(github)).toBe('box[bot]');
    },
  );
});

test('an invalid private key is reported without its text', async () => {
  await withServer(
    appServer(() => 200),
    async ({ connect, asked }) => {
      const privateKey = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXNlY3JldA==\n-----END PRIVATE KEY-----';
      const error: unknown = await getRef(connect({ credential: { ...app(), privateKey } }), main).catch(
        (e: unknown) => e,
      );
      expect(error).toMatchObject({ kind: 'unauthorized', message: expect.stringContaining('private key') });
      expect(String(error)).not.toContain('c2Vj');
      expect(asked).toEqual([]);
    },
  );
});
