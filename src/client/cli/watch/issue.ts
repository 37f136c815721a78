/** Watches one issue: its audit records as they are written, and what it waits for in between. */
import type { AuditRecord } from '../../../domain/audit.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import type { IssueView } from '../../../domain/view.ts';
import { ClientProblem } from '../../temporal/client-problem.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { type KnownIssue, lookAtKnown } from '../../temporal/look.ts';
import { storyOf } from '../../temporal/story.ts';
import { type Cli, print, printJsonLine } from '../cli.ts';
import { recordLine } from '../render/record.ts';
import { terminalOf } from '../render/terminal.ts';
import { nowLine } from '../render/watch.ts';
import { poll } from './poll.ts';

const POLL_MS = 700;
const STORY_TIMEOUT_MS = 2_000;

export interface WatchIssueInput {
  readonly cli: Cli;
  readonly temporal: Temporal;
  readonly json: boolean;
  readonly issue: IssueRef;
}

/** Prints the history so far, then each transition, until the workflow closes. */
export async function watchIssue(input: WatchIssueInput): Promise<void> {
  const watched = new Watched(input);
  await poll(input.cli, { everyMs: POLL_MS, look: () => watched.look() });
}

/** Remembers what was printed, so that nothing is printed twice. */
class Watched {
  #seq = 0;
  #now = '';
  readonly #input: WatchIssueInput;

  constructor(input: WatchIssueInput) {
    this.#input = input;
  }

  async look(): Promise<'continue' | 'done'> {
    const { temporal, issue } = this.#input;
    const known = await lookAtKnown(temporal, issue);
    const { view } = known;
    if (view !== undefined && view.auditSeq > this.#seq) await this.#printRecords(view);
    this.#printNow(known);
    return known.kind === 'closed' ? 'done' : 'continue';
  }

  /** Records need a worker; without one the current state is still printed. */
  async #printRecords(view: IssueView): Promise<void> {
    const { cli, json } = this.#input;
    const records = await this.#freshRecords();
    for (const record of records) {
      if (json) printJsonLine(cli, { type: 'transition', issue: view.issue, ...record });
      else print(cli, [recordLine(record, terminalOf(cli))]);
      this.#seq = record.seq;
    }
  }

  async #freshRecords(): Promise<readonly AuditRecord[]> {
    const { temporal, issue } = this.#input;
    try {
      const { records } = await storyOf(temporal, issue, STORY_TIMEOUT_MS);
      return records.filter(record => record.seq > this.#seq);
    } catch (error) {
      if (error instanceof ClientProblem && error.kind === 'no-scheduler') return [];
      throw error;
    }
  }

  #printNow(known: KnownIssue): void {
    const { cli, json } = this.#input;
    const line = nowLine(known, terminalOf(cli));
    if (line.key === this.#now) return;
    this.#now = line.key;
    if (!json) {
      print(cli, [line.text]);
      return;
    }
    const { view, kind, issue } = known;
    const { stage, hold, waitingOn, run, until } = view ?? {};
    printJsonLine(cli, { type: 'state', issue, workflow: kind, stage, hold, waitingOn, run, until });
  }
}
