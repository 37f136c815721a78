/** The network of a set-up: hosts that the policy names are reached, others are refused with a reason. Each refusal has a positive control. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import net, { type AddressInfo } from 'node:net';
import { hostEntryProblem } from '../../../src/box/egress/allow-list.ts';
import {
  ConnectionLog,
  defaultEgressLimits,
  type EgressLimits,
} from '../../../src/box/egress/connections.ts';
import { dialDirectly, type DirectInput } from '../../../src/box/egress/dial.ts';
import { type Egress, openEgress } from '../../../src/box/egress/proxy.ts';
import { until } from '../../support/until.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
let port = 0;
beforeAll(async () => {
  world = await openWorld();
  ({ port } = world);
});
afterAll(() => world.close());
let egress: Egress | undefined;
beforeEach(() => void world.seen.splice(0));
afterEach(async () => {
  await egress?.close();
  egress = undefined;
});

type Reach = DirectInput & { readonly allowed: readonly string[] };

const opened = async (
  reach: Partial<Reach> = {},
  some: Partial<EgressLimits> = {},
): Promise<Egress & { readonly log: ConnectionLog }> => {
  const named = [`registry.test:${port}`];
  const limits = { ...defaultEgressLimits, ...some };
  const log = new ConnectionLog(limits);
  const { allowed = named, privateAllowed = named, resolve = world.resolve } = reach;
  egress = await openEgress({
    ...{ listen: world.socketPath, allowed, allowedBy: 'the policy', log, limits },
    dial: dialDirectly({ resolve, privateAllowed }),
  });
  return { ...egress, log };
};
const connect: World['connect'] = (target, path) => world.connect(target, path);
const plain: World['plain'] = (url, headers) => world.plain(url, headers);

describe('a host that the policy names', () => {
  test('is reached through a tunnel, and its bytes are counted', async () => {
    const { log } = await opened();
    expect(await connect(`registry.test:${port}`)).toEqual({ status: 200, text: 'hello inside:80' });
    await until('the end of the connection in the log', () => log.all[0]?.durationMs);
    const [connection] = log.all;
    expect(connection).toMatchObject({
      kind: 'connect',
      target: `registry.test:${port}`,
      address: '127.0.0.1',
    });
    expect(connection).not.toHaveProperty('refused');
    expect(connection?.bytesUp).toBeGreaterThan(30);
    expect(connection?.bytesDown).toBeGreaterThan(30);
  });

  test('is reached by a plain request, without the headers for the proxy', async () => {
    const { log } = await opened();
    const answer = await plain(`http://registry.test:${port}/thing?x=1`, {
      'proxy-authorization': 'Basic x',
    });
    expect(answer).toEqual({ status: 200, text: `hello registry.test:${port}` });
    expect(world.seen).toMatchObject([{ url: '/thing?x=1' }]);
    expect(world.seen[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(log.all).toMatchObject([{ kind: 'plain', address: '127.0.0.1' }]);
  });

  test.each(['000 No', '099 No', '101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade'])(
    'can answer with the status %j, which is no answer',
    async status => {
      const server = net.createServer(socket => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(`HTTP/1.1 ${status}\r\n\r\n`));
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const odd = [`registry.test:${(server.address() as AddressInfo).port}`, `registry.test:${port}`];
      await opened({ allowed: odd, privateAllowed: odd });
      expect(await plain(`http://${odd[0] ?? ''}/`)).toEqual({
        status: 403,
        text: 'signalbox: the server did not answer\n',
      });
      expect(await plain(`http://${odd[1] ?? ''}/`)).toMatchObject({ status: 200 });
      await new Promise(resolve => server.close(resolve));
    },
  );

  test('can be a domain with its subdomains, but without look-alikes', async () => {
    const allowed = [`.registry.test:${port}`];
    await opened({ allowed, privateAllowed: allowed });
    expect(await connect(`cdn.registry.test:${port}`)).toMatchObject({ status: 200 });
    expect(await connect(`CDN.Registry.Test.:${port}`)).toMatchObject({ status: 200 });
    for (const other of ['registry.test', 'evilregistry.test', 'registry.test.evil.test'])
      expect(await connect(`${other}:${port}`)).toMatchObject({ status: 403 });
  });

  test('can be an address, if the policy names the address', async () => {
    const allowed = [`127.0.0.1:${port}`];
    await opened({ allowed, privateAllowed: allowed });
    expect(await connect(`127.0.0.1:${port}`)).toMatchObject({ status: 200 });
  });
});

describe('the proxy refuses', () => {
  /** Each with a reach that refuses the request, and one that allows the same request. */
  const cases = (): readonly [string, string, Partial<Reach>, Partial<Reach>, RegExp][] => {
    const registry = [`registry.test:${port}`];
    const both = [`registry.test:${port}`, `other.test:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
    const open = { allowed: both, privateAllowed: both };
    return [
      ['another host', `other.test:${port}`, {}, open, /is not named by the policy/],
      [
        'another port',
        `registry.test:${port}`,
        { allowed: ['registry.test'], privateAllowed: both },
        { allowed: registry },
        /is not named by the policy/,
      ],
      ['an address in place of the name', `127.0.0.1:${port}`, {}, open, /is not named by the policy/],
      [
        'a name that resolves to a private address',
        `registry.test:${port}`,
        { privateAllowed: [] },
        { privateAllowed: registry },
        /resolves to a private address/,
      ],
      [
        'a private address that only the policy names',
        `127.0.0.1:${port}`,
        { allowed: both, privateAllowed: [] },
        open,
        /resolves to a private address/,
      ],
      [
        'a private host that only the operator names',
        `other.test:${port}`,
        { privateAllowed: both },
        open,
        /is not named by the policy/,
      ],
    ];
  };
  test.each([0, 1, 2, 3, 4, 5])('case %i, as a tunnel and as a plain request', async index => {
    const [name, target, closed, open, reason] = cases()[index] ?? ['', '', {}, {}, /./];
    const shut = await opened(closed);
    for (const answer of [await connect(target), await plain(`http://${target}/`)]) {
      expect([name, answer.status]).toEqual([name, 403]);
      expect(answer.text).toMatch(reason);
    }
    expect(shut.log.all.map(({ refused }) => refused)).toEqual([
      expect.stringMatching(reason),
      expect.stringMatching(reason),
    ]);
    expect(world.seen).toEqual([]);
    await shut.close();
    await opened(open);
    expect([name, (await connect(target)).status]).toEqual([name, 200]);
    expect([name, (await plain(`http://${target}/`)).status]).toEqual([name, 200]);
  });

  test('a metadata address, by name and by number, even if the name also has a public address', async () => {
    const allowed = ['metadata.test:80', '169.254.169.254:80', `two.test:${port}`, '[::ffff:127.0.0.1]:80'];
    await opened({ allowed, privateAllowed: [] });
    for (const target of [
      'metadata.test:80',
      '169.254.169.254:80',
      `two.test:${port}`,
      '[::ffff:127.0.0.1]:80',
    ])
      expect((await connect(target)).text).toMatch(/resolves to a private address/);
  });

  test('DNS rebinding: a name is resolved once, and the checked address is used', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    let resolved = 0;
    const named = [`registry.test:${port}`];
    await opened({ allowed: named, privateAllowed: named, resolve: async () => answers[resolved++] ?? [] });
    expect(await connect(`registry.test:${port}`)).toMatchObject({ status: 200 });
    expect(resolved).toBe(1);
  });

  test.each([
    ['an empty target', ''],
    ['a number that a resolver reads as an address', '2130706433:80'],
    ['the short form of an address', '127.1:80'],
    ['user information', 'registry.test@other.test:80'],
    ['a target without a port', 'registry.test'],
  ])('%s', async (_name, target) => {
    await opened();
    expect((await connect(target)).status).not.toBe(200);
    expect(world.seen).toEqual([]);
  });

  test('a plain request that is not a proxy request', async () => {
    const { log } = await opened();
    expect(await plain('/etc/passwd')).toMatchObject({ status: 403 });
    expect(await plain(`http://user:word@registry.test:${port}/`)).toMatchObject({ status: 403 });
    expect(await plain(`ftp://registry.test:${port}/`)).toMatchObject({ status: 403 });
    expect(log.all.every(({ refused }) => refused === 'not a proxy request')).toBe(true);
  });

  test('a server that does not listen, and a name without an address', async () => {
    const dead = net.createServer();
    await new Promise<void>(resolve => dead.listen(0, '127.0.0.1', resolve));
    const { port: free } = dead.address() as AddressInfo;
    await new Promise(resolve => dead.close(resolve));
    const allowed = [`registry.test:${free}`, 'unknown.test'];
    await opened({ allowed, privateAllowed: allowed });
    expect((await connect(`registry.test:${free}`)).text).toMatch(/cannot be reached/);
    expect((await connect('unknown.test:443')).text).toMatch(/unknown.test has no address/);
  });
});

