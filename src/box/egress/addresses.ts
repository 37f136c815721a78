/** Addresses that a set-up must not reach through a name: the host, its networks, and cloud metadata services. */
import { BlockList, isIPv6 } from 'node:net';

/** Every address that is not a public unicast address counts as private. */
export function isPrivateAddress(address: string): boolean {
  if (!isIPv6(address)) return blocked.check(address, 'ipv4');
  // IPv4 addresses embedded in IPv6: mapped, translated (RFC 6052), 6to4.
  const inner = embedded(address);
  if (inner !== undefined) return isPrivateAddress(inner);
  return !publicV6.check(address, 'ipv6') || blocked.check(address, 'ipv6');
}

const blocked = new BlockList();
/** IANA's registry of special-purpose addresses; also 168.63.129.16, Azure's metadata service. */
const V4 = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  '168.63.129.16/32',
];
for (const range of V4.join(' ').split(' ')) {
  const [network = '', bits = ''] = range.split('/');
  blocked.addSubnet(network, Number(bits), 'ipv4');
}
for (const [network, bits] of [
  ['2001:db8::', 32],
  ['2001::', 23],
  ['3fff::', 20],
] as const)
  blocked.addSubnet(network, bits, 'ipv6');

/** Global unicast; everything else is local, multicast or reserved. */
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');

function embedded(address: string): string | undefined {
  const groups = groupsOf(address);
  const prefix = groups.slice(0, 6).map(group => group.toString(16));
  if (['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'].includes(prefix.join(':'))) return v4At(groups, 6);
  return prefix[0] === '2002' ? v4At(groups, 1) : undefined;
}

function v4At(groups: readonly number[], index: number): string {
  const [high = 0, low = 0] = groups.slice(index);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups of a valid address. */
function groupsOf(address: string): readonly number[] {
  const [withoutZone = ''] = address.split('%');
  const plain = withoutZone.replace(/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/, (_all, ...found) => {
    const [a = 0, b = 0, c = 0, d = 0] = found.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const parts = (text: string): number[] =>
    text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16));
  const [front, back] = [parts(head), tail === undefined ? [] : parts(tail)];
  return [...front, ...Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => 0), ...back];
}
