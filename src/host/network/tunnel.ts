/**
 * A connection to a server through an HTTP proxy (CONNECT, RFC 9110), with TLS to the server inside. It is tried once: the
 * proxy agent of undici connects again without a pause while a proxy hangs up, until the request times out.
 */
import http from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface TunnelInput {
  readonly proxy: string;
  readonly host: string;
  readonly port: number;
  /** False: plain http to the server. */
  readonly isSecure: boolean;
  readonly ca?: readonly string[] | undefined;
}

/** The proxy made no tunnel, so nothing reached the server. The message names the proxy without user and password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Each of the two: the answer of the proxy, and the handshake with the server. */
const STEP_TIMEOUT_MS = 30_000;

/** Rejects with `ProxyError`, or as TLS does. */
export async function openTunnel(input: TunnelInput): Promise<Socket> {
  const socket = await askProxy(input);
  return input.isSecure ? await secured(socket, input) : socket;
}

function askProxy({ proxy, host, port, ca }: TunnelInput): Promise<Socket> {
  const url = new URL(proxy);
  const target = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request({
      ...{ host: bareHost(url), port: url.port, method: 'CONNECT', path: target },
      ...{ agent: false, timeout: STEP_TIMEOUT_MS, headers: { host: target, ...authorization(url) } },
      // Node would take it from the header `host`: the server behind the proxy.
      servername: isIP(bareHost(url)) === 0 ? url.hostname : '',
      ...(ca === undefined ? {} : { ca: [...ca] }),
    });
    const fail = (why: string): void => {
      request.destroy();
      reject(new ProxyError(`the proxy ${url.origin} ${why}`));
    };
    request.once('timeout', () => fail('does not answer'));
    request.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      fail(`cannot be reached (${code ?? message})`),
    );
    // A proxy that answers with a page instead.
    request.once('response', ({ statusCode = 0 }) => fail(`refuses the connection (status ${statusCode})`));
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      if (statusCode !== 200) {
        socket.destroy();
        fail(`refuses the connection (status ${statusCode})`);
        return;
      }
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(plain).toString('base64')}` };
}

function secured(socket: Socket, { host, ca }: TunnelInput): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const inner = connectTls({
      // Only for the check of the certificate: the connection is there.
      ...{ socket, host, ALPNProtocols: ['http/1.1'] },
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca: [...ca] }),
    });
    const timer = setTimeout(
      () => inner.destroy(new Error('the TLS handshake took too long')),
      STEP_TIMEOUT_MS,
    );
    const fail = (error: Error): void => {
      clearTimeout(timer);
      inner.destroy();
      reject(error);
    };
    inner.once('error', fail);
    inner.once('secureConnect', () => {
      clearTimeout(timer);
      inner.off('error', fail);
      resolve(inner);
    });
  });
}
