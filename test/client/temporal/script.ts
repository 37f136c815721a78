/** How one issue of the made-up world differs from the successful case, and a log of its activities. */
import { Context, heartbeat } from '@temporalio/activity';
import type { AuditRecord } from '../../../src/domain/audit.ts';
import type { IssueReading, ObservedIssue, ObservedPullRequest } from '../../../src/domain/observation.ts';
import type { Change, RunEnd } from '../../../src/domain/state/work.ts';
import type { Calling } from '../../../src/domain/state/calls.ts';
import type { ReleaseFacts } from '../../../src/domain/state/release.ts';

/** Can be changed at any time; the next activity reads the new values. */
export interface Script {
  /** The text of the policy file, if it differs from the default. */
  policy?: string;
  /** What a look finds instead of the default issue. */
  issue?: Partial<ObservedIssue>;
  /** The issue no longer exists. */
  gone?: Extract<IssueReading, { gone: unknown }>['gone'];
  pullRequest?: Partial<ObservedPullRequest>;
  release?: Partial<ReleaseFacts>;
  /** What a call may use, as read with the policy; absent: nobody is called. */
  calling?: Calling;
  /** The scheduler keeps lines of merges. */
  hasLines?: true;
  /** The webhook answers no. */
  webhookSays?: string;
  /** The head of the default branch after it moved; `outdated` are files of the change that others changed there. */
  head?: string;
  outdated?: readonly string[];
  /** Files on which git cannot merge the change into the moved default branch. */
  conflict?: readonly string[];
  change?: Partial<Change>;
  /** Concerns of the evidence. */
  concerns?: readonly string[];
  /** The results of the runs, by attempt; later runs end as `patch`. */
  runs?: readonly Partial<RunEnd>[];
  /** Called before an activity does its work; it can wait or throw. */
  before?: (activity: string, input: unknown) => Promise<void> | void;
  /** `runAgent began`, `runAgent ended`, …, in their order. */
  readonly log: string[];
  /** The inputs of all activities, by activity name. */
  readonly inputs: Record<string, unknown[]>;
  /** The archived audit records. */
  readonly archived: AuditRecord[];
}

export interface Scripts {
  of(number: number): Script;
}

export function createScripts(): Scripts {
  const scripts = new Map<number, Script>();
  return {
    of: number => {
      const known = scripts.get(number) ?? { log: [], inputs: {}, archived: [] };
      scripts.set(number, known);
      return known;
    },
  };
}

/** Wraps activities: each is logged, and held as the script of its issue says. */
export function scripted<A extends object>(activities: A, scripts: Scripts): A {
  const wrapped = Object.entries(activities).map(([name, perform]) => {
    const act = perform as (input: unknown) => Promise<unknown>;
    return [name, (input: unknown) => performScripted(scripts.of(numberIn(input)), { name, input, act })];
  });
  return Object.fromEntries(wrapped) as A;
}

interface Performance {
  readonly name: string;
  readonly input: unknown;
  readonly act: (input: unknown) => Promise<unknown>;
}

async function performScripted(script: Script, { name, input, act }: Performance): Promise<unknown> {
  script.log.push(`${name} began`);
  (script.inputs[name] ??= []).push(input);
  try {
    await script.before?.(name, input);
    return await act(input);
  } finally {
    script.log.push(`${name} ended`);
  }
}

function numberIn(input: unknown): number {
  const { context } = input as { readonly context?: { readonly issue: { readonly number: number } } };
  return context?.issue.number ?? 0;
}

const HEARTBEAT_MS = 100;

/** Sends heartbeats while an activity waits, so that it learns of its cancellation; then it ends. */
export async function heartbeatUntil(done: Promise<unknown>): Promise<void> {
  const { cancelled } = Context.current();
  await withHeartbeats(Promise.race([done, cancelled]));
}

/** Like a box that dies slowly: after its cancellation it ends only once `dead` resolves. */
export async function heartbeatUntilDead(dead: Promise<unknown>): Promise<never> {
  const { cancelled } = Context.current();
  return await withHeartbeats(
    cancelled.catch((error: unknown) => dead.then(() => Promise.reject(error as Error))),
  );
}

async function withHeartbeats<T>(waiting: Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await waiting;
  } finally {
    clearInterval(timer);
  }
}
