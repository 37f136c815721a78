/**
 * The issue workflow: only an interpreter of the domain's rules. It performs what the lanes ask for and keeps receiving
 * messages meanwhile. Bundled for the workflow sandbox: imports contracts and domain only.
 */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import type { IssueInput } from '../contracts/messages.ts';
import { begin } from '../domain/begin.ts';
import type { EventBody } from '../domain/event.ts';
import { evolve } from '../domain/evolve/evolve.ts';
import { issueLanes } from '../domain/issue-lanes.ts';
import type { Pause } from '../domain/lanes.ts';
import type { IssueState } from '../domain/state.ts';
import type { Effect, Notice, Upkeep } from '../domain/step.ts';
import { type IssueView, viewOf } from '../domain/view.ts';
import { countEndedRun } from './ended-runs.ts';
import { receiveMessages } from './messages.ts';
import { performEffect, performNotice, performUpkeep } from './perform.ts';
import { createPublisher } from './visible.ts';

export async function issueWorkflow(input: IssueInput): Promise<IssueView> {
  const life = new Life(input);
  const publish = createPublisher();
  receiveMessages({ state: () => life.state, push: event => life.push(event) });
  for (;;) {
    life.drain();
    publish(life.state);
    const pause = life.proceed();
    if (pause.do === 'end') break;
    if (pause.do === 'rest' && isNewRunDue()) await life.continueAsNew();
    await (pause.do === 'await-cancelled' ? life.effectEnded() : life.waitFor(pause));
  }
  await condition(allHandlersFinished);
  return viewOf(life.state);
}

/** The history is long, or a newer build is deployed: a workflow run is pinned to the build that it started on. */
function isNewRunDue(): boolean {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo();
  return continueAsNewSuggested || targetWorkerDeploymentVersionChanged;
}

interface Flight {
  readonly scope: CancellationScope;
  readonly ended: Promise<void>;
}

interface EffectFlight extends Flight {
  readonly effect: Effect;
  readonly cancelled: boolean;
}

interface UpkeepFlight extends Flight {
  readonly upkeep: Upkeep;
}

/** State, inbox and what is in flight. */
class Life {
  state: IssueState;
  readonly #inbox: EventBody[] = [];
  #effect: EffectFlight | undefined;
  #upkeep: UpkeepFlight | undefined;
  #notice: Flight | undefined;

  constructor(input: IssueInput) {
    const first = begin({ issue: input.issue, ...input.beginning, at: Date.now() });
    // A field that the older build did not have keeps its initial value.
    this.state = { ...first, ...input.state };
  }

  push(event: EventBody): void {
    this.#inbox.push(event);
  }

  drain(): void {
    for (const event of this.#inbox.splice(0)) this.#apply(event);
  }

  /** Synchronous unless an effect is cancelled: an await here could make a step stale before it starts. */
  proceed(): Pause {
    for (;;) {
      const next = issueLanes(this.state, {
        effect: this.#effect,
        upkeep: this.#upkeep,
        notice: this.#notice,
      });
      switch (next.do) {
        case 'start-effect':
          this.#startEffect(next.effect);
          break;
        case 'start-upkeep':
          this.#startUpkeep(next.upkeep);
          break;
        case 'start-notice':
          this.#startNotice(next.notice);
          break;
        case 'cancel-effect':
          this.#cancelEffect();
          break;
        default:
          return next;
      }
    }
  }

  effectEnded(): Promise<void> | undefined {
    return this.#effect?.ended;
  }

  /** Waits for a message or a result, the deadline, or, at rest, a reason to continue as new. */
  async waitFor(pause: Extract<Pause, { do: 'wait' | 'rest' }>): Promise<void> {
    const isRest = pause.do === 'rest';
    const isAwake = (): boolean => this.#inbox.length > 0 || (isRest && isNewRunDue());
    if (pause.until === undefined) return condition(isAwake);
    const woke = await condition(isAwake, Math.max(1, pause.until - Date.now()));
    if (!woke) this.push({ type: 'timer' });
  }

  async continueAsNew(): Promise<never> {
    await condition(allHandlersFinished);
    this.drain();
    const newRun = makeContinueAsNewFunc<typeof issueWorkflow>({ initialVersioningBehavior: 'AUTO_UPGRADE' });
    return await newRun({ issue: this.state.issue, state: this.state });
  }

  #apply(event: EventBody): void {
    const before = this.state;
    this.state = evolve(before, { ...event, at: Date.now() });
    countEndedRun(event, before, this.state);
  }

  #startEffect(effect: Effect): void {
    this.#apply({ type: 'step-started', effect });
    const state = this.state;
    const flight = this.#launch(
      () => performEffect(state, effect),
      () => (this.#effect = undefined),
    );
    this.#effect = { ...flight, effect, cancelled: false };
  }

  #startUpkeep(upkeep: Upkeep): void {
    const state = this.state;
    const flight = this.#launch(
      () => performUpkeep(state, upkeep),
      () => (this.#upkeep = undefined),
    );
    this.#upkeep = { ...flight, upkeep };
  }

  #startNotice(notice: Notice): void {
    const state = this.state;
    this.#notice = this.#launch(
      () => performNotice(state, notice),
      () => (this.#notice = undefined),
    );
  }

  #cancelEffect(): void {
    if (this.#effect === undefined) return;
    this.#effect.scope.cancel();
    this.#effect = { ...this.#effect, cancelled: true };
  }

  #launch(perform: () => Promise<EventBody>, landed: () => void): Flight {
    const scope = new CancellationScope();
    const ended = scope.run(perform).then(event => {
      landed();
      this.push(event);
    });
    return { scope, ended };
  }
}
