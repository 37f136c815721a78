/** Advances a world: performs each effect and upkeep at once, until the issue waits for a person or for time. */
import { assertNever } from '../../../domain/assert-never.ts';
import { digestOf } from '../../../domain/digest.ts';
import type { EventBody } from '../../../domain/event.ts';
import { issueLanes } from '../../../domain/issue-lanes.ts';
import { NO_FLIGHTS } from '../../../domain/lanes.ts';
import type { Facet, Observation } from '../../../domain/observation.ts';
import type { Effect, Upkeep } from '../../../domain/step.ts';
import { CliError, EXIT } from '../exit.ts';
import { durationOf, outcomeOf } from './effects.ts';
import { apply, type World } from './world.ts';

const STEPS_MAX = 20_000;

/** Returns the time of the next timer; `undefined` when there is none. */
export function settle(world: World): number | undefined {
  for (;;) {
    countStep(world);
    // Every effect completes at once, so nothing is ever in flight here.
    const next = issueLanes(world.state, NO_FLIGHTS);
    switch (next.do) {
      case 'start-effect':
        perform(world, next.effect);
        break;
      case 'start-upkeep':
        apply(world, upkept(world, next.upkeep));
        break;
      default:
        return 'until' in next ? next.until : undefined;
    }
  }
}

/** Lets time pass; each wait and each rung of the ladder ends at its own time. */
export function pass(world: World, durationMs: number): void {
  const end = world.now + durationMs;
  for (;;) {
    const until = settle(world);
    if (until === undefined || until > end) break;
    world.now = Math.max(world.now, until);
    apply(world, { type: 'timer' });
  }
  world.now = Math.max(world.now, end);
}

function countStep(world: World): void {
  world.steps += 1;
  if (world.steps > STEPS_MAX)
    throw new CliError(EXIT.no, `the story does not settle within ${STEPS_MAX} steps`);
}

function perform(world: World, effect: Effect): void {
  apply(world, { type: 'step-started', effect });
  world.now += durationOf(effect);
  apply(world, outcomeOf(world, effect));
}

function upkept(world: World, upkeep: Upkeep): EventBody {
  switch (upkeep.kind) {
    case 'look':
      return { type: 'observed', observation: observed(world, upkeep.facets), mark: upkeep.mark };
    case 'project':
      return { type: 'projected', digest: upkeep.digest, commentId: 1, labels: upkeep.projection.labels };
    case 'reply':
      return { type: 'replied', commentIds: upkeep.replies.map(({ commentId }) => commentId) };
    case 'answer-threads':
      return { type: 'threads-answered', threads: upkeep.answers };
    case 'call':
      return { type: 'called', call: upkeep.call, who: upkeep.call.to, commentId: upkeep.call.seq };
    case 'fold-call':
      return { type: 'call-folded', seq: upkeep.seq };
    case 'archive-audit': {
      const { records } = upkeep;
      return { type: 'audit-archived', upTo: records.at(-1)?.seq ?? 0, digest: digestOf(records) };
    }
    case 'leave-line':
      return { type: 'line-left', ids: upkeep.ids };
    default:
      return assertNever(upkeep);
  }
}

/** Has no comments with commands: a scenario's decisions are events, as parsing comments is not part of the rules. */
function observed({ subject, pull }: World, facets: readonly Facet[]): Observation {
  return {
    facets,
    ...(facets.includes('issue') ? { issue: subject } : {}),
    ...(facets.includes('comments') ? { comments: { commands: [], lastId: 0, status: null } } : {}),
    ...(facets.includes('pull-request') ? { pullRequest: pull ?? null } : {}),
  };
}
