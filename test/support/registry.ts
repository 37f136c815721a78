/** A small registry of npm packages on loopback, plain HTTP: the real npm installs from it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Registry {
  readonly port: number;
  /** Requested paths, in order. */
  readonly asked: string[];
  /** The files of a project that depends on a version of `greeting`. */
  project(version: string): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const name = 'greeting';

/** `greeting` 1.0.0 and 2.0.0; it exports its version. */
export async function openRegistry(): Promise<Registry> {
  const versions = new Map(['1.0.0', '2.0.0'].map(version => [version, packed(version)]));
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://registry');
    asked.push(pathname);
    const tarball = versions.get(/^\/greeting\/-\/greeting-(.+)\.tgz$/.exec(pathname)?.[1] ?? '');
    if (tarball !== undefined) return void response.end(tarball);
    if (pathname === `/${name}`) return void response.end(listing(versions, request.headers.host ?? ''));
    response.writeHead(404).end('{}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    port: (server.address() as AddressInfo).port,
    project: (version: string) => projectFiles(version, versions.get(version) ?? Buffer.alloc(0)),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}

/** A registry's answer about a package: its versions and their addresses. */
function listing(versions: ReadonlyMap<string, Buffer>, host: string): string {
  const entries = [...versions].map(([version, tarball]) => {
    const dist = {
      tarball: `http://${host}/${name}/-/${name}-${version}.tgz`,
      integrity: integrityOf(tarball),
    };
    return [version, { name, version, dist }] as const;
  });
  return JSON.stringify({ name, 'dist-tags': { latest: '2.0.0' }, versions: Object.fromEntries(entries) });
}

function integrityOf(tarball: Buffer): string {
  return `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
}

function packed(version: string): Buffer {
  const dir = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    mkdirSync(join(dir, 'package'));
    writeFileSync(join(dir, 'package', 'package.json'), JSON.stringify({ name, version, main: 'index.js' }));
    writeFileSync(join(dir, 'package', 'index.js'), `exports.version = '${version}';\n`);
    return execFileSync('tar', ['-cz', '-C', dir, 'package']);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** The lock file names no host, so npm uses the configured registry. */
function projectFiles(version: string, tarball: Buffer): Readonly<Record<string, string>> {
  const integrity = integrityOf(tarball);
  const root = { name: 'cards', version: '1.0.0', dependencies: { [name]: version } };
  const lock = {
    ...{ name: 'cards', version: '1.0.0', lockfileVersion: 3, requires: true },
    packages: { '': root, [`node_modules/${name}`]: { version, integrity } },
  };
  return {
    'package.json': JSON.stringify(root, null, 2),
    'package-lock.json': JSON.stringify(lock, null, 2),
  };
}
