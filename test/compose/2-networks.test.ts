/** Networks of the stack, by trying. Each refusal has a control: the same connection from where it is allowed. */
import { expect, test } from '@jest/globals';
import { reachFromBox, selfTestIn } from './support/box.ts';
import { connectThrough } from './support/egress.ts';
import {
  addressesOf,
  hostAddressesFor,
  isOpenFrom,
  reach,
  reachFromOutside,
  type Target,
  withHostListener,
} from './support/networks.ts';
import { setting } from './support/stack.ts';

/** Addresses for documentation: nothing answers there. */
const OUTSIDE: readonly Target[] = ['192.0.2.1', '198.51.100.1'].map(host => ({ host, port: 443 }));
/** The answers of a system that has no way there. */
const NO_WAY = ['ENETUNREACH', 'EHOSTUNREACH'];
const RUNNERS = ['runner', 'demo-runner'];

/** A service without a network has its own loopback alone. */
const at = async (service: string, port: number): Promise<readonly Target[]> => {
  const addresses = await addressesOf(service);
  return (addresses.length > 0 ? addresses : ['127.0.0.1']).map(host => ({ host, port }));
};
const each = (targets: readonly Target[], answer: string): readonly string[] => targets.map(() => answer);

test('the runner reaches Temporal, the store, the source relay and the egress proxy', async () => {
  const edges = [
    { host: 'temporal', port: 7233 },
    { host: 'artifact-store', port: 7070 },
    { host: 'source-relay', port: 8765 },
    { host: 'egress-proxy', port: 8766 },
  ];
  expect(await reach('runner', edges)).toEqual(each(edges, 'open'));
});

test.each(RUNNERS)('%s has no way to the outside', async runner => {
  expect(NO_WAY).toEqual(expect.arrayContaining([...(await reach(runner, OUTSIDE))]));
  // The control: from here a packet leaves, whatever answers.
  expect(NO_WAY).not.toEqual(expect.arrayContaining([...(await reach('egress-proxy', OUTSIDE))]));
});

test.each(RUNNERS)('%s does not reach what this host binds to all of its addresses', async runner => {
  await withHostListener(async port => {
    const host = (await hostAddressesFor(runner)).map(address => ({ host: address, port }));
    expect((await reach(runner, host)).filter(answer => answer === 'open')).toEqual([]);
    const reached = await Promise.all(host.map(reachFromOutside));
    expect(reached).toContain(true);
  });
});

/** By service: its port, and a service that may connect to it. */
const UNREACHED = {
  postgresql: { port: 5432, allowed: 'temporal' },
  'demo-github': { port: Number(setting('DEMO_GITHUB_PORT')), allowed: 'demo-scheduler' },
  'demo-model': { port: 8791, allowed: 'demo-model-gateway' },
} as const;

test.each(Object.entries(UNREACHED))('no runner reaches %s', async (service, { port, allowed }) => {
  const targets = await at(service, port);
  for (const runner of RUNNERS)
    expect((await reach(runner, targets)).filter(answer => answer === 'open')).toEqual([]);
  expect(await Promise.all(targets.map(target => isOpenFrom(allowed, target)))).toContain(true);
});

test('the egress proxy connects to a named host and to no other', async () => {
  const [host = '', port = ''] = setting('SIGNALBOX_EGRESS_HOSTS').split(':');
  await withHostListener(async () => {
    expect(await connectThrough('runner', `${host}:${port}`)).toBe(200);
    expect(await connectThrough('runner', `${host}:${Number(port) + 1}`)).toBe(403);
    expect(await connectThrough('runner', '192.0.2.1:443')).toBe(403);
  }, Number(port));
});

test.each(RUNNERS)('a box in %s reaches nothing that the runner reaches', async runner => {
  const relay = runner === 'runner' ? 'source-relay' : 'demo-source-relay';
  const targets = [
    ...(await at('temporal', 7233)),
    ...(await at('artifact-store', 7070)),
    ...(await at(relay, 8765)),
    ...OUTSIDE,
  ];
  expect(await reachFromBox(runner, targets)).toEqual(each(targets, 'ENETUNREACH'));
  expect(await reach(runner, targets)).toContain('open');
});

test.each(RUNNERS)('the self-test of the box in %s finds nothing', async runner => {
  const probes = await selfTestIn(runner);
  expect(probes.filter(({ denied }) => !denied)).toEqual([]);
  expect(probes.length).toBeGreaterThan(10);
});
