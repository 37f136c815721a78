/** Who can reach whom in the stack: exactly this table, which docs/compose.md explains. */
import { describe, expect, test } from '@jest/globals';
import { type ComposeFile, compose, composeText, parseCompose } from './support/compose-file.ts';
import { isEdge, isOutside, isPort, pair, pairsOf, servicesOn } from './support/edges.ts';

const EDGES: readonly (readonly [string, readonly string[]])[] = [
  ['postgresql', ['temporal-admin-tools', 'temporal']],
  // A job of a moment, before the server starts; it shares the database's network.
  ['temporal-admin-tools', ['temporal']],
  ['temporal', ['temporal-ui', 'scheduler', 'runner', 'gateway']],
  ['temporal', ['temporal-create-namespace', 'demo-create-namespace']],
  ['temporal-create-namespace', ['demo-create-namespace']],
  ['temporal', ['demo-scheduler', 'demo-runner', 'demo-gateway']],
  ['artifact-store', ['artifact-store-policies', 'scheduler', 'runner', 'demo-scheduler', 'demo-runner']],
  ['runner', ['source-relay', 'egress-proxy']],
  ['demo-runner', ['demo-source-relay']],
  ['demo-github', ['demo-scheduler', 'demo-source-relay', 'demo-people', 'demo-gateway']],
];
const REACH_OUTSIDE = ['egress-proxy', 'model-gateway', 'scheduler', 'source-relay'];
const HAVE_A_PORT = ['artifact-store', 'demo-github', 'gateway', 'temporal', 'temporal-ui'];

function reached(file: ComposeFile): object {
  return {
    pairs: pairsOf(file),
    outside: servicesOn(file, isOutside),
    ports: servicesOn(file, isPort),
  };
}

const EXPECTED = {
  pairs: [...new Set(EDGES.flatMap(([one, others]) => others.map(other => pair(one, other))))].sort(),
  outside: REACH_OUTSIDE,
  ports: HAVE_A_PORT,
};

test('the networks allow exactly the connections of the table', () => {
  expect(reached(compose)).toEqual(EXPECTED);
});

describe('another connection is found:', () => {
  test.each([
    ['the runner to the database', 'networks: [temporal-runner,', 'networks: [database, temporal-runner,'],
    [
      'the runner to the model gateway',
      'networks: [temporal-runner,',
      'networks: [outside-model-gateway, temporal-runner,',
    ],
    ['an edge with a way out', '  internal: true', '  internal: false'],
    ['an edge with an address of the host', "inhibit_ipv4: 'true'", "inhibit_ipv4: 'false'"],
    ['a port with answers from outside', "enable_ip_masquerade: 'false'", "enable_ip_masquerade: 'true'"],
  ])('%s', (_, text, instead) => {
    const copy = composeText.replace(text, instead);
    expect(copy).not.toBe(composeText);
    expect(reached(parseCompose(copy))).not.toEqual(EXPECTED);
  });
});

test('a service publishes a port exactly if it has a network for ports, which it shares with nobody', () => {
  for (const [name, { ports, networks = [] }] of Object.entries(compose.services)) {
    const own = networks.filter(network => isPort(compose.networks[network] ?? {}));
    expect({ name, networks: own.length }).toEqual({ name, networks: ports === undefined ? 0 : 1 });
  }
});

test('the services that reach the outside share that network with nobody', () => {
  const shared = Object.keys(compose.networks).filter(
    network =>
      !isEdge(compose.networks[network] ?? {}) &&
      Object.values(compose.services).filter(({ networks = [] }) => networks.includes(network)).length !== 1,
  );
  expect(shared).toEqual([]);
});

test('each network has a subnet of its own, with room for its members', () => {
  const subnets = Object.values(compose.networks).map(({ ipam }) => ipam?.config[0]?.subnet);
  expect(new Set(subnets).size).toBe(Object.keys(compose.networks).length);
  // Eight addresses less network, broadcast and gateway.
  const ROOM = 5;
  for (const [network, { ipam }] of Object.entries(compose.networks)) {
    expect(ipam?.config[0]?.subnet).toMatch(/^10\.183\.7[67]\.\d+\/29$/);
    const members = Object.values(compose.services).filter(({ networks = [] }) => networks.includes(network));
    expect(members.length).toBeGreaterThan(0);
    expect(members.length).toBeLessThanOrEqual(ROOM);
  }
});
