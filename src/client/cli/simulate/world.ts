/** The rules at work on made-up facts: one thing after the other, until a person or time is waited for. */
import { begin } from '../../../domain/begin.ts';
import { digestOf } from '../../../domain/digest.ts';
import type { EventBody } from '../../../domain/event.ts';
import { evolve } from '../../../domain/evolve/evolve.ts';
import { nextStep } from '../../../domain/next-step.ts';
import type { Facet, Observation, ObservedIssue, ObservedPullRequest } from '../../../domain/observation.ts';
import type { IssueState, ReleaseFacts } from '../../../domain/state.ts';
import type { Effect, Upkeep } from '../../../domain/step.ts';
import { nextUpkeep } from '../../../domain/upkeep.ts';
import { CliError, EXIT } from '../exit.ts';
import { durationOf, outcomeOf } from './effects.ts';
import { issueOf } from './made-up.ts';
import type { RunPlan, Scenario } from './scenario.ts';

export interface World {
  readonly scenario: Scenario;
  state: IssueState;
  /** Epoch milliseconds; a play takes no time of ours. */
  now: number;
  subject: ObservedIssue;
  pull: ObservedPullRequest | undefined;
  release: Omit<ReleaseFacts, 'onDefaultBranch'>;
  /** How the next runs will go, and how those went that have started. */
  readonly runs: RunPlan[];
  readonly plans: Map<string, RunPlan>;
  readonly usualRun: RunPlan;
  readonly failures: { readonly effect: string; readonly failure: string; readonly message: string }[];
  /** Counts what needs a name of its own. */
  counted: number;
  stepsLeft: number;
}

/** Any fixed moment will do: a story is told by the time since its start. */
export const START_AT = Date.UTC(2026, 0, 5, 9);
const STEPS_MAX = 20_000;

export function createWorld(scenario: Scenario, usualRun: RunPlan): World {
  const { probes } = scenario.policy.release;
  return {
    ...{ scenario, usualRun, now: START_AT, pull: undefined, counted: 0, stepsLeft: STEPS_MAX },
    state: begin({ issue: scenario.issue, at: START_AT }),
    subject: issueOf(scenario),
    release: { deployment: null, probes: probes.map(url => ({ url, ok: true, found: '200' })) },
    ...{ runs: [], plans: new Map<string, RunPlan>(), failures: [] },
  };
}

export function apply(world: World, body: EventBody): void {
  world.state = evolve(world.state, { ...body, at: world.now });
}

/** As the issue workflow does, one after the other: reads what is due, performs the next step, tells people. */
export function settle(world: World): void {
  for (;;) {
    world.stepsLeft -= 1;
    if (world.stepsLeft < 0)
      throw new CliError(EXIT.no, `the story does not come to rest within ${STEPS_MAX} steps`);
    const upkeep = nextUpkeep(world.state);
    const step = nextStep(world.state);
    if (upkeep !== undefined && upkeep.kind !== 'archive-audit') apply(world, upkept(world, upkeep));
    else if (step.kind === 'effect') perform(world, step.effect);
    else return;
  }
}

/** Time goes by; every wait and every rung of a ladder that ends meanwhile does so at its own moment. */
export function pass(world: World, durationMs: number): void {
  const end = world.now + durationMs;
  for (;;) {
    const step = nextStep(world.state);
    const until = 'until' in step ? step.until : undefined;
    if (until === undefined || until > end) break;
    world.now = Math.max(world.now, until);
    apply(world, { type: 'timer' });
    settle(world);
  }
  world.now = Math.max(world.now, end);
}

/** Somebody did something out there. */
export function news(world: World, facets: readonly Facet[]): void {
  apply(world, { type: 'poked', facets });
}

function perform(world: World, effect: Effect): void {
  apply(world, { type: 'step-started', effect });
  world.now += durationOf(effect);
  apply(world, outcomeOf(world, effect));
}

function upkept(world: World, upkeep: Exclude<Upkeep, { kind: 'archive-audit' }>): EventBody {
  if (upkeep.kind === 'look')
    return { type: 'observed', observation: observed(world, upkeep.facets), mark: upkeep.mark };
  const { digest, projection } = upkeep;
  return { type: 'projected', digest, commentId: 1, labels: projection.labels };
}

/** Decisions come as such, not as comments: what is read of a comment is another matter than the rules. */
function observed({ subject, pull }: World, facets: readonly Facet[]): Observation {
  return {
    facets,
    ...(facets.includes('issue') ? { issue: subject } : {}),
    ...(facets.includes('comments') ? { comments: { commands: [], lastId: 0, status: null } } : {}),
    ...(facets.includes('pull-request') ? { pullRequest: pull ?? null } : {}),
  };
}

/** Another text, and so another digest. */
export function edited(world: World, title: string): void {
  world.counted += 1;
  world.subject = { ...world.subject, title, digest: digestOf({ title, edition: world.counted + 1 }) };
  news(world, ['issue']);
}
