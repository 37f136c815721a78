/**
 * A world of one issue: the interpreter as src/workflows/issue.ts is, over GitHub in memory. At most one effect and one
 * piece of upkeep are in flight; when each is done out there and when its answer comes is the test's to say.
 */
import { begin } from '../../../src/domain/begin.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import type { Event, EventBody } from '../../../src/domain/event.ts';
import { evolve } from '../../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import { type Effect, effectKey, type Step, type Upkeep } from '../../../src/domain/step.ts';
import { nextUpkeep } from '../../../src/domain/upkeep.ts';
import { ISSUE, START_AT } from './fixtures.ts';
import { type GitHub, newGitHub, perform } from './github.ts';
import { look } from './look.ts';

export interface EffectFlight {
  readonly effect: Effect;
  readonly key: string;
  readonly calledOff: boolean;
  /** The answer, once it was done out there. */
  readonly answer?: EventBody;
}

export interface UpkeepFlight {
  readonly upkeep: Upkeep;
  /** The state it was sent with: what a look reads is told by it. */
  readonly of: IssueState;
  readonly answer?: EventBody;
}

/** Watches what the interpreter does, as the invariants need it. */
export interface Watch {
  readonly applied?: (before: IssueState, event: Event, after: IssueState) => void;
  readonly starts?: (state: IssueState, effect: Effect) => void;
  readonly tends?: (state: IssueState, upkeep: Upkeep) => void;
  readonly callsOff?: (state: IssueState, effect: Effect, step: Step) => void;
}

/** Which issue, and which of its lives. */
export interface Start {
  readonly number?: number;
  readonly generation?: number;
}

export function firstState({ number = ISSUE.number, generation = 1 }: Start): IssueState {
  return begin({ issue: { ...ISSUE, number }, generation, at: START_AT });
}

export class World {
  state: IssueState;
  github: GitHub;
  now: number;
  ended = false;
  inbox: readonly EventBody[] = [];
  effect: EffectFlight | undefined;
  upkeep: UpkeepFlight | undefined;
  watch: Watch;
  readonly start: Start;

  constructor(github: GitHub = newGitHub(), watch: Watch = {}, start: Start = {}) {
    this.github = github;
    this.watch = watch;
    this.now = START_AT;
    this.start = start;
    this.state = firstState(start);
  }

  copy(): World {
    return Object.assign(new World(this.github, this.watch), this);
  }

  push(event: EventBody): void {
    this.inbox = [...this.inbox, event];
    this.settle();
  }

  /** Until nothing can be done without something from outside; called off means waited for. */
  settle(): void {
    while (!this.ended && this.effect?.calledOff !== true) {
      this.drain();
      const step = nextStep(this.state);
      if (this.callOffUnless(step)) return;
      this.startDue(step);
      this.ended = step.kind === 'end' && this.isQuiet();
      if (this.inbox.length === 0) return;
    }
  }

  isQuiet(): boolean {
    return this.effect === undefined && this.upkeep === undefined && this.inbox.length === 0;
  }

  /** Done out there, not answered yet. */
  perform(): void {
    const flight = this.effect;
    if (flight === undefined || flight.answer !== undefined) return;
    const { github, event } = perform(this.github, flight.effect, this.now);
    this.github = github;
    this.effect = { ...flight, answer: event };
  }

  performUpkeep(): void {
    const flight = this.upkeep;
    if (flight === undefined || flight.answer !== undefined) return;
    this.upkeep = { ...flight, answer: this.upkeepAnswer(flight) };
  }

  /** The answer comes in; another one where it was lost on the way. */
  land(instead?: EventBody): void {
    if (this.effect === undefined) return;
    if (instead === undefined) this.perform();
    const answer = instead ?? this.effect.answer;
    this.effect = undefined;
    if (answer !== undefined) this.push(answer);
  }

  landUpkeep(instead?: EventBody): void {
    if (this.upkeep === undefined) return;
    if (instead === undefined) this.performUpkeep();
    const answer = instead ?? this.upkeep.answer;
    this.upkeep = undefined;
    if (answer !== undefined) this.push(answer);
  }

  /** Time goes by; what was waited for until then is over. */
  advance(ms: number): void {
    this.now += ms;
    if (this.ended || this.effect?.calledOff === true) return;
    const step = nextStep(this.state);
    const until = 'until' in step ? step.until : undefined;
    if (until !== undefined && until <= this.now) this.push({ type: 'timer' });
  }

  /** To the end of the present wait. */
  advanceToTimer(): void {
    const step = nextStep(this.state);
    const until = 'until' in step ? step.until : undefined;
    if (until !== undefined) this.advance(Math.max(1, until - this.now));
  }

  private drain(): void {
    for (const event of this.inbox) this.apply(event);
    this.inbox = [];
  }

  private apply(body: EventBody): void {
    const event = { ...body, at: this.now };
    const before = this.state;
    this.state = evolve(before, event);
    this.watch.applied?.(before, event, this.state);
  }

  private callOffUnless(step: Step): boolean {
    const flight = this.effect;
    if (flight === undefined) return false;
    if (step.kind === 'effect' && effectKey(step.effect) === flight.key) return false;
    this.watch.callsOff?.(this.state, flight.effect, step);
    this.effect = { ...flight, calledOff: true };
    return true;
  }

  private startDue(step: Step): void {
    if (step.kind === 'effect' && this.effect === undefined) {
      this.watch.starts?.(this.state, step.effect);
      this.apply({ type: 'step-started', effect: step.effect });
      this.effect = { effect: step.effect, key: effectKey(step.effect), calledOff: false };
    }
    const upkeep = this.upkeep === undefined ? nextUpkeep(this.state) : undefined;
    if (upkeep === undefined) return;
    this.watch.tends?.(this.state, upkeep);
    this.upkeep = { upkeep, of: this.state };
  }

  private upkeepAnswer({ upkeep, of }: UpkeepFlight): EventBody {
    switch (upkeep.kind) {
      case 'look':
        return { type: 'observed', observation: look(this.github, of, upkeep), mark: upkeep.mark };
      case 'project':
        return { type: 'projected', digest: upkeep.digest, commentId: 1, labels: upkeep.projection.labels };
      case 'archive-audit': {
        const upTo = upkeep.records.at(-1)?.seq ?? 0;
        return { type: 'audit-archived', upTo, digest: digestOf(upkeep.records) };
      }
    }
  }
}
