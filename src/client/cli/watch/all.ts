/** Watches many issues over the visibility index: one line when an issue appears, changes or ends. */
import type { RepositoryRef } from '../../../domain/issue-ref.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { type ListedIssue, listIssues } from '../../temporal/list.ts';
import { type Cli, print, printJsonLine, say } from '../cli.ts';
import { terminalOf } from '../render/terminal.ts';
import { listedLine } from '../render/watch.ts';
import { poll } from './poll.ts';

const POLL_MS = 2_000;
const ISSUES_WATCHED = 500;

export interface WatchAllInput {
  readonly cli: Cli;
  readonly temporal: Temporal;
  readonly json: boolean;
  readonly repository?: RepositoryRef;
}

export async function watchAll({ cli, temporal, json, repository }: WatchAllInput): Promise<void> {
  const seen = new Map<string, string>();
  const filter = { all: true, ...(repository === undefined ? {} : { repository }) };
  let first = true;
  const look = async (): Promise<'continue'> => {
    const limits = { issuesMax: ISSUES_WATCHED, signal: cli.signal };
    const { issues, more } = await listIssues(temporal, filter, limits);
    if (first && more) say(cli, `watching only the newest ${ISSUES_WATCHED} issues`);
    for (const issue of changed(issues, seen)) {
      // Issues that had ended before the watch began are not shown.
      if (first && !issue.running) continue;
      if (json) printJsonLine(cli, { type: 'state', ...issue });
      else print(cli, [listedLine(issue, terminalOf(cli))]);
    }
    first = false;
    return 'continue';
  };
  await poll(cli, { everyMs: POLL_MS, look });
}

function changed(issues: readonly ListedIssue[], seen: Map<string, string>): readonly ListedIssue[] {
  return issues.filter(({ workflowId, stage, hold, waitingOn, running }) => {
    const key = [stage, hold, waitingOn, String(running)].join('|');
    const isNew = seen.get(workflowId) !== key;
    seen.set(workflowId, key);
    return isNew;
  });
}
