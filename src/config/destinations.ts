/**
 * Every setting that names a place to which a secret is sent, with its secrets. A secret goes only to a destination from
 * the same source: what a file names never gets a key, certificate or profile of the environment, and the reverse.
 */
import { withoutEnd } from '../domain/without-end.ts';

type Values = Readonly<Record<string, string | undefined>>;

type DestinationName =
  | 'Temporal'
  | 'GitHub'
  | 'the source relay'
  | 'the model provider'
  | 'the artifact store'
  | 'the webhook for notices';

export interface Destination {
  readonly name: DestinationName;
  /** The setting that names it. */
  readonly address: string;
  /** Other settings of the environment that can name it. */
  readonly alsoNamedBy: readonly string[];
  /** The address without any setting. Absent: not known here, because a profile may name it. */
  readonly fallback?: string;
  /** Settings that are sent there, or decide what is sent. */
  readonly secrets: RegExp;
  /** Set in their place where those of the environment may not be used. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** No profile: nobody can make a file there. Without the setting, Temporal's client would read the profile of the user. */
export const NO_PROFILE = { TEMPORAL_CONFIG_FILE: '/proc/no-temporal-profile.toml' } as const;

export const DESTINATIONS: readonly Destination[] = [
  {
    name: 'Temporal',
    address: 'TEMPORAL_ADDRESS',
    alsoNamedBy: ['TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'],
    secrets: /^TEMPORAL_(?!ADDRESS$|NAMESPACE$)/,
    instead: NO_PROFILE,
  },
  {
    name: 'GitHub',
    address: 'GITHUB_API_URL',
    alsoNamedBy: [],
    fallback: 'https://api.github.com',
    secrets: /^GITHUB_(?:TOKEN(?:_FILE)?|APP_[A-Z_]+)$/,
  },
  {
    name: 'the source relay',
    address: 'SIGNALBOX_SOURCE_URL',
    alsoNamedBy: [],
    secrets: /^SIGNALBOX_SOURCE_TOKEN(?:_FILE)?$/,
  },
  {
    name: 'the model provider',
    address: 'SIGNALBOX_MODEL_BASE_URL',
    alsoNamedBy: [],
    fallback: 'https://api.openai.com/v1',
    secrets: /^SIGNALBOX_MODEL_KEY(?:_FILE|_FD|_HEADER)?$/,
  },
  {
    name: 'the artifact store',
    address: 'SIGNALBOX_ARTIFACTS',
    alsoNamedBy: [],
    // The endpoint and the region too: they decide where the keys are sent.
    secrets: /^AWS_/,
  },
  {
    name: 'the webhook for notices',
    address: 'SIGNALBOX_NOTIFY_URL',
    alsoNamedBy: ['SIGNALBOX_NOTIFY_URL_FILE'],
    secrets: /^SIGNALBOX_NOTIFY_(?:URL_FILE|SECRET(?:_FILE)?|FORMAT)$/,
  },
];

/** A file never names the way to a destination: a proxy with its own authority would see the secrets of the environment. */
const NETWORK = /^(?:https?|all|no)_proxy$|^NODE_EXTRA_CA_CERTS$/i;

export interface Joined {
  readonly values: Values;
  /** Secrets of `own` that are set but not used, because only the file names their destination. */
  readonly withheld: readonly string[];
}

/** The settings of the environment and of a file, where the environment wins, without secrets for a destination of the other. */
export function joinSettings(own: Values, file: Values): Joined {
  const ofDestinations = DESTINATIONS.map(destination => joinDestination(destination, own, file));
  const ofFile = without(file, name => isOfDestination(name) || NETWORK.test(name));
  const rest = { ...ofFile, ...without(own, isOfDestination) };
  return {
    values: Object.assign(rest, ...ofDestinations.map(({ values }) => values)) as Values,
    withheld: ofDestinations.flatMap(({ withheld }) => withheld),
  };
}

/** For processes with destinations of their own, such as those of a local stage. */
export function withoutDestinations(values: Values): Values {
  return without(values, isOfDestination);
}

/** True if these settings name the destination themselves. */
export function namesDestination(name: DestinationName, values: Values): boolean {
  return isNamedIn(destinationNamed(name), values);
}

/** The address without any setting. */
export function fallbackOf(name: 'GitHub' | 'the model provider'): string {
  return destinationNamed(name).fallback ?? '';
}

function destinationNamed(name: DestinationName): Destination {
  const found = DESTINATIONS.find(one => one.name === name);
  if (found === undefined) throw new Error(`no destination ${name}`);
  return found;
}

function isNamedIn({ address, alsoNamedBy }: Destination, values: Values): boolean {
  return [address, ...alsoNamedBy].some(name => values[name] !== undefined);
}

function joinDestination(destination: Destination, own: Values, file: Values): Joined {
  const { address, fallback, secrets, instead } = destination;
  const ownNames = isNamedIn(destination, own);
  const named = ownNames ? own[address] : file[address];
  const isThere = (values: Values): boolean => isSame(values[address] ?? fallback, named ?? fallback);
  const isSecret = (name: string): boolean => secrets.test(name);
  const mayUseOwn = ownNames || file[address] === undefined || isThere(own);
  const ofOwn = only(own, isSecret);
  return {
    values: {
      ...(named === undefined ? {} : { [address]: named }),
      ...(mayUseOwn ? {} : instead),
      ...(isThere(file) ? only(file, isSecret) : {}),
      ...(mayUseOwn ? ofOwn : {}),
    },
    withheld: mayUseOwn ? [] : Object.keys(ofOwn),
  };
}

function isOfDestination(name: string): boolean {
  return DESTINATIONS.some(({ address, secrets }) => address === name || secrets.test(name));
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && plain(one) === plain(other);
}

function plain(url: string): string {
  return withoutEnd(url, '/').toLowerCase();
}

function only(values: Values, isIn: (name: string) => boolean): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== undefined && isIn(name)),
  );
}

function without(values: Values, isIn: (name: string) => boolean): Values {
  return only(values, name => !isIn(name));
}
