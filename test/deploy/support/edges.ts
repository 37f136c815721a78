/** Who can open a connection to whom, from the networks of the compose file. */
import type { ComposeFile, Network } from './compose-file.ts';

/** `a — b`, in the order of the alphabet. */
export function pairsOf({ services }: ComposeFile): readonly string[] {
  const members = new Map<string, string[]>();
  for (const [name, { networks = [] }] of Object.entries(services))
    for (const network of networks) members.set(network, [...(members.get(network) ?? []), name]);
  const pairs = [...members.values()].flatMap(names =>
    names.flatMap((one, index) => names.slice(index + 1).map(other => pair(one, other))),
  );
  return [...new Set(pairs)].sort();
}

export function pair(one: string, other: string): string {
  return [one, other].sort().join(' — ');
}

/** The services with a network that satisfies `holds`. */
export function servicesOn(
  { services, networks }: ComposeFile,
  holds: (network: Network, name: string) => boolean,
): readonly string[] {
  return Object.entries(services)
    .filter(([, service]) => (service.networks ?? []).some(name => holds(networks[name] ?? {}, name)))
    .map(([name]) => name)
    .sort();
}

const OPTION = 'com.docker.network.bridge';

/** Neither the outside nor the host can be reached on it. */
export function isEdge({ internal, driver_opts: options = {} }: Network): boolean {
  return internal === true && options[`${OPTION}.inhibit_ipv4`] === 'true';
}

/** The host reaches its members' published ports; no answer from outside comes back. */
export function isPort({ internal, driver_opts: options = {} }: Network): boolean {
  return internal !== true && options[`${OPTION}.enable_ip_masquerade`] === 'false';
}

export function isOutside(network: Network): boolean {
  return !isEdge(network) && !isPort(network);
}
