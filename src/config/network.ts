/** The host's network settings, under the names that other programs use too. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { NetworkSettings } from '../host/network/network.ts';
import type { Environment } from './environment.ts';
import { SettingsError } from './settings-error.ts';

/** Throws `SettingsError`, which never contains the value of a proxy: it may have a password. */
export function networkSettings(environment: Environment): NetworkSettings {
  const given = (...names: readonly string[]): string | undefined =>
    names.map(name => environment[name] ?? '').find(value => value !== '');
  const all = given('all_proxy', 'ALL_PROXY');
  const httpsProxy = checkedProxy('HTTPS_PROXY', given('https_proxy', 'HTTPS_PROXY') ?? all);
  const httpProxy = checkedProxy('HTTP_PROXY', given('http_proxy', 'HTTP_PROXY') ?? all);
  const noProxy = given('no_proxy', 'NO_PROXY');
  const caFile = given('NODE_EXTRA_CA_CERTS');
  return {
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
    ...(caFile === undefined ? {} : { ca: certificatesIn(caFile) }),
  };
}

/** Curl also takes a name without a scheme; here both forms are one. */
function checkedProxy(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.hostname !== '' &&
    isReadable(url)
  )
    return url.href;
  throw new SettingsError({
    what: `cannot use ${name}: it is not the URL of an HTTP proxy`,
    fix: 'set it to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT',
  });
}

/** A lone `%` in a password cannot be decoded: `%25`. */
function isReadable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

const CA_BYTES_MAX = 4 * 1024 * 1024;

function certificatesIn(file: string): string {
  const text = textOf(file);
  if (text.length === CA_BYTES_MAX) throw unusable(file, `it has ${CA_BYTES_MAX} bytes or more`);
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw unusable(file, 'it has no certificate in PEM');
}

function textOf(file: string): string {
  try {
    const opened = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(CA_BYTES_MAX);
      return bytes.toString('latin1', 0, readSync(opened, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    throw unusable(file, (error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

function unusable(file: string, why: string): SettingsError {
  return new SettingsError({
    what: `cannot use ${file}, which NODE_EXTRA_CA_CERTS names (${why})`,
    fix: 'make it a file with the certificates of your private certificate authority in PEM, readable for this user',
  });
}
