/** Signs and sends webhooks, keeps every delivery, and can lose, repeat, delay or reorder them on demand. */
import type { Random } from '../random.ts';
import { createCourier, type Delivery, type WebhookTarget } from './courier.ts';

export interface WebhookFault {
  readonly kind: 'drop' | 'duplicate' | 'delay' | 'reorder';
  /** Absent: any event. */
  readonly event?: string;
  /** Default 1. For `reorder`: how many deliveries are collected, then sent in reverse order (default 2). */
  readonly times?: number;
  readonly delayMs?: number;
}

export interface Webhooks {
  readonly configure: (target: WebhookTarget | undefined) => void;
  readonly fault: (fault: WebhookFault) => void;
  readonly emit: (event: string, payload: Readonly<Record<string, unknown>>) => void;
  readonly deliveries: readonly Delivery[];
  /** Sends again with the same id. Resolves to the target's status, or 0 when it is unreachable. */
  readonly redeliver: (id: string) => Promise<number>;
  /** Resolves when no delivery is being sent or waiting. Deliveries held for reordering are sent first. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function createWebhooks(random: Random, now: () => number): Webhooks {
  const deliveries: Delivery[] = [];
  const courier = createCourier(now);
  const unruly = createUnruly();
  let gathered: Delivery[] = [];

  const flush = (): void => {
    const held = gathered.reverse();
    gathered = [];
    held.forEach(courier.send);
  };
  const dispatch: Readonly<Record<WebhookFault['kind'], (delivery: Delivery, fault: WebhookFault) => void>> =
    {
      drop: () => undefined,
      delay: (delivery, fault) => courier.sendAfter(delivery, fault.delayMs ?? 100),
      duplicate: delivery => {
        courier.send(delivery);
        courier.send(delivery);
      },
      reorder: delivery => void gathered.push(delivery),
    };
  const emit: Webhooks['emit'] = (event, payload) => {
    if (!courier.wants(event)) return;
    const action = typeof payload.action === 'string' ? payload.action : null;
    const delivery: Delivery = {
      id: random.uuid(),
      event,
      action,
      body: JSON.stringify(payload),
      attempts: [],
    };
    deliveries.push(delivery);
    const fault = unruly.take(event);
    if (fault === undefined) courier.send(delivery);
    else dispatch[fault.kind](delivery, fault);
    if (gathered.length > 0 && !unruly.gathering()) flush();
  };
  return {
    deliveries,
    emit,
    configure: courier.configure,
    fault: unruly.add,
    redeliver: id => {
      const delivery = deliveries.find(one => one.id === id);
      return delivery === undefined ? Promise.reject(new Error(`no delivery ${id}`)) : courier.post(delivery);
    },
    idle: () => {
      flush();
      return courier.idle();
    },
    close: courier.close,
  };
}

interface Unruly {
  readonly add: (fault: WebhookFault) => void;
  readonly take: (event: string) => WebhookFault | undefined;
  /** More deliveries must be collected before they are sent out of order. */
  readonly gathering: () => boolean;
}

function createUnruly(): Unruly {
  const armed: { fault: WebhookFault; left: number }[] = [];
  return {
    add: fault => void armed.push({ fault, left: fault.times ?? (fault.kind === 'reorder' ? 2 : 1) }),
    take: event => {
      const one = armed.find(({ fault, left }) => left > 0 && (fault.event ?? event) === event);
      if (one === undefined) return undefined;
      one.left -= 1;
      return one.fault;
    },
    gathering: () => armed.some(one => one.fault.kind === 'reorder' && one.left > 0),
  };
}
