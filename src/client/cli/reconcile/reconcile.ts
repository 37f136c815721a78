/** Compares every open issue of a repository with GitHub, pokes its workflow, and compares again. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseIssueRef, type RepositoryRef } from '../../../domain/issue-ref.ts';
import { FACETS } from '../../../domain/observation.ts';
import type { GitHub } from '../../../github/client.ts';
import { GitHubFailure } from '../../../github/failure.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { pokeIssue } from '../../temporal/issues.ts';
import { type ListedIssue, listIssues } from '../../temporal/list.ts';
import { lookAtIssue } from '../../temporal/look.ts';
import type { Cli } from '../cli.ts';
import { lineOf } from '../exit.ts';
import { disagreements } from '../explain/agreement.ts';
import { gitHubFacts } from '../explain/github-facts.ts';

export interface Reconciled {
  readonly issue: string;
  readonly told: 'delivered' | 'ended';
  /** The differences before the poke; absent without a token, or when GitHub did not answer. */
  readonly found?: readonly string[];
  /** The differences that remain after the workflow has read GitHub. */
  readonly left?: readonly string[];
  readonly notCompared?: string;
}

export interface ReconcileInput {
  readonly cli: Cli;
  readonly temporal: Temporal;
  readonly github: GitHub | undefined;
  readonly repository: RepositoryRef;
}

const ISSUES_MAX = 500;

/** One issue after the other, to limit the load on GitHub. */
export async function* reconcile(input: ReconcileInput): AsyncGenerator<Reconciled> {
  const { cli, temporal, repository } = input;
  const limits = { issuesMax: ISSUES_MAX, signal: cli.signal };
  const { issues } = await listIssues(temporal, { repository }, limits);
  for (const listed of issues) {
    cli.signal.throwIfAborted();
    yield await reconcileOne(input, listed);
  }
}

async function reconcileOne(input: ReconcileInput, { issue, workflowId }: ListedIssue): Promise<Reconciled> {
  const ref = parseIssueRef(issue);
  if (ref === undefined) throw new Error(`the workflow ${workflowId} does not name an issue`);
  const before = await differences(input, ref);
  const told = await pokeIssue(input.temporal, ref, FACETS);
  if (typeof before === 'string') return { issue, told, notCompared: before };
  if (before === undefined) return { issue, told };
  const left = before.length === 0 || told === 'ended' ? before : await remaining(input, ref, before);
  return { issue, told, found: before, left };
}

type Ref = NonNullable<ReturnType<typeof parseIssueRef>>;

/** The differences, or the error message when GitHub failed; `undefined` without a token or a running workflow. */
async function differences(input: ReconcileInput, ref: Ref): Promise<readonly string[] | string | undefined> {
  const { temporal, github } = input;
  const known = await lookAtIssue(temporal, ref);
  if (github === undefined || known.kind !== 'running' || known.view === undefined) return undefined;
  try {
    return disagreements(known.view, await gitHubFacts(github, ref, known.view.branch));
  } catch (error) {
    if (error instanceof GitHubFailure) return lineOf(error);
    throw error;
  }
}

const LOOKS_MAX = 4;
const LOOK_AFTER_MS = 1_500;

/** A scheduler repairs differences within seconds; what remains needs a person, or a running scheduler. */
async function remaining(
  input: ReconcileInput,
  ref: Ref,
  before: readonly string[],
): Promise<readonly string[]> {
  let left = before;
  for (let looks = 0; looks < LOOKS_MAX && left.length > 0; looks++) {
    await delay(LOOK_AFTER_MS, undefined, { signal: input.cli.signal });
    const now = await differences(input, ref);
    if (typeof now === 'object') left = now;
  }
  return left;
}
