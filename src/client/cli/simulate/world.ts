/** The state of a story: what the rules believe, and the made-up facts that they are told. */
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
  /** All of the story, also those that the state has archived. */
  readonly records: AuditRecord[];
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
  steps: number;
}

/** Any fixed moment will do: a story is told by the time since its start. */
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

/** Somebody did something out there. */
export function news(world: World, facets: readonly Facet[]): void {
  apply(world, { type: 'poked', facets });
}

/** Another text, and so another digest. */
export function edited(world: World, title: string): void {
  world.counted += 1;
  world.subject = { ...world.subject, title, digest: digestOf({ title, edition: world.counted + 1 }) };
  news(world, ['issue']);
}
