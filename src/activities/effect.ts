/** Heartbeats of the scheduler's activities: a lost host is noticed within seconds, not at the start-to-close timeout. */
import { Context } from '@temporalio/activity';
import type { EffectContext } from '../contracts/activities.ts';
import { mapped } from './failures.ts';

/** A third of the heartbeat timeout. */
const HEARTBEAT_INTERVAL_MS = 3_000;

/** Independent of Temporal except for the attempt number; see `contracts/retries.ts`. */
type EffectOf<I, O> = (input: I, attempt: number) => Promise<O>;

/** The activity as the workflows call it, with the attempt number as second argument. */
export type Attempted<A extends (input: never) => Promise<unknown>> = (
  input: Parameters<A>[0],
  attempt: number,
) => ReturnType<A>;

/** Wraps every activity of the scheduler. A cancelled activity still runs to its end, because its fact counts. */
export function effect<I, O>(activity: EffectOf<I, O>): (input: I) => Promise<O> {
  return mapped(heartbeating(activity));
}

/** A first attempt of an effect that is sent again is not the first. */
function sentBefore(input: unknown): number {
  const { context } = input as { readonly context?: Partial<EffectContext> };
  return context?.again === true ? 1 : 0;
}

function heartbeating<I, O>(activity: EffectOf<I, O>): (input: I) => Promise<O> {
  return async input => {
    const context = Context.current();
    context.heartbeat();
    const timer = setInterval(() => context.heartbeat(), HEARTBEAT_INTERVAL_MS);
    try {
      return await activity(input, context.info.attempt + sentBefore(input));
    } finally {
      clearInterval(timer);
    }
  };
}
