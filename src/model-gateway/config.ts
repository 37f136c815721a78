/** The gateway's settings, parsed once from an environment object that the caller passes. */
import { closeSync, readFileSync } from 'node:fs';
import type http from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { TroubleError } from '../domain/trouble.ts';
import type { PriceTable } from './prices.ts';

export interface GatewayConfig {
  /** Contains the state, the log, and one directory per run with its socket. Keep it short: Linux limits a socket path to 107 bytes. */
  readonly dir: string;
  readonly controlSocketPath: string;
  /** 0600, or 0660 if the runner has another user id and shares a group. */
  readonly controlSocketMode: number;
  /** The user id to switch to when started as root; ignored for an ordinary user. */
  readonly ownUid: number;
  /** Without `/responses`, like OpenAI's base URL. */
  readonly upstreamBaseUrl: URL;
  /** The way to the provider; absent: directly. */
  readonly agentFor?: (url: URL) => http.Agent;
  readonly key: string;
  /** `authorization` sends "Bearer KEY"; any other header gets the bare key. */
  readonly keyHeader: string;
  readonly prices: PriceTable;
  readonly limits: GatewayLimits;
}

export interface GatewayLimits {
  readonly bodyBytesMax: number;
  readonly responseBytesMax: number;
  readonly requestsInFlightMax: number;
  /** After so many refusals the gateway drops a run's connections unanswered: each refusal costs a write. */
  readonly refusalsMax: number;
  /** From the connection to the last header. */
  readonly headersTimeoutMs: number;
  /** From the connection to the last byte of the body. */
  readonly requestTimeoutMs: number;
  /** From the last byte sent to the first header; the agent would wait forever. */
  readonly upstreamHeadersTimeoutMs: number;
  /** Between two chunks of a stream; shorter than the agent's own timeout, so that the agent gets the gateway's error. */
  readonly upstreamIdleTimeoutMs: number;
}

export const defaultGatewayLimits: GatewayLimits = {
  bodyBytesMax: 8 * 1024 * 1024,
  responseBytesMax: 64 * 1024 * 1024,
  requestsInFlightMax: 2,
  refusalsMax: 1_000,
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 60_000,
  upstreamHeadersTimeoutMs: 180_000,
  upstreamIdleTimeoutMs: 240_000,
};

/** Next to the box's user id, in the range that systemd's table of user ids leaves unused (60706–61183). */
const DEFAULT_OWN_UID = 60_901;

const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

const priceSchema = z.strictObject({
  inputUsdPerMillion: z.number().nonnegative(),
  cachedInputUsdPerMillion: z.number().nonnegative(),
  outputUsdPerMillion: z.number().nonnegative(),
});

const environmentSchema = z.object({
  SIGNALBOX_MODEL_GATEWAY_DIR: z.string().startsWith('/').max(80),
  SIGNALBOX_MODEL_GATEWAY_CONTROL_MODE: z.enum(['0600', '0660']).default('0600'),
  SIGNALBOX_MODEL_GATEWAY_UID: z.coerce.number().int().min(1).max(4_294_967_294).default(DEFAULT_OWN_UID),
  SIGNALBOX_MODEL_BASE_URL: z.url().default(DEFAULT_BASE_URL),
  SIGNALBOX_MODEL_KEY: z.string().min(1).optional(),
  SIGNALBOX_MODEL_KEY_FILE: z.string().min(1).optional(),
  SIGNALBOX_MODEL_KEY_FD: z.coerce.number().int().min(3).optional(),
  SIGNALBOX_MODEL_KEY_HEADER: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,60}$/)
    .default('authorization'),
  /** JSON: {"gpt-5.5":{"inputUsdPerMillion":1,…},"*":{…}} */
  SIGNALBOX_MODEL_PRICES: z.string().default('{}'),
  SIGNALBOX_MODEL_HEADERS_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(3_600_000)
    .default(defaultGatewayLimits.upstreamHeadersTimeoutMs),
  SIGNALBOX_MODEL_IDLE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(290_000)
    .default(defaultGatewayLimits.upstreamIdleTimeoutMs),
});

