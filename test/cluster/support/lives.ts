/** Follows many issues at once through Temporal's index, as `signalbox list` does, and acts as their people at each gate. */
import { setTimeout as delay } from 'node:timers/promises';
import { PERSON } from '../../../demo/project.ts';
import { peopleOf } from '../../../demo/people.ts';
import { atTemporal, type Temporal } from '../../../src/client/temporal/connection.ts';
import { listIssues } from '../../../src/client/temporal/list.ts';
import { ensureScanSchedules } from '../../../src/client/temporal/schedules.ts';
import type { Environment } from '../../../src/config/environment.ts';
import type { Gate } from '../../../src/domain/decision.ts';
import {
  type IssueRef,
  issueName,
  type RepositoryRef,
  repositoryName,
} from '../../../src/domain/issue-ref.ts';
import type { Hold } from '../../../src/domain/step.ts';
import type { IssueView } from '../../../src/domain/view.ts';
import type { Outside } from '../../../demo/outside.ts';

const POLL_MS = 200;
const ISSUES_MAX = 500;
const SCAN_SECONDS = 60;

export interface Life {
  readonly issue: IssueRef;
  readonly view: IssueView;
  readonly ended: boolean;
}

export interface Place {
  readonly outside: Outside;
  /** Settings of Temporal. */
  readonly values: Environment;
}

export interface FollowInput extends Place {
  readonly issues: readonly IssueRef[];
  /** Gates at which no person acts. */
  readonly closed?: readonly Gate[];
  /** Issues may be on hold for another reason than a gate, and nobody acts then. */
  readonly mayHold?: boolean;
  /** Ends the following, with the lives in the order of `issues`. */
  readonly until: (lives: readonly Life[]) => boolean;
  readonly what: string;
  readonly limitMs: number;
}

/** Opts all issues in, and scans their repositories by Schedules as `up` does. */
export async function optIn({
  outside,
  values,
  issues,
}: Place & { readonly issues: readonly IssueRef[] }): Promise<void> {
  for (const issue of issues) await peopleOf(outside.github, issue).optIn();
  const repositories = new Map<string, RepositoryRef>(issues.map(issue => [repositoryName(issue), issue]));
  await atTemporal(values, temporal =>
    ensureScanSchedules(temporal, [...repositories.values()], SCAN_SECONDS),
  );
}

/** Throws with the unfinished issues when the time is over, or when an issue is on hold for a reason that is no gate. */
export async function followAll(input: FollowInput): Promise<readonly Life[]> {
  const acted = new Set<string>();
  const deadline = Date.now() + input.limitMs;
  return await atTemporal(input.values, async temporal => {
    for (;;) {
      const lives = await livesOf(temporal, input.issues);
      for (const life of lives) await act(input, life, acted);
      if (lives.length === input.issues.length && input.until(lives)) return lives;
      if (Date.now() > deadline)
        throw new Error(`not within ${input.limitMs} ms: ${input.what}: ${summary(lives)}`);
      await delay(POLL_MS);
    }
  });
}

/** The issues that have a view, in the given order. The index may be down for a moment while a process restarts. */
async function livesOf(temporal: Temporal, issues: readonly IssueRef[]): Promise<readonly Life[]> {
  const listing = await listIssues(temporal, { all: true }, { issuesMax: ISSUES_MAX }).catch(() => ({
    issues: [],
  }));
  // Newest first: a workflow that continued as new is listed once per run.
  const found = new Map(listing.issues.toReversed().map(one => [one.issue.toLowerCase(), one]));
  return issues.flatMap(issue => {
    const one = found.get(issueName(issue).toLowerCase());
    return one?.view === undefined ? [] : [{ issue, view: one.view, ended: !one.running }];
  });
}

async function act(input: FollowInput, life: Life, acted: Set<string>): Promise<void> {
  const { issue, view, ended } = life;
  const once = (key: string): boolean => {
    const isNew = !acted.has(`${issueName(issue)} ${key}`);
    acted.add(`${issueName(issue)} ${key}`);
    return isNew;
  };
  const people = peopleOf(input.outside.github, issue);
  if (view.merge !== null && once('deploy')) await people.deploy(view.merge.commit);
  const { hold } = view;
  if (ended || hold === null || !isFor(hold, input)) return;
  if (once(hold.digest ?? '')) await people.approve(view, hold);
}

/** Whether somebody approves there. Throws for a hold that the test does not expect. */
function isFor({ gate, why, what }: Hold, { closed = [], mayHold = false }: FollowInput): boolean {
  if (gate === undefined && !mayHold) throw new Error(`an issue is on hold: ${why.join('; ')}; ${what}`);
  return gate !== undefined && !closed.includes(gate);
}

function summary(lives: readonly Life[]): string {
  return lives
    .filter(({ ended }) => !ended)
    .map(({ view }) => `${view.issue} ${view.stage}, ${view.hold?.gate ?? view.waitingOn}`)
    .join('; ');
}

export const allEnded = (lives: readonly Life[]): boolean => lives.every(({ ended }) => ended);

/** A comment of the issue's maintainer. */
export function comment({ github }: Outside, issue: IssueRef, text: string): void {
  github.admin.as(PERSON, repositoryName(issue)).comment(issue.number, text);
}
