/** A private certificate authority with one server, made by openssl, and TLS in front of servers that speak plain HTTP. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';

export interface PrivateAuthority {
  /** A folder that the caller may use too. */
  readonly dir: string;
  /** The file of its certificate. */
  readonly caFile: string;
  readonly ca: string;
  /**
   * TLS in front of a port of the loopback. The URL has the address 0.0.0.0: Linux connects it to this host, but no rule for
   * loopback addresses holds for it. The name `served.test` resolves only where a proxy of a test says so.
   */
  readonly serve: (port: number) => Promise<TlsFront>;
  readonly remove: () => void;
}

export interface TlsFront {
  readonly url: string;
  readonly port: number;
  readonly close: () => void;
}

export function privateAuthority(): PrivateAuthority {
  const dir = mkdtempSync(join(tmpdir(), 'authority-'));
  const at = (name: string): string => join(dir, name);
  const run = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '30',
    '-subj',
    '/CN=A private authority',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  );
  run('req', ...newKey, '-subj', '/CN=served.test', '-keyout', at('server.key'), '-out', at('server.csr'));
  writeFileSync(at('names'), 'subjectAltName=DNS:served.test,IP:0.0.0.0,IP:127.0.0.1\n');
  run(
    ...[
      'x509',
      '-req',
      '-in',
      at('server.csr'),
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
    ],
    ...['-days', '30', '-extfile', at('names'), '-out', at('server.pem')],
  );
  const pair = { cert: readFileSync(at('server.pem')), key: readFileSync(at('server.key')) };
  return {
    dir,
    caFile: at('ca.pem'),
    ca: readFileSync(at('ca.pem'), 'utf8'),
    serve: target => serveTls(pair, target),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

async function serveTls(pair: { cert: Buffer; key: Buffer }, target: number): Promise<TlsFront> {
  const server = createServer(pair, near => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) socket.on('error', () => [near, far].forEach(one => one.destroy()));
    near.pipe(far).pipe(near);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://0.0.0.0:${port}`, port, close: () => server.close() };
}
