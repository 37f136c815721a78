/** How one issue of the made-up world differs from the plain good case, and what was done for it. */
import { Context, heartbeat } from '@temporalio/activity';
import type { AuditRecord } from '../../../src/domain/audit.ts';
import type { IssueReading, ObservedIssue, ObservedPullRequest } from '../../../src/domain/observation.ts';
import type { Change, RunEnd } from '../../../src/domain/state/work.ts';
import type { ReleaseFacts } from '../../../src/domain/state/release.ts';

/** May be changed at any moment of the life: what is read next is what stands here then. */
export interface Script {
  /** The text of the policy file, when it is another one. */
  policy?: string;
  /** What a look finds, where it is not the plain issue. */
  issue?: Partial<ObservedIssue>;
  /** It is not there any more. */
  gone?: Extract<IssueReading, { gone: unknown }>['gone'];
  pullRequest?: Partial<ObservedPullRequest>;
  release?: Partial<ReleaseFacts>;
  /** Where the default branch stands, once it has moved; and files of the change that others have changed on the way. */
  head?: string;
  outdated?: readonly string[];
  change?: Partial<Change>;
  /** What the reviewer must know. */
  concerns?: readonly string[];
  /** What the runs come to, by attempt; those beyond the list leave a patch. */
  runs?: readonly Partial<RunEnd>[];
  /** Asked before an activity does its work: it may wait, or throw. */
  before?: (activity: string, input: unknown) => Promise<void> | void;
  /** `runAgent began`, `runAgent ended`, …, in their order. */
  readonly log: string[];
  /** The inputs of every activity, by its name. */
  readonly inputs: Record<string, unknown[]>;
  /** Audit records that were archived. */
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

/** The same activities, each of them logged and held as its issue's script says. */
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

const BEAT_MS = 100;

/** As long as an activity waits it beats, so that it learns when it is called off; then it ends. */
export async function beatUntil(done: Promise<unknown>): Promise<void> {
  const { cancelled } = Context.current();
  await beating(Promise.race([done, cancelled]));
}

/** As a box that takes its time to die: called off, it lasts until `dead`, and only then says so. */
export async function beatUntilDead(dead: Promise<unknown>): Promise<never> {
  const { cancelled } = Context.current();
  return await beating(cancelled.catch((error: unknown) => dead.then(() => Promise.reject(error as Error))));
}

async function beating<T>(waiting: Promise<T>): Promise<T> {
  const beat = setInterval(() => heartbeat(), BEAT_MS);
  try {
    return await waiting;
  } finally {
    clearInterval(beat);
  }
}
