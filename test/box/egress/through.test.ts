/** A set-up's proxy that goes out through the egress proxy: each of the two applies its own list, and a refusal says whose. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import {
  ConnectionLog,
  defaultEgressLimits,
  PassingConnections,
} from '../../../src/box/egress/connections.ts';
import type { Connection, EgressLimits } from '../../../src/box/egress/connections.ts';
import { dialDirectly } from '../../../src/box/egress/dial.ts';
import { dialThrough } from '../../../src/box/egress/dial-through.ts';
import { type Egress, openEgress } from '../../../src/box/egress/proxy.ts';
import { reservePorts } from '../../../src/local/ports.ts';
import { until } from '../../support/until.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
let registry = '';
let other = '';
let proxyPort = 0;
beforeAll(async () => {
  world = await openWorld();
  registry = `registry.test:${world.port}`;
  other = `other.test:${world.port}`;
});
afterAll(() => world.close());

const open: Egress[] = [];
const ended: Connection[] = [];
beforeEach(async () => {
  world.seen.splice(0);
  ended.splice(0);
  [proxyPort = 0] = await reservePorts([{ port: 0, what: 'the proxy', setting: 'SIGNALBOX_EGRESS_LISTEN' }]);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(egress => egress.close()));
});

interface Lists {
  readonly policy: readonly string[];
  readonly egress: readonly string[];
  readonly privateHosts?: readonly string[];
  readonly limits?: Partial<EgressLimits>;
}

/** The set-up's proxy has no resolver of its own here: only the egress proxy knows these names. */
async function opened({
  policy,
  egress,
  privateHosts = egress,
  limits: some = {},
}: Lists): Promise<ConnectionLog> {
  const limits = { ...defaultEgressLimits, ...some };
  open.push(
    await openEgress({
      ...{ listen: { host: '127.0.0.1', port: proxyPort }, allowed: egress, limits },
      allowedBy: 'SIGNALBOX_EGRESS_HOSTS',
      dial: dialDirectly({ resolve: world.resolve, privateAllowed: privateHosts }),
      log: new PassingConnections(limits, connection => ended.push(connection)),
    }),
  );
  return await openedInner(policy);
}

async function openedInner(policy: readonly string[]): Promise<ConnectionLog> {
  const log = new ConnectionLog(defaultEgressLimits);
  open.push(
    await openEgress({
      ...{
        listen: world.socketPath,
        allowed: policy,
        allowedBy: 'the policy',
        log,
        limits: defaultEgressLimits,
      },
      dial: dialThrough(new URL(`http://127.0.0.1:${proxyPort}`)),
    }),
  );
  return log;
}

test('a host that both lists name is reached, as a tunnel and by a plain request', async () => {
  const log = await opened({ policy: [registry], egress: [registry] });
  expect(await world.connect(registry)).toEqual({ status: 200, text: 'hello inside:80' });
  expect(await world.plain(`http://${registry}/thing`)).toEqual({ status: 200, text: `hello ${registry}` });
  expect(log.all.map(({ refused }) => refused)).toEqual([undefined, undefined]);
  await until('both ends', () => ended[1]);
  expect(ended).toMatchObject([
    { target: registry, address: '127.0.0.1' },
    { target: registry, address: '127.0.0.1' },
  ]);
  expect(ended[0]?.bytesDown).toBeGreaterThan(30);
});

test.each([
  [
    'only the policy names it',
    () => ({ policy: [registry, other], egress: [other] }),
    /egress proxy refuses it: registry\.test:\d+ is not named by SIGNALBOX_EGRESS_HOSTS/,
  ],
  [
    'the egress proxy has no list',
    () => ({ policy: [registry], egress: [] }),
    /is not named by SIGNALBOX_EGRESS_HOSTS/,
  ],
  [
    'only the egress proxy names it',
    () => ({ policy: [other], egress: [registry, other] }),
    /is not named by the policy/,
  ],
  [
    'its address is private',
    () => ({ policy: [registry], egress: [registry], privateHosts: [] }),
    /egress proxy refuses it: registry\.test resolves to a private address/,
  ],
])('refused and recorded by name: %s', async (_name, lists, reason) => {
  const log = await opened(lists());
  for (const answer of [await world.connect(registry), await world.plain(`http://${registry}/`)]) {
    expect(answer.status).toBe(403);
    expect(answer.text).toMatch(reason);
  }
  expect(log.all.map(({ refused }) => refused)).toEqual([
    expect.stringMatching(reason),
    expect.stringMatching(reason),
  ]);
  expect(world.seen).toEqual([]);
});

test('an egress proxy that is not there', async () => {
  const log = await openedInner([registry]);
  expect((await world.connect(registry)).status).toBe(403);
  expect(log.all[0]?.refused).toBe(`the egress proxy 127.0.0.1:${proxyPort} cannot be reached`);
});

test('a hostile answer of another program at its address is cut and has no controls', async () => {
  const liar = createServer(socket =>
    socket.once('data', () => socket.end(`HTTP/1.1 403 No\r\n\r\n\u001b[31m${'x'.repeat(10_000)}`)),
  );
  await new Promise<void>(resolve => liar.listen(proxyPort, '127.0.0.1', resolve));
  try {
    const log = await openedInner([registry]);
    expect((await world.connect(registry)).status).toBe(403);
    expect(log.all[0]?.refused).toMatch(/^the egress proxy refuses it: \[31mx{200,300}$/);
  } finally {
    liar.close();
  }
});

test('limits of the egress proxy: connections at once, and bytes of each connection', async () => {
  await opened({ policy: [registry], egress: [registry], limits: { connectionsAtOnceMax: 1 } });
  const waiting = world.connect(registry, '/slow');
  await until('the first is there', () => world.seen[0]);
  expect((await world.connect(registry)).text).toMatch(/too many connections at once/);
  await Promise.all(open.splice(0).map(egress => egress.close()));
  await waiting;
  await opened({ policy: [registry], egress: [registry], limits: { bytesDownMax: 100_000 } });
  // Each connection counts for itself: many small ones pass.
  for (let i = 0; i < 3; i += 1) expect(await world.connect(registry)).toMatchObject({ status: 200 });
  expect((await world.connect(registry, '/big')).text).toMatch(/\(broken\)$/);
  await until('the record', () => ended.find(({ refused }) => refused === 'too many bytes'));
});
