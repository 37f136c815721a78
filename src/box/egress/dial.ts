/** Connects to a target directly: the name is resolved here, once, and only public addresses are used. */
import net from 'node:net';
import { isPrivateAddress } from './addresses.ts';
import { addressText } from '../../host/listening.ts';
import { isNamed, type Target } from './allow-list.ts';
import { addressesOf, type Resolve } from './resolve.ts';

export interface Dialled {
  readonly socket: net.Socket;
  /** Absent if another proxy connected to it. */
  readonly address?: string;
}

/** The way out of a proxy to a target that it allows. */
export type Dial = (target: Target) => Promise<Dialled | { readonly refused: string }>;

export const CONNECT_TIMEOUT_MS = 30_000;
const ADDRESSES_MAX = 4;

export interface DirectInput {
  readonly resolve: Resolve;
  /** Entries of the operator: hosts that can have private addresses. */
  readonly privateAllowed: readonly string[];
}

export function dialDirectly({ resolve, privateAllowed }: DirectInput): Dial {
  return async target => {
    const addresses = await addressesOf(target.host, resolve);
    if (addresses.length === 0) return { refused: `${target.host} has no address` };
    if (addresses.some(isPrivateAddress) && !isNamed(privateAllowed, target))
      return { refused: `${target.host} resolves to a private address` };
    for (const address of addresses.slice(0, ADDRESSES_MAX)) {
      const socket = await connect(address, target.port);
      if (socket !== undefined) return { socket, address };
    }
    return { refused: `${addressText(target)} cannot be reached` };
  };
}

function connect(host: string, port: number): Promise<net.Socket | undefined> {
  return new Promise(resolve => {
    const socket = net.connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const fail = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    for (const event of ['error', 'timeout', 'close']) socket.once(event, fail);
    socket.once('connect', () => {
      for (const event of ['timeout', 'close']) socket.off(event, fail);
      resolve(socket);
    });
  });
}
