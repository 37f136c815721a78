/** Where the artifact store is: `SIGNALBOX_ARTIFACTS` as a URL, and the usual variables of S3. */
import { fileURLToPath } from 'node:url';
import { withoutEnd } from '../domain/without-end.ts';
import type { ProcessSettings } from './environment.ts';
import { SettingsError } from './settings-error.ts';
import { layoutOf } from './layout.ts';

export type StorePlace =
  { readonly kind: 'directory'; readonly directory: string } | ({ readonly kind: 'bucket' } & BucketPlace);

export interface BucketPlace {
  readonly bucket: string;
  /** Before every key; empty, or with a slash at its end. */
  readonly prefix: string;
  readonly region: string;
  /** Of a server other than AWS, which is asked in path style. */
  readonly endpoint?: string;
  readonly credentials: BucketCredentials;
}

/** Secret: never print. */
export interface BucketCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Throws `SettingsError`, which never contains the values of secrets. */
export function storePlace(settings: ProcessSettings): StorePlace {
  const { SIGNALBOX_ARTIFACTS: text } = settings;
  if (text === undefined) return { kind: 'directory', directory: layoutOf(settings).artifacts };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 's3:') return bucketPlace(url, settings);
  if (url?.protocol !== 'file:' || url.host !== '' || url.search !== '' || url.hash !== '') throw notAPlace();
  return { kind: 'directory', directory: fileURLToPath(url) };
}

/** For people: without credentials. */
export function storePlaceText(place: StorePlace): string {
  if (place.kind === 'directory') return place.directory;
  const at = place.endpoint === undefined ? '' : ` at ${place.endpoint}`;
  return `s3://${place.bucket}/${withoutEnd(place.prefix, '/')}${at}`;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Characters that every server takes, and that need no escapes in a URL. */
const PREFIX = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/;

function bucketPlace(url: URL, settings: ProcessSettings): StorePlace {
  const path = withoutEnd(url.pathname.slice(1), '/');
  const prefix = path === '' ? '' : `${path}/`;
  const isPlain = [url.username, url.password, url.port, url.search, url.hash].every(part => part === '');
  if (!BUCKET.test(url.hostname) || !PREFIX.test(prefix) || !isPlain) throw notAPlace();
  const endpoint = endpointOf(settings);
  return {
    kind: 'bucket',
    bucket: url.hostname,
    prefix,
    region: settings.AWS_REGION,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: credentialsOf(settings),
  };
}

function endpointOf(settings: ProcessSettings): string | undefined {
  const name = settings.AWS_ENDPOINT_URL_S3 === undefined ? 'AWS_ENDPOINT_URL' : 'AWS_ENDPOINT_URL_S3';
  const text = settings[name];
  if (text === undefined) return undefined;
  const url = new URL(text);
  const isPlain = [url.username, url.password, url.search, url.hash].every(part => part === '');
  if (!isPlain)
    throw new SettingsError({
      what: `cannot use ${name}`,
      fix: 'use https://HOST[:PORT] without anything else',
    });
  return withoutEnd(url.href, '/');
}

function credentialsOf(settings: ProcessSettings): BucketCredentials {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: sessionToken } = settings;
  if (id === undefined || secret === undefined)
    throw new SettingsError({
      what: `SIGNALBOX_ARTIFACTS names a bucket, and ${id === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY'} is not set`,
      fix: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY next to SIGNALBOX_ARTIFACTS',
    });
  return {
    accessKeyId: id,
    secretAccessKey: secret,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function notAPlace(): SettingsError {
  return new SettingsError({
    what: 'SIGNALBOX_ARTIFACTS does not name a store',
    fix: 'set it to file:///PATH or s3://BUCKET/PREFIX',
  });
}
