/** What went wrong with a bucket, as one line with its fix. Nothing of an answer is repeated but its status and code. */
import type { BucketPlace } from '../../config/store-place.ts';
import { networkTrouble, PROXY_FIX } from '../../host/network/trouble.ts';
import { StoreFailure, type StoreFailureKind } from '../port.ts';

type Said = readonly [kind: StoreFailureKind, what: string, fix?: string];

export interface BucketRefusal {
  /** What was asked, by S3's own name, such as PutObject. */
  readonly action: string;
  readonly status: number;
  /** S3's error code; empty without one. */
  readonly code: string;
  /** The bucket's region, if the answer names it. */
  readonly region: string | undefined;
}

export function refused(place: BucketPlace, refusal: BucketRefusal): StoreFailure {
  const said = ofCode(place, refusal) ?? ofStatus(place, refusal);
  return storeFailure(said);
}

function ofCode({ bucket }: BucketPlace, { action, code, region }: BucketRefusal): Said | undefined {
  switch (code) {
    case 'NoSuchBucket':
      return [
        'no-bucket',
        `the bucket ${bucket} does not exist`,
        'create it, or correct SIGNALBOX_ARTIFACTS',
      ];
    case 'AccessDenied':
    case 'AllAccessDisabled':
      return denied(bucket, action);
    case 'InvalidAccessKeyId':
      return ['credential', 'the artifact store does not know AWS_ACCESS_KEY_ID', 'correct it'];
    case 'SignatureDoesNotMatch':
      return ['credential', 'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID', 'correct it'];
    case 'ExpiredToken':
    case 'InvalidToken':
    case 'TokenRefreshRequired':
      return ['credential', 'AWS_SESSION_TOKEN has expired or is wrong', 'set a new one, with its keys'];
    case 'RequestTimeTooSkewed':
      return [
        'clock',
        "this host's clock differs too much from the artifact store's",
        'synchronize this clock (NTP)',
      ];
    case 'PermanentRedirect':
    case 'TemporaryRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IncorrectEndpoint':
      return wrongRegion(bucket, region);
    default:
      return undefined;
  }
}

function ofStatus({ bucket }: BucketPlace, { action, status, code, region }: BucketRefusal): Said {
  if (status === 403 || status === 401) return denied(bucket, action);
  if (status >= 300 && status < 400) return wrongRegion(bucket, region);
  if (status === 409 || status === 429 || status >= 500)
    return [
      'busy',
      `the artifact store answered ${action} with ${named(status, code)}`,
      'look at its log if this lasts',
    ];
  return badAnswer(`answered ${action} with ${named(status, code)}`);
}

function denied(bucket: string, action: string): Said {
  return [
    'denied',
    `the bucket ${bucket} denies ${action} to this credential`,
    'allow it in its policy (docs/artifacts.md has one)',
  ];
}

/** A request is never sent a second time to where an answer points. */
function wrongRegion(bucket: string, region: string | undefined): Said {
  const fix =
    region === undefined
      ? 'set AWS_REGION and AWS_ENDPOINT_URL_S3 to those of the bucket'
      : `set AWS_REGION=${region}`;
  return ['region', `the bucket ${bucket} is at another address or in another region`, fix];
}

export function badAnswer(how: string): Said {
  return [
    'bad-answer',
    `the artifact store ${how}`,
    'check that AWS_ENDPOINT_URL_S3 is the address of an S3 server',
  ];
}

const OF_TLS = /^(?:CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT)/;

/** No answer at all. */
export function storeUnreachable(origin: string, error: unknown): StoreFailure {
  const trouble = networkTrouble(error);
  if (trouble?.fix === PROXY_FIX)
    return storeFailure(['unreachable', `cannot reach ${origin}: ${trouble.what}`, trouble.fix]);
  const code = codeOf(error);
  if (OF_TLS.test(code))
    return storeFailure([
      'unreachable',
      `the certificate of ${origin} is not accepted (${code})`,
      'set NODE_EXTRA_CA_CERTS to the file of its authority, or correct the name in AWS_ENDPOINT_URL_S3',
    ]);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return storeFailure([
      'unreachable',
      `${origin} does not speak TLS`,
      'use http:// in AWS_ENDPOINT_URL_S3',
    ]);
  return storeFailure([
    'unreachable',
    `cannot reach the artifact store at ${origin}${code === '' ? '' : ` (${code})`}`,
    'check that it runs, and AWS_ENDPOINT_URL_S3',
  ]);
}

export function tooSlow(action: string): StoreFailure {
  return storeFailure([
    'unreachable',
    `the artifact store did not finish ${action} in time`,
    'look at its load and the network',
  ]);
}

export function storeFailure([kind, what, fix]: Said): StoreFailure {
  return new StoreFailure(kind, { what, ...(fix === undefined ? {} : { fix }) });
}

function named(status: number, code: string): string {
  return code === '' ? `${status}` : `${status} ${code}`;
}

/** Of the cause that fetch wraps; only its code, which is a fixed word of Node or of the system. */
function codeOf(error: unknown): string {
  const code = memberOf(memberOf(error, 'cause') ?? error, 'code');
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : '';
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
