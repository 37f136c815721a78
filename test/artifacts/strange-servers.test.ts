/** A bucket behind a server that lies, redirects, is slow or never ends: bounded, and one line that says what to do. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createBucketStore } from '../../src/artifacts/bucket/store.ts';
import type { ArtifactDigest, RetainingStore } from '../../src/artifacts/port.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const hello = Buffer.from('hello\n');
const digest: ArtifactDigest = 'sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const SECRETS = { accessKeyId: 'canary-id', secretAccessKey: 'canary-secret', sessionToken: 'canary-token' };
let servers: Server[] = [];

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => handler(request, response));
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function storeAt(endpoint: string, silenceMs = 5_000, requestMs = 10_000): RetainingStore {
  return createBucketStore({
    place: { bucket: 'box', prefix: 'p/', region: 'us-east-1', endpoint, credentials: SECRETS },
    timeouts: { silenceMs, requestMs },
  });
}

async function errorOf(work: Promise<unknown>): Promise<{ kind?: string; message: string }> {
  const error: unknown = await work.then(
    () => new Error('no error'),
    (thrown: unknown) => thrown,
  );
  const { message, kind } = error as { kind?: string; message: string };
  expect(JSON.stringify(error) + message).not.toMatch(/canary/);
  expect(message).not.toMatch(/\n/);
  return { ...(kind === undefined ? {} : { kind }), message };
}

const answering =
  (status: number, code: string, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response
      .writeHead(status, headers)
      .end(`<Error><Code>${code}</Code><Message>canary-secret</Message></Error>`);

test.each<readonly [number, string, string, string]>([
  [
    404,
    'NoSuchBucket',
    'no-bucket',
    'the bucket box does not exist. Fix: create it, or correct SIGNALBOX_ARTIFACTS',
  ],
  [
    403,
    'AccessDenied',
    'denied',
    'the bucket box denies PutObject to this credential. Fix: allow it in its policy (docs/artifacts.md has one)',
  ],
  [
    403,
    'InvalidAccessKeyId',
    'credential',
    'the artifact store does not know AWS_ACCESS_KEY_ID. Fix: correct it',
  ],
  [
    403,
    'SignatureDoesNotMatch',
    'credential',
    'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID. Fix: correct it',
  ],
  [
    400,
    'ExpiredToken',
    'credential',
    'AWS_SESSION_TOKEN has expired or is wrong. Fix: set a new one, with its keys',
  ],
  [
    403,
    'RequestTimeTooSkewed',
    'clock',
    "this host's clock differs too much from the artifact store's. Fix: synchronize this clock (NTP)",
  ],
  [
    503,
    'SlowDown',
    'busy',
    'the artifact store answered PutObject with 503 SlowDown. Fix: look at its log if this lasts',
  ],
  [
    418,
    '<canary>',
    'bad-answer',
    'the artifact store answered PutObject with 418. Fix: check that AWS_ENDPOINT_URL_S3 is the address of an S3 server',
  ],
])('%d %s is named with its fix', async (status, code, ...said) => {
  const [kind, message] = said;
  const store = storeAt(await serve(answering(status, code)));
  expect(await errorOf(store.put(hello, 'text/plain'))).toEqual({ kind, message });
});

test('each request is sent once: only Temporal retries', async () => {
  let requests = 0;
  const store = storeAt(
    await serve((request, response) => {
      requests += 1;
      answering(500, 'InternalError')(request, response);
    }),
  );
  expect(await errorOf(store.put(hello, 'text/plain'))).toMatchObject({ kind: 'busy' });
  expect(requests).toBe(1);
});

test('no redirect is followed: the signature and the token stay with the address that was set', async () => {
  const elsewhere: string[] = [];
  const other = await serve((request, response) => {
    elsewhere.push(request.headers.authorization ?? '');
    response.end(hello);
  });
  const location = `${other}/box/p/x`;
  for (const status of [301, 302, 307, 308]) {
    const headers = { location, 'x-amz-bucket-region': 'eu-north-1' };
    const store = storeAt(await serve(answering(status, 'PermanentRedirect', headers)));
    expect(await errorOf(store.get(digest, 100))).toEqual({
      kind: 'region',
      message: 'the bucket box is at another address or in another region. Fix: set AWS_REGION=eu-north-1',
    });
  }
  expect(elsewhere).toEqual([]);
  await fetch(location);
  expect(elsewhere).toEqual(['']);
});

test('wrong bytes are never returned, and right ones are', async () => {
  const lying = storeAt(await serve((_, response) => response.end('hellO\n')));
  expect(await errorOf(lying.get(digest, 100))).toMatchObject({ kind: 'corrupted' });
  const honest = storeAt(await serve((_, response) => response.end(hello)));
  expect(Buffer.from(await honest.get(digest, 100))).toEqual(hello);
});

test('a body without an end is read just beyond the limit, with and without a wrong length', async () => {
  let written = 0;
  const endless =
    (headers: Record<string, string>): Handler =>
    (_, response) => {
      response.writeHead(200, headers);
      const more = (): void => {
        do written += 65_536;
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more).once('close', () => response.removeAllListeners('drain'));
      more();
    };
  for (const headers of [{}, { 'content-length': String(2 ** 40) }]) {
    written = 0;
    const store = storeAt(await serve(endless(headers)));
    expect(await errorOf(store.get(digest, 1_000_000))).toEqual({
      kind: 'too-large',
      message: 'the artifact has more than 1000000 bytes',
    });
    expect(written).toBeLessThan(32_000_000);
  }
});

test.each<readonly [string, Handler]>([
  ['never answers', () => undefined],
  ['stops in the middle', (_, response) => response.writeHead(200, { 'content-length': '6' }).write('hel')],
  [
    'sends a byte now and then',
    (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(timer));
    },
  ],
])('a server that %s is given up by name', async (_, handler) => {
  const store = storeAt(await serve(handler), 200, 400);
  expect(await errorOf(store.get(digest, 100))).toEqual({
    kind: 'unreachable',
    message: 'the artifact store did not finish GetObject in time. Fix: look at its load and the network',
  });
});

test('a wrong address and a server without TLS are told apart', async () => {
  const endpoint = await serve((_, response) => response.end());
  expect((await errorOf(storeAt('http://127.0.0.1:1').get(digest, 100))).message).toMatch(
    /^cannot reach the artifact store at http:\/\/127\.0\.0\.1:1( \(\w+\))?\. Fix: check that it runs, and AWS_ENDPOINT_URL_S3$/,
  );
  const tls = endpoint.replace('http:', 'https:');
  expect((await errorOf(storeAt(tls).get(digest, 100))).message).toBe(
    `${tls} does not speak TLS. Fix: use http:// in AWS_ENDPOINT_URL_S3`,
  );
});

const page = (keys: readonly string[], next?: string): string =>
  `<?xml version="1.0"?><ListBucketResult><IsTruncated>${String(next !== undefined)}</IsTruncated>${keys
    .map(
      key =>
        `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><Size>1</Size></Contents>`,
    )
    .join(
      '',
    )}${next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`}</ListBucketResult>`;

/** Page after page of `count` notes in all. */
async function listing(count: number): Promise<RetainingStore> {
  return storeAt(
    await serve((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      const from = Number(query.get('continuation-token') ?? '0');
      const keys = Array.from({ length: Math.min(1_000, count - from) }, (_, index) => {
        const hex = (from + index).toString(16).padStart(64, '0');
        return `${query.get('prefix') ?? ''}${hex}`;
      });
      response.end(page(keys, from + keys.length < count ? String(from + keys.length) : undefined));
    }),
  );
}

