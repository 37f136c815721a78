/**
 * Remembers for a while which deliveries were handed over. This is only an optimisation: the hand-over is idempotent, and
 * a delivery that someone redelivers later must be handed over again.
 */
export interface RecentDeliveries {
  /** Runs the hand-over, waits for the one in progress, or skips a finished one. A failed one is forgotten. */
  once(deliveryId: string, handOver: () => Promise<void>): Promise<'handed-over' | 'duplicate'>;
}

export interface RecentDeliveriesLimits {
  readonly deliveriesMax: number;
  readonly rememberedMs: number;
}

export function createRecentDeliveries(limits: RecentDeliveriesLimits): RecentDeliveries {
  const known = new Map<string, { readonly done: Promise<void>; readonly atMs: number }>();
  return {
    once: async (deliveryId, handOver) => {
      const earlier = known.get(deliveryId);
      if (earlier && performance.now() - earlier.atMs < limits.rememberedMs) {
        await earlier.done;
        return 'duplicate';
      }
      const done = handOver();
      known.delete(deliveryId);
      known.set(deliveryId, { done, atMs: performance.now() });
      for (const oldest of known.keys()) {
        if (known.size <= limits.deliveriesMax) break;
        known.delete(oldest);
      }
      try {
        await done;
      } catch (error) {
        if (known.get(deliveryId)?.done === done) known.delete(deliveryId);
        throw error;
      }
      return 'handed-over';
    },
  };
}
