/** Checks what Temporal's own settings leave unchecked, so that a wrong certificate is an error of this host, not of the server. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { ConnectionOptions } from '@temporalio/client';
import type { Environment } from '../../config/environment.ts';
import { SettingsError } from '../../config/settings-error.ts';

const BOOLEANS: readonly (string | undefined)[] = [undefined, '', '0', '1', 'true', 'false'];

/** Throws `SettingsError`; never shows a key. */
export function checkTlsVariables(environment: Environment): void {
  if (!BOOLEANS.includes(environment['TEMPORAL_TLS']))
    throw new SettingsError({ what: 'cannot use the setting TEMPORAL_TLS', fix: 'set it to true or false' });
  if (['1', 'true'].includes(environment['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'] ?? ''))
    throw new SettingsError({
      what: 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported: anybody could pose as the server',
      fix: 'set TEMPORAL_TLS_SERVER_CA_CERT_PATH to its authority, and TEMPORAL_TLS_SERVER_NAME to the name in its certificate',
    });
}

export interface ClientPair {
  readonly clientCert?: unknown;
  readonly clientKey?: unknown;
}

/** Temporal's library ignores one without the other. */
export function checkPair({ clientCert, clientKey }: ClientPair): void {
  if ((clientCert === undefined) === (clientKey === undefined)) return;
  const [has, lacks] = clientKey === undefined ? ['certificate', 'KEY'] : ['key', 'CERT'];
  throw new SettingsError({
    what: `Temporal's client ${has} is set alone`,
    fix: `set TEMPORAL_TLS_CLIENT_${lacks}_PATH too`,
  });
}

export function checkTls(tls: ConnectionOptions['tls'], now = Date.now()): void {
  if (typeof tls !== 'object' || tls === null) return;
  const { serverRootCACertificate: ca, clientCertPair: pair } = tls;
  if (ca !== undefined) certificate(ca, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH');
  if (pair === undefined) return;
  const own = certificate(pair.crt, 'TEMPORAL_TLS_CLIENT_CERT_PATH');
  if (!own.checkPrivateKey(privateKey(pair.key)))
    throw new SettingsError({
      what: "Temporal's client certificate and client key do not belong together",
      fix: 'set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH to files of one pair',
    });
  if (Date.parse(own.validTo) < now)
    throw new SettingsError({
      what: `Temporal's client certificate has expired (${own.validTo})`,
      fix: 'renew it, and put the new one into the file of TEMPORAL_TLS_CLIENT_CERT_PATH',
    });
}

function certificate(bytes: Uint8Array, setting: string): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch {
    throw notPem(setting, 'a certificate');
  }
}

function privateKey(bytes: Uint8Array): KeyObject {
  try {
    return createPrivateKey(Buffer.from(bytes));
  } catch {
    throw notPem('TEMPORAL_TLS_CLIENT_KEY_PATH', 'a private key without a passphrase');
  }
}

function notPem(setting: string, what: string): SettingsError {
  return new SettingsError({
    what: `${setting}, or its profile, does not name ${what} in PEM form`,
    fix: `set it to a PEM file`,
  });
}
