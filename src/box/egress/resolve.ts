/** The addresses of a host. A name is resolved only once for each connection, so DNS rebinding is not possible. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

export type Resolve = (host: string) => Promise<readonly string[]>;

/** Uses the resolver of this host. */
export const resolveHost: Resolve = async host =>
  (await lookup(host, { all: true, verbatim: true })).map(found => found.address);

/** Empty if the name is unknown. */
export async function addressesOf(host: string, resolve: Resolve): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return await resolve(host).catch(() => []);
}
