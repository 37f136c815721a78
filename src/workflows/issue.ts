/**
 * The issue workflow: an interpreter of the domain's rules and nothing else. It performs the next step while the inbox
 * stays open; when the step is no longer the one in flight, it calls it off and waits until it has really ended.
 * Bundled for the workflow sandbox: imports contracts and domain only.
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
import { nextStep } from '../domain/next-step.ts';
import type { IssueState } from '../domain/state.ts';
import { effectKey, type Effect, type Step, type Upkeep } from '../domain/step.ts';
import { nextUpkeep } from '../domain/upkeep.ts';
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
    const step = nextStep(life.state);
    const calledOff = life.callOffUnless(step);
    if (calledOff !== undefined) {
      await calledOff;
      continue;
    }
    life.startDue(step);
    if (life.isOver(step)) break;
    if (life.atRest(step) && isNewRunDue()) await life.continueAnew();
    await life.waitFor(step);
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
  readonly key: string;
  readonly scope: CancellationScope;
  readonly ended: Promise<void>;
}

/** State, inbox and what is in flight; the invariant: at most one effect and one piece of upkeep at a time. */
class Life {
  state: IssueState;
  private readonly inbox: EventBody[] = [];
  private effect: Flight | undefined;
  private upkeep: Flight | undefined;

  constructor(input: IssueInput) {
    const first = begin({ issue: input.issue, ...input.beginning, at: Date.now() });
    // What older code did not know of yet is as at the beginning.
    this.state = { ...first, ...input.state };
  }

  push(event: EventBody): void {
    this.inbox.push(event);
  }

  drain(): void {
    for (const event of this.inbox.splice(0)) this.apply(event);
  }

  /**
   * Calls off the effect in flight when it is no longer the step; answers when it has ended. `undefined` when there is
   * nothing to call off: then nothing may be awaited either, or the step could grow stale before it is started.
   */
  callOffUnless(step: Step): Promise<void> | undefined {
    const flight = this.effect;
    if (flight === undefined) return undefined;
    if (step.kind === 'effect' && effectKey(step.effect) === flight.key) return undefined;
    flight.scope.cancel();
    return flight.ended;
  }

  startDue(step: Step): void {
    if (step.kind === 'effect' && this.effect === undefined) this.startEffect(step.effect);
    const upkeep = this.upkeep === undefined ? nextUpkeep(this.state) : undefined;
    if (upkeep !== undefined) this.startUpkeep(upkeep);
  }

  isOver(step: Step): boolean {
    return step.kind === 'end' && this.isQuiet();
  }

  atRest(step: Step): boolean {
    return step.kind !== 'effect' && this.isQuiet();
  }

  /** Until something comes in, or the step's time is up, or there is newer code to go on with. */
  async waitFor(step: Step): Promise<void> {
    const until = 'until' in step ? step.until : undefined;
    const something = (): boolean => this.inbox.length > 0 || (this.atRest(step) && isNewRunDue());
    if (until === undefined) return condition(something);
    const came = await condition(something, Math.max(1, until - Date.now()));
    if (!came) this.push({ type: 'timer' });
  }

  async continueAnew(): Promise<never> {
    await condition(allHandlersFinished);
    this.drain();
    const goOn = makeContinueAsNewFunc<typeof issueWorkflow>({ initialVersioningBehavior: 'AUTO_UPGRADE' });
    return await goOn({ issue: this.state.issue, state: this.state });
  }

  private apply(event: EventBody): void {
    this.state = evolve(this.state, { ...event, at: Date.now() });
  }

  private isQuiet(): boolean {
    return this.effect === undefined && this.upkeep === undefined && this.inbox.length === 0;
  }

  private startEffect(effect: Effect): void {
    const key = effectKey(effect);
    this.apply({ type: 'step-started', effect });
    const state = this.state;
    this.effect = this.launch(
      key,
      () => performEffect(state, effect),
      () => (this.effect = undefined),
    );
  }

  private startUpkeep(upkeep: Upkeep): void {
    const state = this.state;
    this.upkeep = this.launch(
      upkeep.kind,
      () => performUpkeep(state, upkeep),
      () => (this.upkeep = undefined),
    );
  }

  private launch(key: string, perform: () => Promise<EventBody>, landed: () => void): Flight {
    const scope = new CancellationScope();
    const ended = scope.run(perform).then(event => {
      landed();
      this.push(event);
    });
    return { key, scope, ended };
  }
}
