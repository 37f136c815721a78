/** Connects by trying, from a container of the stack or from one in a chosen network. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { containerOf, inspect, nodeIn } from './containers.ts';
import { docker } from './docker.ts';
import { BASE } from './stand-ins/table.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** `open`, or the system's name of the refusal; `silent` when nothing answers. */
export type Reached = string;

/** Prints the answers for the targets of its first argument. */
export const CONNECT = `
import { connect } from 'node:net';
const targets = JSON.parse(process.argv[2]);
const tried = await Promise.all(targets.map(({ host, port }) => new Promise(resolve => {
  const socket = connect({ host, port, timeout: 4000 });
  const say = text => { resolve(text); socket.destroy(); };
  socket.on('connect', () => say('open'));
  socket.on('error', error => say(error.code));
  socket.on('timeout', () => say('silent'));
})));
console.log(JSON.stringify(tried));
`;

export async function reach(service: string, targets: readonly Target[]): Promise<readonly Reached[]> {
  return JSON.parse(await nodeIn(service, CONNECT, [JSON.stringify(targets)])) as Reached[];
}

/** From a service whose image may have no Node: Alpine's have nc, Debian's have bash. */
export async function isOpenFrom(service: string, { host, port }: Target): Promise<boolean> {
  const connect = `nc -z -w 4 ${host} ${port} || timeout 4 bash -c '</dev/tcp/${host}/${port}'`;
  const script = `(${connect}) 2>/dev/null && echo open || echo closed`;
  return (await docker(['exec', await containerOf(service), 'sh', '-c', script])) === 'open';
}

/** From a new container in the engine's default network, which may reach everything. */
export async function reachFromOutside({ host, port }: Target): Promise<boolean> {
  const script = `nc -z -w 4 ${host} ${port} && echo open || echo closed`;
  return (await docker(['run', '--rm', BASE, 'sh', '-c', script])) === 'open';
}

/** The addresses of a service in all of its networks. */
export async function addressesOf(service: string): Promise<readonly string[]> {
  const { NetworkSettings } = await inspect(await containerOf(service));
  const all = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
  return all.filter(address => address !== '');
}

/** Every address under which a container could ask for this host: its own, and the first of each of the service's networks. */
export async function hostAddressesFor(service: string): Promise<readonly string[]> {
  const { NetworkSettings } = await inspect(await containerOf(service));
  const first = Object.values(NetworkSettings.Networks).flatMap(({ IPAddress, Gateway }) => [
    Gateway,
    firstAddress(IPAddress),
  ]);
  const own = Object.values(networkInterfaces()).flatMap((list = []) =>
    list.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
  return [...new Set([...first, ...own])].filter(address => address !== '');
}

/** A service of the host that listens on all of its addresses, for the time of a test. */
export async function withHostListener<T>(use: (port: number) => Promise<T>, port = 0): Promise<T> {
  const server = createServer(socket => socket.end()).listen(port, '0.0.0.0');
  await once(server, 'listening');
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

/** Of a network of eight addresses, as the compose file makes them: the address that a bridge has. */
function firstAddress(address: string): string {
  const parts = address.split('.').map(Number);
  const last = parts.pop() ?? 0;
  return [...parts, (last & ~7) + 1].join('.');
}
