/** Sends signed deliveries to the configured receiver, one after another, and records the result of each attempt. */
import { createHmac } from 'node:crypto';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
  /** Absent: every event. */
  readonly events?: readonly string[];
}

export interface Delivery {
  /** The X-GitHub-Delivery UUID; a redelivery keeps it. */
  readonly id: string;
  readonly event: string;
  readonly action: string | null;
  readonly body: string;
  /** One per attempt: the target's status, or 0 when it could not be reached. Empty: dropped or not yet sent. */
  readonly attempts: { readonly status: number; readonly atMs: number }[];
}

export interface Courier {
  readonly configure: (target: WebhookTarget | undefined) => void;
  readonly wants: (event: string) => boolean;
  /** In call order. */
  readonly send: (delivery: Delivery) => void;
  readonly sendAfter: (delivery: Delivery, delayMs: number) => void;
  readonly post: (delivery: Delivery) => Promise<number>;
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** GitHub gives a receiver ten seconds. */
const ANSWER_TIMEOUT_MS = 10_000;

export function createCourier(now: () => number): Courier {
  const inFlight = new Set<Promise<unknown>>();
  const stop = new AbortController();
  let target: WebhookTarget | undefined;
  let order: Promise<unknown> = Promise.resolve();

  const post = async (delivery: Delivery): Promise<number> => {
    const status = target === undefined ? 0 : await postOnce(target, delivery, stop.signal);
    delivery.attempts.push({ status, atMs: now() });
    return status;
  };
  const track = (work: Promise<unknown>): void => {
    inFlight.add(work);
    void work.finally(() => inFlight.delete(work));
  };
  return {
    post,
    configure: next => (target = next),
    wants: event => target !== undefined && target.events?.includes(event) !== false,
    send: delivery => {
      order = order.then(() => post(delivery));
      track(order);
    },
    sendAfter: (delivery, delayMs) => track(sleep(delayMs, stop.signal).then(() => post(delivery))),
    idle: async () => {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
    close: async () => {
      stop.abort();
      await Promise.allSettled(inFlight);
    },
  };
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });

export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

async function postOnce(target: WebhookTarget, delivery: Delivery, stopped: AbortSignal): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/simulator',
    'x-github-event': delivery.event,
    'x-github-delivery': delivery.id,
    'x-github-hook-id': '1',
    'x-hub-signature-256': signatureOf(target.secret, delivery.body),
  };
  const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_TIMEOUT_MS), stopped]);
  try {
    const response = await fetch(target.url, { method: 'POST', headers, body: delivery.body, signal });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0; // GitHub too records an unreachable receiver and moves on
  }
}
