/**
 * A world of one issue: it performs what the lanes say, as src/workflows/issue.ts does, on GitHub in memory. The test
 * decides when an effect is performed and when its answer arrives.
 */
import { begin } from '../../../src/domain/begin.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import type { Event, EventBody } from '../../../src/domain/event.ts';
import { evolve } from '../../../src/domain/evolve/evolve.ts';
import { issueLanes } from '../../../src/domain/issue-lanes.ts';
import type { Flights, Pause } from '../../../src/domain/lanes.ts';
import { omit } from '../../../src/domain/omit.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { CallPlan, Effect, Notice, Upkeep } from '../../../src/domain/step.ts';
import { ISSUE, START_AT } from './fixtures.ts';
import { type GitHub, newGitHub, perform } from './github.ts';
import { look } from './look.ts';

export interface EffectFlight {
  readonly effect: Effect;
  readonly cancelled: boolean;
  /** The answer, once the effect was performed. */
  readonly answer?: EventBody;
}

export interface UpkeepFlight {
  readonly upkeep: Upkeep;
  /** The state at the start, which determines what a look reads. */
  readonly of: IssueState;
  readonly answer?: EventBody;
}

export interface NoticeFlight {
  readonly notice: Notice;
}

/** What is in flight when something starts. */
export type InFlight = Flights<Effect, Upkeep>;

/** Hooks for the invariants. */
export interface Watch {
  readonly applied?: (before: IssueState, event: Event, after: IssueState) => void;
  readonly starts?: (state: IssueState, effect: Effect, flights: InFlight) => void;
  readonly tends?: (state: IssueState, upkeep: Upkeep, flights: InFlight) => void;
  readonly tells?: (state: IssueState, notice: Notice, flights: InFlight) => void;
  readonly cancels?: (state: IssueState, flights: InFlight) => void;
}

/** The issue and its generation. */
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
  /** The latest instruction of the lanes. */
  pause: Pause = { do: 'rest' };
  inbox: readonly EventBody[] = [];
  effect: EffectFlight | undefined;
  upkeep: UpkeepFlight | undefined;
  notice: NoticeFlight | undefined;
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

  get ended(): boolean {
    return this.pause.do === 'end';
  }

  /** Proceeds until only an event from outside helps. */
  settle(): void {
    while (!this.ended && this.effect?.cancelled !== true) {
      this.#drain();
      this.pause = this.#proceed();
      if (this.inbox.length === 0) return;
    }
  }

  /** Performs the effect without answering it. */
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
    this.upkeep = { ...flight, answer: this.#upkeepAnswer(flight) };
  }

  /** Delivers the answer, or another one instead. */
  land(instead?: EventBody): void {
    if (this.effect === undefined) return;
    if (instead === undefined) this.perform();
    const answer = instead ?? this.effect.answer;
    this.effect = undefined;
    if (answer !== undefined) this.push(answer);
    if (answer?.type === 'line-joined' && this.github.line === 'free') this.turn(answer.id);
  }

  /** The line gives the turn to this place. */
  turn(id: string): void {
    this.push({ type: 'turn-given', id });
  }

  landUpkeep(instead?: EventBody): void {
    if (this.upkeep === undefined) return;
    if (instead === undefined) this.performUpkeep();
    const answer = instead ?? this.upkeep.answer;
    this.upkeep = undefined;
    if (answer !== undefined) this.push(answer);
  }

  /** The webhook answers. */
  landNotice(problem?: string): void {
    const flight = this.notice;
    if (flight === undefined) return;
    this.notice = undefined;
    const failed = problem === undefined ? {} : { problem };
    this.push({ type: 'notified', seq: flight.notice.seq, ...failed });
  }

  /** Time passes; a timer that is due fires. */
  advance(ms: number): void {
    this.now += ms;
    const until = this.#until;
    if (until !== undefined && until <= this.now) this.push({ type: 'timer' });
  }

  /** Until the timer of the current wait fires. */
  advanceToTimer(): void {
    const until = this.#until;
    if (until !== undefined) this.advance(Math.max(1, until - this.now));
  }

  get #until(): number | undefined {
    return 'until' in this.pause ? this.pause.until : undefined;
  }

  #proceed(): Pause {
    for (;;) {
      const next = issueLanes(this.state, this);
      switch (next.do) {
        case 'start-effect':
          this.#startEffect(next.effect);
          break;
        case 'start-upkeep':
          this.watch.tends?.(this.state, next.upkeep, this);
          this.upkeep = { upkeep: next.upkeep, of: this.state };
          break;
        case 'start-notice':
          this.watch.tells?.(this.state, next.notice, this);
          this.notice = { notice: next.notice };
          break;
        case 'cancel-effect':
          this.#cancelEffect();
          break;
        default:
          return next;
      }
    }
  }

  #startEffect(effect: Effect): void {
    this.watch.starts?.(this.state, effect, this);
    this.#apply({ type: 'step-started', effect });
    this.effect = { effect, cancelled: false };
  }

  #cancelEffect(): void {
    this.watch.cancels?.(this.state, this);
    if (this.effect !== undefined) this.effect = { ...this.effect, cancelled: true };
  }

  #drain(): void {
    for (const event of this.inbox) this.#apply(event);
    this.inbox = [];
  }

  #apply(body: EventBody): void {
    const event = { ...body, at: this.now };
    const before = this.state;
    this.state = evolve(before, event);
    this.watch.applied?.(before, event, this.state);
  }

  #upkeepAnswer({ upkeep, of }: UpkeepFlight): EventBody {
    switch (upkeep.kind) {
      case 'look':
        return { type: 'observed', observation: look(this.github, of, upkeep), mark: upkeep.mark };
      case 'project':
        return { type: 'projected', digest: upkeep.digest, commentId: 1, labels: upkeep.projection.labels };
      case 'reply':
        return { type: 'replied', commentIds: upkeep.replies.map(({ commentId }) => commentId) };
      case 'answer-threads':
        return { type: 'threads-answered', threads: upkeep.answers };
      case 'call':
        return calledIn(upkeep.call);
      case 'fold-call':
        return { type: 'call-folded', seq: upkeep.seq };
      case 'archive-audit': {
        const upTo = upkeep.records.at(-1)?.seq ?? 0;
        return { type: 'audit-archived', upTo, digest: digestOf(upkeep.records) };
      }
      case 'leave-line':
        if (upkeep.ids.includes(this.github.place ?? '')) this.github = omit(this.github, 'place');
        return { type: 'line-left', ids: upkeep.ids };
    }
  }
}

/** The owners of this world's paths are a team. Of two calls of one gate, a person would be told twice. */
function calledIn({ seq, ask, answers, rung, hold, to, otherwise }: CallPlan): EventBody {
  const found = to.map(callee => (callee === 'codeowners' ? '@acme/owners' : callee));
  const who = found.length === 0 ? otherwise : found;
  return {
    type: 'called',
    call: { seq, ask, answers, rung, hold },
    who,
    ...(who.length === 0 ? {} : { commentId: 100 + seq }),
  };
}
