/** The one place that makes outgoing connections: with the proxy and the private certificate authority of the host. */
import { renameSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Agent, type buildConnector, type Dispatcher, fetch as undiciFetch } from 'undici';
import { type ProxySettings, proxyFor, routeText } from './route.ts';
import { openTunnel } from './tunnel.ts';

export interface NetworkSettings extends ProxySettings {
  /** Certificates of private authorities, in PEM, which count besides the public ones. */
  readonly ca?: string;
}

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface Network {
  /** Like `fetch`. A refused tunnel rejects, as an unreachable host does. */
  readonly fetch: Fetch;
  /** For `http.request` and `https.request` to this URL. */
  readonly agentFor: (url: URL) => http.Agent;
  readonly gitAccess: (url: string) => GitAccess;
  /** For people: which way requests to this URL take. */
  readonly route: (url: string) => string;
}

/** What git needs to take the same way. */
export interface GitAccess {
  /** Secret: may contain a user and a password. */
  readonly proxy?: string;
  /** A file with all certificate authorities to trust. */
  readonly caFile?: string;
}

/** `folder`: private; for git, which reads its certificate authorities from a file. */
export function openNetwork(settings: NetworkSettings, folder: string): Network {
  const caFile = settings.ca === undefined ? undefined : writeBundle(settings.ca, folder);
  const git = caFile === undefined ? {} : { caFile };
  return {
    ...connections(settings),
    gitAccess: url => {
      const proxy = proxyFor(new URL(url), settings);
      return { ...git, ...(proxy === undefined ? {} : { proxy }) };
    },
  };
}

/** For processes that do not run git. */
export function connections(settings: NetworkSettings): Omit<Network, 'gitAccess'> {
  const ca = settings.ca === undefined ? undefined : [...rootCertificates, settings.ca];
  const direct = new Agent({ connect: trusting(ca) });
  const proxied = new Map<string, Dispatcher>();
  const dispatcherFor = (url: URL): Dispatcher => {
    const proxy = proxyFor(url, settings);
    if (proxy === undefined) return direct;
    const known = proxied.get(proxy) ?? new Agent({ connect: through(proxy, ca) });
    proxied.set(proxy, known);
    return known;
  };
  return {
    fetch: (url, init = {}) => fetchThrough(dispatcherFor(new URL(url)), url, init),
    agentFor: url => {
      const proxy = proxyFor(url, settings);
      if (proxy !== undefined) return tunnelAgent(url, proxy, ca);
      return url.protocol === 'https:'
        ? new https.Agent({ keepAlive: true, ...trusting(ca) })
        : new http.Agent({ keepAlive: true });
    },
    route: url => routeText(proxyFor(new URL(url), settings)),
  };
}

function trusting(ca: readonly string[] | undefined): { readonly ca?: string[] } {
  return ca === undefined ? {} : { ca: [...ca] };
}

function through(proxy: string, ca: readonly string[] | undefined): buildConnector.connector {
  return ({ hostname, port, protocol }, callback) => {
    const isSecure = protocol === 'https:';
    const place = { host: bare(hostname), port: port === '' ? (isSecure ? 443 : 80) : Number(port) };
    openTunnel({ proxy, ...place, isSecure, ca }).then(
      socket => callback(null, socket),
      (error: unknown) => callback(error as Error, null),
    );
  };
}

/** An agent of Node whose connections are tunnels. */
function tunnelAgent(url: URL, proxy: string, ca: readonly string[] | undefined): http.Agent {
  const isSecure = url.protocol === 'https:';
  const agent = isSecure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  const place = {
    host: bare(url.hostname),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
  };
  const createConnection = (_: unknown, callback: (error: Error | null, socket?: Socket) => void): void => {
    openTunnel({ proxy, ...place, isSecure, ca }).then(
      socket => callback(null, socket),
      (error: unknown) => callback(error as Error),
    );
  };
  return Object.assign(agent, { createConnection });
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Undici's own `fetch`: that of Node takes no agent of another version of undici. */
async function fetchThrough(dispatcher: Dispatcher, url: string, init: RequestInit): Promise<Response> {
  const { status, statusText, headers, body } = await undiciFetch(url, { ...init, dispatcher });
  return new Response(body, { status, statusText, headers: [...headers] });
}

/** Git's own list would be replaced by the private authorities, so the file has the public ones too. */
function writeBundle(ca: string, folder: string): string {
  const file = join(folder, 'ca-bundle.pem');
  const written = `${file}.${process.pid}`;
  writeFileSync(written, `${[...rootCertificates, ca].join('\n')}\n`, { mode: 0o600 });
  renameSync(written, file);
  return file;
}
