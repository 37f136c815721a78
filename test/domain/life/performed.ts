/** What an effect does to the world: GitHub afterwards, and the event of its answer. */
import type { EventBody } from '../../../src/domain/event.ts';
import type { FailureName } from '../../../src/domain/failure.ts';
import type { Effect } from '../../../src/domain/step.ts';
import type { GitHub } from './github.ts';

export interface Performed {
  readonly github: GitHub;
  readonly event: EventBody;
}

export function fact(github: GitHub, event: EventBody): Performed {
  return { github, event };
}

export function failed(github: GitHub, effect: Effect, failure: FailureName): Performed {
  return { github, event: { type: 'step-failed', effect, failure, message: `it was ${failure}` } };
}
