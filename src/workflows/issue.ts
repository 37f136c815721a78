/**
 * The issue workflow: an interpreter of the domain's rules and nothing else. It performs what the lanes say while the
 * inbox stays open. Bundled for the workflow sandbox: imports contracts and domain only.
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
import type { Effect, Upkeep } from '../domain/step.ts';
import { type IssueView, viewOf } from '../domain/view.ts';
import { receiveMessages } from './messages.ts';
import { performEffect, performUpkeep } from './perform.ts';
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
    if (pause.do === 'rest' && isNewRunDue()) await life.continueAnew();
    await (pause.do === 'await-cancelled' ? life.effectEnded() : life.waitFor(pause));
  }
  await condition(allHandlersFinished);
  return viewOf(life.state);
}

/** The history is long, or there is newer code: a run is pinned to the code it began with. */
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

  constructor(input: IssueInput) {
    const first = begin({ issue: input.issue, ...input.beginning, at: Date.now() });
    // What older code did not know of yet is as at the beginning.
    this.state = { ...first, ...input.state };
  }

  push(event: EventBody): void {
    this.#inbox.push(event);
  }

  drain(): void {
    for (const event of this.#inbox.splice(0)) this.#apply(event);
  }

  /** Synchronous: where nothing was cancelled nothing may be awaited, or a step could grow stale before it is started. */
  proceed(): Pause {
    for (;;) {
      const next = issueLanes(this.state, { effect: this.#effect, upkeep: this.#upkeep });
      switch (next.do) {
        case 'start-effect':
          this.#startEffect(next.effect);
          break;
        case 'start-upkeep':
          this.#startUpkeep(next.upkeep);
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

  /** Until something comes in, or the time is up, or there is newer code to go on with. */
  async waitFor(pause: Extract<Pause, { do: 'wait' | 'rest' }>): Promise<void> {
    const isRest = pause.do === 'rest';
    const something = (): boolean => this.#inbox.length > 0 || (isRest && isNewRunDue());
    if (pause.until === undefined) return condition(something);
    const came = await condition(something, Math.max(1, pause.until - Date.now()));
    if (!came) this.push({ type: 'timer' });
  }

  async continueAnew(): Promise<never> {
    await condition(allHandlersFinished);
    this.drain();
    const goOn = makeContinueAsNewFunc<typeof issueWorkflow>({ initialVersioningBehavior: 'AUTO_UPGRADE' });
    return await goOn({ issue: this.state.issue, state: this.state });
  }

  #apply(event: EventBody): void {
    this.state = evolve(this.state, { ...event, at: Date.now() });
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
