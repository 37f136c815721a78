/** The hosts that a set-up can reach: `host` (ports 80 and 443), `host:port`, or `.domain` for all its subdomains. Pure. */
import { isIP } from 'node:net';

export interface Target {
  /** Lower case, without a trailing dot; an address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Describes the expected format if the entry is invalid, otherwise undefined. */
export function hostEntryProblem(text: string): string | undefined {
  if (entryOf(text) !== undefined) return undefined;
  return 'a host such as registry.npmjs.org, .pythonhosted.org for all its subdomains, or host:port; no scheme, path or wildcard';
}

export function isNamed(entries: readonly string[], target: Target): boolean {
  return entries.some(text => {
    const entry = entryOf(text);
    return entry !== undefined && hostFits(entry.host, target.host) && portFits(entry.port, target.port);
  });
}

/** Parses `host:port` of a request; without a port, `portDefault` applies. */
export function parseTarget(text: string, portDefault?: number): Target | undefined {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]/@?#\s]+))(?::(\d{1,5}))?$/.exec(text);
  if (found === null) return undefined;
  const [, literal, name, digits] = found;
  const port = Number(digits ?? portDefault ?? 0);
  const host = (literal ?? name ?? '').toLowerCase().replace(/\.$/, '');
  return port >= 1 && port <= 65_535 && isHost(host) ? { host, port } : undefined;
}

interface Entry {
  /** With a leading dot if it means all subdomains. */
  readonly host: string;
  readonly port?: number;
}

const PLAIN_PORTS: readonly number[] = [80, 443];
const NAME = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

function entryOf(text: string): Entry | undefined {
  const below = text.startsWith('.');
  const name = below ? text.slice(1) : text;
  const target: Entry | undefined = parseTarget(name) ?? portless(name);
  if (target === undefined || (below && isIP(target.host) !== 0)) return undefined;
  return { ...target, host: below ? `.${target.host}` : target.host };
}

function portless(name: string): Entry | undefined {
  const target = parseTarget(name, PLAIN_PORTS[0]);
  return target === undefined ? undefined : { host: target.host };
}

function hostFits(entry: string, host: string): boolean {
  return entry.startsWith('.') ? host.endsWith(entry) : host === entry;
}

function portFits(entry: number | undefined, port: number): boolean {
  return entry === undefined ? PLAIN_PORTS.includes(port) : entry === port;
}

function isHost(host: string): boolean {
  return isIP(host) !== 0 || (host.length <= 253 && NAME.test(host) && !/^[0-9.]+$|^0x/.test(host));
}
