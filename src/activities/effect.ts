/** Life signs of the scheduler's activities: a host that is gone is noticed by its silence, not by the longest time allowed. */
import { Context } from '@temporalio/activity';
import { mapped } from './failures.ts';

/** A third of the heartbeat timeout. */
const BEAT_MS = 3_000;

/** What every activity of the scheduler goes through. One that is called off goes on to its end: its fact counts. */
export function effect<I, O>(activity: (input: I) => Promise<O>): (input: I) => Promise<O> {
  return mapped(alive(activity));
}

function alive<I, O>(activity: (input: I) => Promise<O>): (input: I) => Promise<O> {
  return async input => {
    const context = Context.current();
    context.heartbeat();
    const timer = setInterval(() => context.heartbeat(), BEAT_MS);
    try {
      return await activity(input);
    } finally {
      clearInterval(timer);
    }
  };
}
