/** Life signs of the scheduler's activities: a host that is gone is noticed by its silence, not by the longest time allowed. */
import { Context } from '@temporalio/activity';
import { mapped } from './failures.ts';

/** A third of the heartbeat timeout. */
const BEAT_MS = 3_000;

/** Knows no Temporal but the number of the attempt; see `contracts/retries.ts`. */
type EffectOf<I, O> = (input: I, attempt: number) => Promise<O>;

/** As the workflows ask for it, and told which attempt it is. */
export type Attempted<A extends (input: never) => Promise<unknown>> = (
  input: Parameters<A>[0],
  attempt: number,
) => ReturnType<A>;

/** What every activity of the scheduler goes through. One that is called off goes on to its end: its fact counts. */
export function effect<I, O>(activity: EffectOf<I, O>): (input: I) => Promise<O> {
  return mapped(alive(activity));
}

function alive<I, O>(activity: EffectOf<I, O>): (input: I) => Promise<O> {
  return async input => {
    const context = Context.current();
    context.heartbeat();
    const timer = setInterval(() => context.heartbeat(), BEAT_MS);
    try {
      return await activity(input, context.info.attempt);
    } finally {
      clearInterval(timer);
    }
  };
}
