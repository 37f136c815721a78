/** One webhook delivery: verify, map, hand over, answer. Each refusal has one status and says how to fix it. */
import type { IncomingMessage } from 'node:http';
import { ZodError } from 'zod';
import { inTime, LATE } from '../host/wait.ts';
import type { Bodies, BodyProblem } from './bodies.ts';
import { eventTime } from './event-time.ts';
import type { HandOver, WebhookPoke } from './poke.ts';
import type { RecentDeliveries } from './recent-deliveries.ts';
import { signatureCheck } from './signature.ts';
import { pokesOf } from './webhook-events.ts';

export type WebhookOutcome =
  | 'handed-over'
  | 'duplicate'
  | 'nothing-to-do'
  | 'too-large'
  | 'crowded-out'
  | 'broken-off'
  | 'bad-signature'
  | 'bad-request'
  | 'wrong-content-type'
  | 'hand-over-failed';

export interface DeliveryOptions {
  /** The current secret first, then older ones that are still accepted during a rotation. */
  readonly secrets: readonly string[];
  readonly bodies: Bodies;
  /** Called when the signature was found to be right. */
  readonly onSigned: () => void;
  readonly handOver: HandOver;
  /** GitHub times out after ten seconds. */
  readonly handOverTimeoutMs: number;
  readonly ownLogin?: string;
  readonly recent: RecentDeliveries;
}

export interface DeliveryAnswer {
  readonly status: 200 | 202 | 400 | 401 | 408 | 413 | 415 | 503;
  readonly outcome: WebhookOutcome;
  readonly message: string;
  /** For the log; set only for verified deliveries. */
  readonly event?: string;
  readonly deliveryId?: string;
  readonly error?: string;
  /** From the event on GitHub until Temporal had it; only of what was handed over now. */
  readonly lagMs?: number;
}

export async function answerDelivery(
  request: IncomingMessage,
  options: DeliveryOptions,
): Promise<DeliveryAnswer> {
  if (!/^application\/json(?:\s*;|$)/i.test(request.headers['content-type'] ?? '')) return wrongContentType;
  const signature = signatureCheck(request.headers['x-hub-signature-256'], options.secrets);
  if (signature === undefined) return badSignature;
  const body = await options.bodies.read(request, chunk => signature.update(chunk));
  if (typeof body === 'string') return NOT_READ[body];
  if (!signature.matches()) return badSignature;
  options.onSigned();
  const text = body.toString('utf8');

  const name = headerOf(request, 'x-github-event', /^[a-z_]{1,60}$/);
  const deliveryId = headerOf(request, 'x-github-delivery', /^[A-Za-z0-9-]{1,80}$/);
  if (name === undefined || deliveryId === undefined)
    return badRequest('the headers X-GitHub-Event and X-GitHub-Delivery are required');
  const { ownLogin } = options;
  const parsed = parsedEvent({ name, deliveryId, text, ...(ownLogin === undefined ? {} : { ownLogin }) });
  if (typeof parsed === 'string') return { ...badRequest(parsed), event: name, deliveryId };
  return { ...(await handOver(parsed, deliveryId, options)), event: name, deliveryId };
}

async function handOver(
  { pokes, at }: ParsedEvent,
  deliveryId: string,
  options: DeliveryOptions,
): Promise<DeliveryAnswer> {
  if (pokes.length === 0) return { status: 200, outcome: 'nothing-to-do', message: 'nothing to do' };
  try {
    const outcome = await options.recent.once(deliveryId, async () => await handOverInTime(pokes, options));
    if (outcome === 'duplicate') return { status: 200, outcome, message: outcome };
    return { status: 202, outcome, message: outcome, ...lagSince(at) };
  } catch (error) {
    const message = 'cannot hand the delivery over to Temporal. Fix: redeliver it later';
    return {
      status: 503,
      outcome: 'hand-over-failed',
      message,
      error: error instanceof Error ? error.message : 'unknown',
    };
  }
}

/** GitHub's clock may be ahead of ours, and its times are whole seconds. */
function lagSince(at: number | undefined): Pick<DeliveryAnswer, 'lagMs'> {
  return at === undefined ? {} : { lagMs: Math.max(0, Date.now() - at) };
}

async function handOverInTime(pokes: readonly WebhookPoke[], options: DeliveryOptions): Promise<void> {
  const all = Promise.all(pokes.map(async poke => await options.handOver(poke)));
  if ((await inTime(all, options.handOverTimeoutMs)) === LATE) throw new Error('the hand-over timed out');
}

interface Delivery {
  readonly name: string;
  readonly deliveryId: string;
  readonly text: string;
  readonly ownLogin?: string;
}

interface ParsedEvent {
  readonly pokes: readonly WebhookPoke[];
  /** When it happened on GitHub, in epoch milliseconds. */
  readonly at: number | undefined;
}

/** Returns the reason why the payload is invalid, if it is. */
function parsedEvent({ text, ...event }: Delivery): ParsedEvent | string {
  try {
    const payload = JSON.parse(text) as unknown;
    return { pokes: pokesOf({ ...event, payload }), at: eventTime(payload) };
  } catch (error) {
    if (error instanceof SyntaxError) return 'the body is not JSON';
    if (error instanceof ZodError) return `the payload lacks ${error.issues[0]?.path.join('.') ?? 'a field'}`;
    throw error;
  }
}

function headerOf(request: IncomingMessage, name: string, pattern: RegExp): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

const wrongContentType: DeliveryAnswer = {
  status: 415,
  outcome: 'wrong-content-type',
  message: 'the content type is not supported. Fix: set the content type of the webhook to application/json',
};
const badSignature: DeliveryAnswer = {
  status: 401,
  outcome: 'bad-signature',
  message:
    'X-Hub-Signature-256 is missing or does not match. Fix: set the same secret in the webhook and in Signalbox',
};

function badRequest(message: string): DeliveryAnswer {
  return { status: 400, outcome: 'bad-request', message };
}

const NOT_READ: Readonly<Record<BodyProblem, DeliveryAnswer>> = {
  'too-large': { status: 413, outcome: 'too-large', message: 'the body is larger than a webhook can be' },
  'crowded-out': {
    status: 503,
    outcome: 'crowded-out',
    message: 'too many bytes arrive at the same time. Fix: redeliver it later',
  },
  'broken-off': { status: 408, outcome: 'broken-off', message: 'the body did not arrive completely' },
};
