/**
 * The line of merges of one repository: only an interpreter of the rules in domain/line. It tells one issue after the other that
 * it may be merged, and ends when nobody waits. Bundled for the workflow sandbox: imports contracts and domain only.
 */
import {
  allHandlersFinished,
  condition,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { LeaveLine, LineInput, TurnGiven } from '../contracts/messages.ts';
import { issueWorkflowId, LINE_MESSAGES, MESSAGES } from '../contracts/names.ts';
import type { LineEventBody } from '../domain/line/event.ts';
import { evolveLine } from '../domain/line/evolve.ts';
import type { TellAhead } from '../domain/line/ahead.ts';
import { type AheadGiven, readJoin, readLeave } from '../domain/line/message.ts';
import { type LineStep, nextLineStep } from '../domain/line/next-step.ts';
import { beginLine, type JoinRequest, type LineState } from '../domain/line/state.ts';
import { lineDetails, lineView, type LineView } from '../domain/line/view.ts';
import { unpinned } from './unpinned.ts';

export const join = defineSignal<[JoinRequest]>(LINE_MESSAGES.join);
export const leave = defineSignal<[LeaveLine]>(LINE_MESSAGES.leave);
export const line = defineQuery<LineView>(LINE_MESSAGES.line);

export async function lineWorkflow(input: LineInput): Promise<void> {
  const kept = new Line(input);
  receiveMessages(kept);
  for (;;) {
    kept.drain();
    const step = nextLineStep(kept.state);
    if (step.kind === 'tell') await kept.tell(step);
    else if (step.kind === 'tell-ahead') await kept.tellAhead(step);
    else if (workflowInfo().continueAsNewSuggested) await kept.continueAsNew();
    else if (step.kind === 'rest') await kept.rest(step.until);
    else if (await kept.isOver()) return;
  }
}

unpinned(lineWorkflow);

function receiveMessages(kept: Line): void {
  setHandler(join, payload => kept.push(readJoin(payload)));
  setHandler(leave, payload => kept.push(readLeave(payload)));
  setHandler(line, () => lineView(kept.state));
  // An unknown signal must not pile up in the buffer.
  setDefaultSignalHandler(() => undefined);
}

/** State and inbox. */
class Line {
  state: LineState;
  readonly #inbox: LineEventBody[] = [];

  constructor({ repository, state }: LineInput) {
    this.state = { ...beginLine(repository, Date.now()), ...state };
  }

  push(event: LineEventBody | undefined): void {
    if (event !== undefined) this.#inbox.push(event);
  }

  drain(): void {
    const events = this.#inbox.splice(0);
    for (const event of events) this.state = evolveLine(this.state, { ...event, at: Date.now() });
    if (events.length > 0) setCurrentDetails(lineDetails(this.state));
  }

  /** Temporal says at once whether the issue has a running workflow. */
  async tell({ issue, id }: Extract<LineStep, { kind: 'tell' }>): Promise<void> {
    const args: [TurnGiven] = [{ id }];
    try {
      await this.#handleOf(issue).signal(MESSAGES.turn, ...args);
      this.push({ type: 'told', issue, id });
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.push({ type: 'lost', issue, id });
    }
  }

  async tellAhead({ issue, id, before }: TellAhead): Promise<void> {
    const args: [AheadGiven] = [{ id, before }];
    try {
      await this.#handleOf(issue).signal(MESSAGES.ahead, ...args);
      this.push({ type: 'told-ahead', issue, id, before });
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.push({ type: 'lost', issue, id });
    }
  }

  #handleOf(issue: number) {
    return getExternalWorkflowHandle(issueWorkflowId({ ...this.state.repository, number: issue }));
  }

  async rest(until: number): Promise<void> {
    const isAwake = (): boolean => this.#inbox.length > 0 || workflowInfo().continueAsNewSuggested;
    const woke = await condition(isAwake, Math.max(1, until - Date.now()));
    if (!woke) this.push({ type: 'timer' });
  }

  /** Nobody waits, and nobody has joined meanwhile. */
  async isOver(): Promise<boolean> {
    await condition(allHandlersFinished);
    return this.#inbox.length === 0;
  }

  async continueAsNew(): Promise<never> {
    await condition(allHandlersFinished);
    this.drain();
    const { repository } = this.state;
    return await makeContinueAsNewFunc<typeof lineWorkflow>()({ repository, state: this.state });
  }
}