test('notes are complete beyond one page, and too many of them are refused', async () => {
  expect(await (await listing(2_500)).noted('builds')).toHaveLength(2_500);
  expect(await errorOf((await listing(100_001)).noted('builds'))).toMatchObject({
    kind: 'bad-answer',
    message: expect.stringContaining('lists more than 100000 keys below scheduler/names/builds'),
  });
});

test.each([
  ['no XML', 'garbage'],
  ['HTML', '<html><body>login</body></html>'],
  ['a key without an end', '<ListBucketResult><Contents><Key>x'],
  ['a size that is no number', page(['p/scheduler/names/a/x']).replace('<Size>1', '<Size>1e999')],
  ['a cut list without its next page', page([]).replace('false', 'true')],
  ['the same page again and again', page([], 'again')],
  ['more bytes than a page can have', page([]) + ' '.repeat(5_000_000)],
])('a listing with %s is refused by name', async (_, body) => {
  const store = storeAt(await serve((_request, response) => response.end(body)));
  expect(await errorOf(store.noted('a'))).toMatchObject({ kind: 'bad-answer' });
});

test('keys of others in the bucket are left aside', async () => {
  const own = `p/scheduler/names/a/${'1'.repeat(64)}`;
  const keys = [
    own,
    `other/${'2'.repeat(64)}`,
    'p/scheduler/names/a/readme',
    `p/scheduler/names/a/${'x'.repeat(64)}`,
  ];
  const store = storeAt(await serve((_, response) => response.end(page(keys))));
  expect(await store.noted('a')).toEqual([`sha256:${'1'.repeat(64)}`]);
});

test('a copy that fails after it began with success discards nothing', async () => {
  const methods: string[] = [];
  const store = storeAt(
    await serve((request, response) => {
      methods.push(request.method ?? '');
      response.end('<Error><Code>InternalError</Code></Error>');
    }),
  );
  expect(await errorOf(store.discard(digest))).toMatchObject({ kind: 'bad-answer' });
  expect(methods).toEqual(['PUT']);
});
