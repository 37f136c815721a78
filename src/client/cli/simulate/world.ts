/** The state of a story: the issue's state, and the made-up facts outside. */
import type { AuditRecord } from '../../../domain/audit.ts';
import { begin } from '../../../domain/begin.ts';
import { digestOf } from '../../../domain/digest.ts';
import type { EventBody } from '../../../domain/event.ts';
import { evolve } from '../../../domain/evolve/evolve.ts';
import type { Facet, ObservedIssue, ObservedPullRequest } from '../../../domain/observation.ts';
import type { IssueState } from '../../../domain/state.ts';
import type { ReleaseFacts } from '../../../domain/state/release.ts';
import { issueOf } from './made-up.ts';
import type { RunPlan, Scenario } from './scenario.ts';

export interface World {
  readonly scenario: Scenario;
  state: IssueState;
  /** All records of the story, including archived ones. */
  readonly records: AuditRecord[];
  /** Simulated time in epoch milliseconds. */
  now: number;
  subject: ObservedIssue;
  pull: ObservedPullRequest | undefined;
  release: Omit<ReleaseFacts, 'onDefaultBranch'>;
  /** Plans of the next runs; `plans` holds those of started runs, by run id. */
  readonly runs: RunPlan[];
  readonly plans: Map<string, RunPlan>;
  readonly usualRun: RunPlan;
  readonly failures: { readonly effect: string; readonly failure: string; readonly message: string }[];
  /** A counter for unique ids. */
  counted: number;
  steps: number;
}

/** An arbitrary fixed time: the output shows the time since the start. */
export const START_AT = Date.UTC(2026, 0, 5, 9);

export function createWorld(scenario: Scenario, usualRun: RunPlan): World {
  const { probes } = scenario.policy.release;
  return {
    scenario,
    state: begin({ issue: scenario.issue, at: START_AT }),
    records: [],
    now: START_AT,
    subject: issueOf(scenario),
    pull: undefined,
    release: { deployment: null, probes: probes.map(url => ({ url, ok: true, found: '200' })) },
    runs: [],
    plans: new Map(),
    usualRun,
    failures: [],
    counted: 0,
    steps: 0,
  };
}

export function apply(world: World, body: EventBody): void {
  const { nextSeq } = world.state.audit;
  world.state = evolve(world.state, { ...body, at: world.now });
  world.records.push(...world.state.audit.records.filter(({ seq }) => seq >= nextSeq));
}

/** Pokes the issue about a change on GitHub. */
export function news(world: World, facets: readonly Facet[]): void {
  apply(world, { type: 'poked', facets });
}

/** Changes the issue's text, and so its digest. */
export function edited(world: World, title: string): void {
  world.counted += 1;
  world.subject = { ...world.subject, title, digest: digestOf({ title, edition: world.counted + 1 }) };
  news(world, ['issue']);
}
