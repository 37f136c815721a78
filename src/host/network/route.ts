/**
 * Which way a request leaves the host: directly, or through a proxy. One rule for everything that Signalbox connects to, also
 * for git, so that `NO_PROXY` means the same everywhere. Pure.
 */
import { BlockList, isIP } from 'node:net';

/** Values of the usual environment variables. */
export interface ProxySettings {
  /** May contain a user and a password: secret. */
  readonly httpsProxy?: string;
  /** For plain http. */
  readonly httpProxy?: string;
  readonly noProxy?: string;
}

/** The URL of the proxy; undefined: directly. The host itself (loopback) is always reached directly. */
export function proxyFor(
  url: URL,
  { httpsProxy, httpProxy, noProxy = '' }: ProxySettings,
): string | undefined {
  const proxy = url.protocol === 'https:' ? httpsProxy : httpProxy;
  if (proxy === undefined || isLoopback(hostOf(url))) return undefined;
  return isExcepted(url, noProxy) ? undefined : proxy;
}

/** For people: without user and password. */
export function routeText(proxy: string | undefined): string {
  return proxy === undefined ? 'directly' : `through the proxy ${new URL(proxy).origin}`;
}

/**
 * Entries are separated by commas or blanks: a host with its subdomains (`corp.example`, `.corp.example`, `*.corp.example`),
 * `host:port`, an address, a network (`10.0.0.0/8`), or `*` for all.
 */
function isExcepted(url: URL, noProxy: string): boolean {
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some(entry => entry !== '' && covers(entry, url));
}

function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const host = hostOf(url);
  if (entry.includes('/')) return isInNetwork(host, entry);
  const { name, port } = partsOf(entry);
  if (port !== undefined && port !== portOf(url)) return false;
  if (isIP(name) !== 0) return name === host;
  return host === name || host.endsWith(`.${name}`);
}

function partsOf(entry: string): { readonly name: string; readonly port?: string } {
  if (isIP(entry) !== 0) return { name: entry };
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const name = (bracketed ?? plain).replace(/^\*?\./, '');
  return { name, ...(port === undefined ? {} : { port }) };
}

function isInNetwork(host: string, entry: string): boolean {
  const [network = '', bits = ''] = entry.split('/');
  const [family, length] = [isIP(network), Number(bits)];
  const isNetwork = family !== 0 && /^\d{1,3}$/.test(bits) && length <= (family === 4 ? 32 : 128);
  if (!isNetwork || isIP(host) !== family) return false;
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, length, kind);
  return list.check(host, kind);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}