describe('a limit', () => {
  test('on uploaded bytes ends the connection', async () => {
    const { log } = await opened({}, { bytesUpMax: 500 });
    expect(await connect(`registry.test:${port}`)).toMatchObject({ status: 200 });
    expect((await connect(`registry.test:${port}`, `/${'x'.repeat(1_000)}`)).text).toBe('(broken)');
    expect(log.all.map(({ refused }) => refused)).toEqual([undefined, 'too many bytes']);
  });

  test('on downloaded bytes ends the connection', async () => {
    await opened({}, { bytesDownMax: 100_000 });
    expect((await connect(`registry.test:${port}`, '/big')).text).toMatch(/\(broken\)$/);
    await egress?.close();
    await opened();
    expect((await connect(`registry.test:${port}`, '/big')).text).toHaveLength(200_000);
  });

  test('on connections refuses further ones, and counts them', async () => {
    const { log } = await opened({}, { connectionsMax: 2 });
    const answers = [1, 2, 3, 4].map(async () => (await connect(`registry.test:${port}`)).status);
    expect((await Promise.all(answers)).sort()).toEqual([200, 200, 403, 403]);
    expect(log.all).toHaveLength(2);
    expect(log.refusedBeyondLimit).toBe(2);
  });

  test('on connections closes silent ones too', async () => {
    await opened({}, { connectionsAtOnceMax: 2 });
    const closed: net.Socket[] = [];
    const silent = Array.from({ length: 200 }, () => {
      const socket = net.connect(world.socketPath).on('error', () => undefined);
      return socket.on('close', () => closed.push(socket)).resume();
    });
    try {
      await until('only those within the limit are open', () => closed.length === 200 - 66 || undefined);
      for (const socket of silent.slice(0, 66)) socket.destroy();
      // Positive control: with room again, a host is reached.
      await until('a host is reached', async () => {
        const answer = await connect(`registry.test:${port}`).catch(() => undefined);
        return answer?.status === 200 || undefined;
      });
    } finally {
      for (const socket of silent) socket.destroy();
    }
  });

  test('on idle time ends an idle connection', async () => {
    await opened({}, { idleMs: 200 });
    expect((await connect(`registry.test:${port}`, '/slow')).text).toBe('(broken)');
  });
});

test('closing the proxy ends every connection', async () => {
  const { close } = await opened();
  const waiting = connect(`registry.test:${port}`, '/slow');
  await until('the request', () => world.seen[0]);
  await close();
  egress = undefined;
  expect((await waiting).text).toBe('(broken)');
});

test.each([
  ['registry.npmjs.org', true],
  ['.pythonhosted.org', true],
  ['registry.corp:8443', true],
  ['10.1.2.3:80', true],
  ['[2606:4700::1]:443', true],
  ['https://registry.npmjs.org', false],
  ['registry.npmjs.org/path', false],
  ['*.npmjs.org', false],
  ['*', false],
  ['.1.2.3.4', false],
  ['registry.npmjs.org:0', false],
  ['127.1', false],
  ['', false],
])('the policy can name %j: %p', (entry, allowed) => {
  expect(hostEntryProblem(entry) === undefined).toBe(allowed);
});
