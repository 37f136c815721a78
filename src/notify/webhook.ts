/**
 * Posts a notice to the operator's webhook: Slack, Teams, or any server that takes JSON. The URL is a secret: it is in no
 * error, log, history or payload. One attempt; the caller retries.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fetch } from '../host/network/network.ts';

export const NOTIFY_FORMATS = ['slack', 'teams', 'json'] as const;
export type NotifyFormat = (typeof NOTIFY_FORMATS)[number];

export interface NotifySettings {
  readonly url: string;
  /** Signs each post; without one they are not signed. */
  readonly secret?: string;
  /** Absent: by the host of the URL. */
  readonly format?: NotifyFormat;
}

/** Plain text and plain values: the format is decided here. */
export interface NotifyMessage {
  /** The same for every attempt, so that a receiver can drop repetitions. */
  readonly deliveryId: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, string | number | readonly string[]>>;
}

export type NotifyOutcome =
  | { readonly kind: 'taken' }
  /** Trying again cannot help. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly retryAfterMs?: number };

export type Notify = (message: NotifyMessage) => Promise<NotifyOutcome>;

const TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS_MAX = 5 * 60_000;

/** `fetch`: by the proxy and with the certificates of the host. */
export function createNotify(settings: NotifySettings, fetch: Fetch, now: () => number = Date.now): Notify {
  return async message => {
    const sentAt = new Date(now()).toISOString();
    const body = JSON.stringify(bodyOf(settings, message, sentAt));
    try {
      const answer = await fetch(settings.url, {
        method: 'POST',
        body,
        headers: headersOf(settings, { body, deliveryId: message.deliveryId, sentAt }),
        // A redirect would send the signed post to a server that the operator did not name.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      // Nothing in the answer is needed, so none of it is read.
      await Promise.race([answer.body?.cancel(), pause(1_000, undefined, { ref: false })]);
      return outcomeOf(answer, now());
    } catch (error) {
      return { kind: 'failed', why: reasonOf(error) };
    }
  };
}

interface Signed {
  readonly body: string;
  readonly deliveryId: string;
  readonly sentAt: string;
}

/** Signed as GitHub signs its webhooks: over the body, which also has the time and the delivery in the format `json`. */
function headersOf({ secret }: NotifySettings, { body, deliveryId, sentAt }: Signed): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'signalbox',
    'x-signalbox-event': 'call',
    'x-signalbox-delivery': deliveryId,
    'x-signalbox-timestamp': sentAt,
    ...(secret === undefined ? {} : { 'x-signalbox-signature-256': signatureOf(secret, body) }),
  };
}

function signatureOf(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function bodyOf(
  { url, format = formatOf(url) }: NotifySettings,
  { deliveryId, text, facts }: NotifyMessage,
  sentAt: string,
): object {
  switch (format) {
    case 'slack':
      return { text };
    case 'teams':
      return { type: 'message', attachments: [{ contentType: CARD, content: card(text) }] };
    case 'json':
      return { text, delivery: deliveryId, sentAt, ...facts };
  }
}

/** Teams takes Adaptive Cards (Microsoft Learn, "Create an Incoming Webhook"); 1.4 is the newest that all clients show. */
const CARD = 'application/vnd.microsoft.card.adaptive';

function card(text: string): object {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [{ type: 'TextBlock', text, wrap: true }],
  };
}

const TEAMS_HOSTS = /(?:^|\.)(?:webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com)$/;

function formatOf(url: string): NotifyFormat {
  const { hostname } = new URL(url);
  if (/(?:^|\.)slack\.com$/.test(hostname)) return 'slack';
  return TEAMS_HOSTS.test(hostname) ? 'teams' : 'json';
}

const WORTH_RETRYING = [408, 425, 429];

function outcomeOf({ status, headers }: Response, now: number): NotifyOutcome {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status >= 300 && status < 400)
    return { kind: 'refused', why: `it answered ${status}: redirects are not followed; set the final URL` };
  if (status < 500 && !WORTH_RETRYING.includes(status))
    return { kind: 'refused', why: `it answered ${status}` };
  return { kind: 'failed', why: `it answered ${status}`, ...retryAfter(headers.get('retry-after'), now) };
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(text: string | null, now: number): { readonly retryAfterMs?: number } {
  if (text === null) return {};
  const afterMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(afterMs) && afterMs > 0
    ? { retryAfterMs: Math.min(afterMs, RETRY_AFTER_MS_MAX) }
    : {};
}

/** Never the error's own text: it can contain the host, the address, or the whole URL. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer within ${TIMEOUT_MS / 1_000} s`;
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z_0-9]{2,60}$/.test(code) ? `the connection failed (${code})` : 'the connection failed';
}
