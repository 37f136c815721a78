/** Certificates for tests, made by openssl: an authority, a server, clients, and an authority that nobody trusts. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { temporaryFolder, type Folder } from '../../../local/support.ts';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly folder: Folder;
  readonly authority: Pair;
  readonly server: Pair;
  readonly expired: Pair;
  readonly client: Pair;
  readonly stranger: Pair;
}

/** The server's name is `temporal.test`, not its address. */
export function makeCertificates(): Certificates {
  const folder = temporaryFolder();
  const run = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const pair = (name: string): Pair => ({
    cert: folder.file(`${name}.pem`),
    key: folder.file(`${name}.key`),
  });
  const authority = (name: string): Pair => {
    const { cert, key } = pair(name);
    run(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30'],
      ...['-subj', `/CN=${name}`, '-keyout', key, '-out', cert],
    );
    return { cert, key };
  };
  const signed = (name: string, by: Pair, days = '30'): Pair => {
    const { cert, key } = pair(name);
    const request = folder.file(`${name}.csr`);
    run(...['req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', key, '-out', request]);
    const names = folder.file(`${name}.ext`);
    writeFileSync(names, `subjectAltName=DNS:${name}\n`);
    run(
      ...['x509', '-req', '-in', request, '-CA', by.cert, '-CAkey', by.key, '-CAcreateserial'],
      ...['-days', days, '-extfile', names, '-out', cert],
    );
    return { cert, key };
  };
  const [known, unknown] = [authority('authority'), authority('unknown')];
  return {
    ...{ folder, authority: known },
    server: signed('temporal.test', known),
    expired: signed('expired.test', known, '-1'),
    client: signed('client', known),
    stranger: signed('stranger', unknown),
  };
}
