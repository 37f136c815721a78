/** Drives the life of one issue on a real Temporal server: its view, decisions of people, and its records. */
import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { pokeIssue, startIssue } from '../../../src/client/temporal/issues.ts';
import { lookAtIssue } from '../../../src/client/temporal/look.ts';
import { storyOf } from '../../../src/client/temporal/story.ts';
import { sendDecision } from '../../../src/client/temporal/decide.ts';
import type { DecideInput, DecideResult } from '../../../src/contracts/messages.ts';
import { issueWorkflowId, MESSAGES } from '../../../src/contracts/names.ts';
import type { AuditRecord } from '../../../src/domain/audit.ts';
import { type DecisionRequest, type Gate } from '../../../src/domain/decision.ts';
import type { IssueView } from '../../../src/domain/view.ts';
import { until } from '../../support/until.ts';
import type { Script } from '../../client/temporal/script.ts';
import type { Stage } from '../../client/temporal/stage.ts';
import { POLICY_TEXT } from '../../client/temporal/world.ts';

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export type Life = ReturnType<typeof lifeOf>;

const LIMIT_MS = 20_000;

/** The plain policy; these lines are added or replace its own. */
export function policyWith(lines: Readonly<Record<string, string>>): string {
  const own = Object.fromEntries(
    POLICY_TEXT.trim()
      .split('\n')
      .map(line => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
  );
  return Object.entries({ ...own, ...lines })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

export function lifeOf(stage: Pick<Stage, 'temporal' | 'world'>, number: number) {
  const issue = { owner: 'Acme', repo: 'profile', number };
  const handle = stage.temporal.client.workflow.getHandle(issueWorkflowId(issue));
  const script: Script = stage.world.scripts.of(number);

  const view = async (): Promise<IssueView> => (await storyOf(stage.temporal, issue, LIMIT_MS)).view;

  const when = (what: string, holds: (view: IssueView) => boolean): Promise<IssueView> =>
    until(
      `#${number} ${what}`,
      async () => {
        const now = await view();
        return holds(now) ? now : undefined;
      },
      LIMIT_MS,
    );

  const sent = (request: DecisionRequest, who: { by?: string; id?: string } = {}): DecideInput => {
    const { by = 'alice', id = randomUUID() } = who;
    return { id, by, request };
  };
  const update = (request: DecisionRequest, who: { by?: string; id?: string } = {}) => {
    const input = sent(request, who);
    return handle.executeUpdate<DecideResult, [object]>(MESSAGES.decide, {
      args: [input],
      updateId: input.id,
    });
  };

  return {
    issue,
    number,
    handle,
    script,
    view,
    when,
    /** Starts the workflow, after changing these parts of its script. */
    begin: async (changes: Partial<Script> = {}): Promise<void> => {
      Object.assign(script, changes);
      await startIssue(stage.temporal, issue);
    },
    poke: async (): Promise<void> => {
      await pokeIssue(stage.temporal, issue, ['issue', 'comments', 'pull-request']);
    },
    /** Sends the update `decide`; resolves to the accepted decision. */
    decide: async (request: DecisionRequest, who: { by?: string; id?: string } = {}): Promise<string> =>
      (await sendDecision(handle, sent(request, who))).taken,
    /** Resolves to the reason for which the update's validator refuses a decision. */
    refused: async (request: DecisionRequest, who: { by?: string; id?: string } = {}): Promise<Refusal> => {
      const error: unknown = await update(request, who).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
      if (!(cause instanceof ApplicationFailure)) throw new Error(`not refused: ${String(error)}`);
      return { code: cause.type ?? '', message: cause.message };
    },
    signal: (name: 'approve' | 'escalate', payload: unknown): Promise<void> => handle.signal(name, payload),
    atGate: (gate: Gate): Promise<IssueView> => when(`at the ${gate} gate`, now => now.hold?.gate === gate),
    held: (kind: string): Promise<IssueView> => when(`held: ${kind}`, now => now.hold?.kind === kind),
    /** Approves every gate before this one, and stops at it. */
    to: (gate: Gate): Promise<IssueView> => approveUntil({ when, update }, now => now.hold?.gate === gate),
    /** Approves every gate until the issue has ended; resolves to the last view. */
    toEnd: async (): Promise<IssueView> => {
      const ended = (async () => (await lookAtIssue(stage.temporal, issue)).kind === 'closed')();
      if (!(await ended)) await approveUntil({ when, update }, now => now.waitingOn === 'nothing');
      return (await handle.result()) as IssueView;
    },
    /** All audit records so far, archived or not. */
    records: async (): Promise<readonly AuditRecord[]> => {
      const look = await lookAtIssue(stage.temporal, issue);
      if (look.kind === 'closed') return script.archived;
      return [...script.archived, ...(await storyOf(stage.temporal, issue, LIMIT_MS)).records];
    },
    historyLength: async (): Promise<number> => (await handle.describe()).historyLength,
  };
}

interface Acts {
  readonly when: (what: string, holds: (view: IssueView) => boolean) => Promise<IssueView>;
  readonly update: (request: DecisionRequest) => Promise<unknown>;
}

async function approveUntil({ when, update }: Acts, there: (view: IssueView) => boolean): Promise<IssueView> {
  for (;;) {
    const view = await when('at a hold or at the target', now => there(now) || now.hold !== null);
    if (there(view)) return view;
    const { hold } = view;
    if (hold?.kind !== 'gate') throw new Error(`held: ${hold?.kind ?? ''}: ${hold?.why.join('; ') ?? ''}`);
    const digest = hold.digest ?? '';
    await update({ kind: 'approve', digest });
    await when('past the gate', now => now.hold?.digest !== digest || there(now));
  }
}