type Environment = z.infer<typeof environmentSchema>;

export class GatewayConfigError extends TroubleError {
  override readonly name = 'GatewayConfigError';
}

/** Throws a GatewayConfigError that names the setting, never its value. */
export function parseGatewayConfig(env: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const parsed = environmentSchema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new GatewayConfigError(`${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'invalid'}`);
  }
  const settings = parsed.data;
  return {
    dir: settings.SIGNALBOX_MODEL_GATEWAY_DIR,
    controlSocketPath: controlSocketPath(settings.SIGNALBOX_MODEL_GATEWAY_DIR),
    controlSocketMode: settings.SIGNALBOX_MODEL_GATEWAY_CONTROL_MODE === '0660' ? 0o660 : 0o600,
    ownUid: settings.SIGNALBOX_MODEL_GATEWAY_UID,
    upstreamBaseUrl: baseUrlOf(settings.SIGNALBOX_MODEL_BASE_URL),
    key: keyOf(settings),
    keyHeader: settings.SIGNALBOX_MODEL_KEY_HEADER,
    prices: pricesOf(settings.SIGNALBOX_MODEL_PRICES),
    limits: {
      ...defaultGatewayLimits,
      upstreamHeadersTimeoutMs: settings.SIGNALBOX_MODEL_HEADERS_TIMEOUT_MS,
      upstreamIdleTimeoutMs: settings.SIGNALBOX_MODEL_IDLE_TIMEOUT_MS,
    },
  };
}

/** The control socket of the gateway in this directory. */
export function controlSocketPath(dir: string): string {
  return join(dir, 'control.sock');
}

/** Plain http would expose the key on the network, so it is allowed for loopback only. */
function baseUrlOf(text: string): URL {
  const url = new URL(text);
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new GatewayConfigError('SIGNALBOX_MODEL_BASE_URL: must use https, except for a loopback address');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw new GatewayConfigError(
      'SIGNALBOX_MODEL_BASE_URL: must not contain credentials or a query; set the key in SIGNALBOX_MODEL_KEY_FILE',
    );
  }
  return url;
}

function keyOf(settings: Environment): string {
  const {
    SIGNALBOX_MODEL_KEY: value,
    SIGNALBOX_MODEL_KEY_FILE: file,
    SIGNALBOX_MODEL_KEY_FD: descriptor,
  } = settings;
  const given = [value, file, descriptor].filter(source => source !== undefined).length;
  if (given !== 1) {
    throw new GatewayConfigError(
      'exactly one of SIGNALBOX_MODEL_KEY_FILE, SIGNALBOX_MODEL_KEY_FD, SIGNALBOX_MODEL_KEY must be set',
    );
  }
  const key = (value ?? readKey(file ?? descriptor ?? 0)).trim();
  if (!/^[\x21-\x7e]{1,1000}$/.test(key))
    throw new GatewayConfigError(
      'the model key is empty, too long, or contains characters that are not allowed in a header',
    );
  return key;
}

function readKey(source: string | number): string {
  try {
    const text = readFileSync(source, 'utf8');
    if (typeof source === 'number') closeSync(source);
    return text;
  } catch {
    throw new GatewayConfigError(
      typeof source === 'number'
        ? {
            what: `cannot read the model key from file descriptor ${source}`,
            fix: 'correct SIGNALBOX_MODEL_KEY_FD',
          }
        : {
            what: `cannot read the model key from ${source}, which SIGNALBOX_MODEL_KEY_FILE names`,
            fix: 'make it a file with the key that the user of the model gateway can read',
          },
    );
  }
}

function pricesOf(json: string): PriceTable {
  try {
    return z.record(z.string(), priceSchema).parse(JSON.parse(json));
  } catch {
    throw new GatewayConfigError(
      'SIGNALBOX_MODEL_PRICES: must be a JSON object of model → {inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion}',
    );
  }
}
