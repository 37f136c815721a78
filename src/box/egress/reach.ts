/** Decides whether and where a connection may go: named by the policy, resolved here, and to a public address only. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPrivateAddress } from './addresses.ts';
import { isNamed, type Target, targetText } from './allow-list.ts';

export type Resolve = (host: string) => Promise<readonly string[]>;

export interface Reach {
  /** Entries of the policy: `host`, `host:port` or `.domain`. */
  readonly allowed: readonly string[];
  /** Entries of the operator: names that may lead to private addresses, if the policy names them too. */
  readonly privateAllowed: readonly string[];
  readonly resolve: Resolve;
}

/** The addresses to try: never resolved a second time, so a name cannot change its mind in between. */
export async function addressesFor(
  reach: Reach,
  target: Target,
): Promise<{ readonly addresses: readonly string[] } | { readonly refused: string }> {
  if (!isNamed(reach.allowed, target)) return { refused: `${targetText(target)} is not named by the policy` };
  const addresses = await resolved(reach, target.host);
  if (addresses.length === 0) return { refused: `${target.host} has no address` };
  if (addresses.some(isPrivateAddress) && !isNamed(reach.privateAllowed, target))
    return { refused: `${target.host} leads to a private address` };
  return { addresses };
}

/** As this host resolves names. */
export const resolveHost: Resolve = async host =>
  (await lookup(host, { all: true, verbatim: true })).map(found => found.address);

async function resolved(reach: Reach, host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return await reach.resolve(host).catch(() => []);
}
