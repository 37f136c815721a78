/** One webhook delivery: verify, map, hand over, answer. Each refusal has one status and says how to fix it. */
import type { IncomingMessage } from 'node:http';
import { ZodError } from 'zod';
import type { Bodies, BodyProblem } from './bodies.ts';
import type { WebhookOutcome } from './counters.ts';
import type { HandOver, WebhookPoke } from './poke.ts';
import type { RecentDeliveries } from './recent-deliveries.ts';
import { signatureCheck } from './signature.ts';
import { pokesOf } from './webhook-events.ts';

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
  const pokes = parsedPokes({ name, deliveryId, text, ...(ownLogin === undefined ? {} : { ownLogin }) });
  if (typeof pokes === 'string') return { ...badRequest(pokes), event: name, deliveryId };
  return { ...(await handOver(pokes, deliveryId, options)), event: name, deliveryId };
}

async function handOver(
  pokes: readonly WebhookPoke[],
  deliveryId: string,
  options: DeliveryOptions,
): Promise<DeliveryAnswer> {
  if (pokes.length === 0) return { status: 200, outcome: 'nothing-to-do', message: 'nothing to do' };
  try {
    const outcome = await options.recent.once(deliveryId, async () => await handOverInTime(pokes, options));
    return { status: outcome === 'duplicate' ? 200 : 202, outcome, message: outcome };
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

async function handOverInTime(pokes: readonly WebhookPoke[], options: DeliveryOptions): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the hand-over timed out')), options.handOverTimeoutMs);
  });
  try {
    await Promise.race([Promise.all(pokes.map(async poke => await options.handOver(poke))), late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Delivery {
  readonly name: string;
  readonly deliveryId: string;
  readonly text: string;
  readonly ownLogin?: string;
}

/** Returns the pokes, or the reason why the payload is invalid. */
function parsedPokes({ text, ...event }: Delivery): readonly WebhookPoke[] | string {
  try {
    return pokesOf({ ...event, payload: JSON.parse(text) as unknown });
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
