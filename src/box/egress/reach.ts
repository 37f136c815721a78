/** Decides where a connection can go: to a host that the policy names, resolved here, and only to a public address. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPrivateAddress } from './addresses.ts';
import { isNamed, type Target, targetText } from './allow-list.ts';

export type Resolve = (host: string) => Promise<readonly string[]>;

export interface Reach {
  /** Entries of the policy: `host`, `host:port` or `.domain`. */
  readonly allowed: readonly string[];
  /** Entries of the operator: hosts that can have private addresses, if the policy names them too. */
  readonly privateAllowed: readonly string[];
  readonly resolve: Resolve;
}

/** The addresses to connect to. The name is resolved only once, so DNS rebinding is not possible. */
export async function addressesFor(
  reach: Reach,
  target: Target,
): Promise<{ readonly addresses: readonly string[] } | { readonly refused: string }> {
  if (!isNamed(reach.allowed, target)) return { refused: `${targetText(target)} is not named by the policy` };
  const addresses = await resolved(reach, target.host);
  if (addresses.length === 0) return { refused: `${target.host} has no address` };
  if (addresses.some(isPrivateAddress) && !isNamed(reach.privateAllowed, target))
    return { refused: `${target.host} resolves to a private address` };
  return { addresses };
}

/** Uses the resolver of this host. */
export const resolveHost: Resolve = async host =>
  (await lookup(host, { all: true, verbatim: true })).map(found => found.address);

async function resolved(reach: Reach, host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return await reach.resolve(host).catch(() => []);
}
