/** A world for probes: it is driven to where one guard matters, and the invariants do all checks. */
import type { Decision, DecisionRequest } from '../../../src/domain/decision.ts';
import type { EventBody } from '../../../src/domain/event.ts';
import { evolve } from '../../../src/domain/evolve/evolve.ts';
import type { ObservedPullRequest } from '../../../src/domain/observation.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect, Step } from '../../../src/domain/step.ts';
import { flow } from '../life/acts.ts';
import { checkRecovery, checkReplay, checkWorld } from '../life/check.ts';
import { type Name, policyOf, type PolicyChoice } from '../life/fixtures.ts';
import type { NextRun } from '../life/runs.ts';
import { type GitHub, newGitHub } from '../life/github.ts';
import { type Given, Guard } from '../life/guard.ts';
import { must } from '../life/invariants.ts';
import { approvalAsked, approve, comment, decide, poke, review } from '../life/people.ts';
import { ACTS } from '../life/sequence.ts';
import { World } from '../life/world.ts';

const GATES_MAX = 6;
const SECOND_MS = 1000;

/** The mode that asks for the merge only. */
export const AUTO = { mode: 'auto-run' } as const;

export const after = (state: IssueState, event: EventBody, ms = 1): IssueState =>
  evolve(state, { ...event, at: state.at + ms });

export interface Setting extends PolicyChoice {
  readonly github?: Partial<GitHub>;
  readonly run?: Partial<NextRun>;
  readonly given?: Given;
  readonly generation?: number;
  readonly number?: number;
}

export class Scene {
  readonly world: World;
  readonly guard: Guard;
  #isForged = false;

  constructor({ github = {}, run = {}, given, generation, number, ...choice }: Setting = {}) {
    this.guard = new Guard(given);
    const plain = newGitHub({ policy: policyOf(choice), ...github });
    const start = { ...(generation ? { generation } : {}), ...(number ? { number } : {}) };
    this.world = new World({ ...plain, nextRun: { ...plain.nextRun, ...run } }, this.guard, start);
    this.world.settle();
  }

  /** Until only an event from outside helps. */
  flow(): this {
    must('21 rests', flow(this.world), `it never rests: ${JSON.stringify(nextStep(this.world.state))}`);
    return this.#checked();
  }

  act(name: string, n = 0): this {
    const act = ACTS[name];
    if (act === undefined) throw new Error(`there is no act “${name}”`);
    return this.do(world => act(world, n));
  }

  /** An act, announced by a webhook. */
  told(name: string, n = 0): this {
    this.act(name, n);
    return this.poked();
  }

  poked(): this {
    return this.do(world => poke(world, 'issue', 'comments', 'pull-request', 'branch', 'deployments'));
  }

  do(what: (world: World) => void): this {
    this.world.now += SECOND_MS;
    what(this.world);
    return this.#checked();
  }

  /** The effect in flight. */
  get effect(): Effect {
    return present(this.world.effect?.effect, 'effect in flight');
  }

  get pullRequest(): ObservedPullRequest {
    return present(this.world.state.pullRequest, 'pull request');
  }

  /** The effect in flight fails for good. */
  fail(failure: string): this {
    const { effect } = this;
    return this.do(world => world.land({ type: 'step-failed', effect, failure, message: 'it cannot be' }));
  }

  /** The digest that is shown at the open gate. */
  get digest(): string {
    const step = this.step();
    return step.kind === 'hold' ? (step.hold.digest ?? '') : '';
  }

  event(event: EventBody): this {
    return this.do(world => world.push(event));
  }

  decide(by: string, request: DecisionRequest & Pick<Decision, 'generation'>): this {
    return this.do(world => decide(world, by, request));
  }

  comment(by: Name, request?: DecisionRequest): this {
    this.do(world => comment(world, by, request ?? approvalAsked(world) ?? { kind: 'pause' }));
    return this.poked();
  }

  review(by: Name, verdict: 'approved' | 'changes-requested'): this {
    this.do(world => review(world, by, verdict));
    return this.poked();
  }

  github(part: Partial<GitHub>): this {
    return this.do(world => (world.github = { ...world.github, ...part }));
  }

  run(part: Partial<NextRun>): this {
    return this.github({ nextRun: { ...this.world.github.nextRun, ...part } });
  }

  step(): Step {
    return nextStep(this.world.state);
  }

  /** Approves gate by gate until the named gate is open; every gate without a name. */
  until(gate?: string, by = 'ann'): this {
    this.flow();
    for (let asked = 0; asked < GATES_MAX; asked++) {
      const gateNow = approvalAsked(this.world)?.gate;
      if (gateNow === undefined || gateNow === gate) return this;
      this.do(world => approve(world, by)).flow();
    }
    return this;
  }

  approve(by = 'ann'): this {
    return this.do(world => approve(world, by));
  }

  /** Delivers answers until this effect is in flight. */
  untilEffect(kind: string): this {
    for (let steps = 0; steps < 60 && this.world.effect?.effect.kind !== kind; steps++) {
      this.world.landUpkeep();
      if (this.world.effect?.effect.kind !== kind) this.world.land();
    }
    return this.#checked();
  }

  /** Changes the state as a defect could; such a scene is neither replayed nor ended. */
  forge(part: Partial<IssueState>): this {
    this.#isForged = true;
    this.world.state = { ...this.world.state, ...part };
    return this;
  }

  end(): void {
    if (this.#isForged) return;
    checkReplay(this.world, this.guard);
    checkRecovery(this.world, this.guard);
  }

  #checked(): this {
    checkWorld(this.world, this.guard);
    return this;
  }
}

export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

export interface Probe {
  readonly name: string;
  readonly play: () => void;
}

/** Plays each setting with the same acts. */
export function probe(
  name: string,
  settings: Setting | readonly Setting[],
  acts: (scene: Scene) => void,
): Probe {
  const all = Array.isArray(settings) ? (settings as readonly Setting[]) : [settings as Setting];
  return {
    name,
    play: () => {
      for (const setting of all) {
        const scene = new Scene(setting);
        acts(scene);
        scene.end();
      }
    },
  };
}

/** One probe for each setting, all with the same acts. */
export function probes(
  settings: Readonly<Record<string, Setting | readonly Setting[]>>,
  acts: (scene: Scene) => void,
): readonly Probe[] {
  return Object.entries(settings).map(([name, setting]) => probe(name, setting, acts));
}

/** A probe that checks functions of the rules directly. */
export const check = (name: string, play: () => void): Probe => ({ name, play });
