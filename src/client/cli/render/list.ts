/** `list`: one line per issue, and a summary. */
import type { ListedIssue, Listing } from '../../temporal/list.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { count, durationText, plain, shortBuild } from './text.ts';

export function listLines({ issues }: Listing, { paint, now, width }: Terminal): readonly string[] {
  if (issues.length === 0) return [];
  const column = (title: string, text: (issue: ListedIssue) => string) => ({
    title,
    cells: issues.map(issue => plain(text(issue))),
  });
  const columns = [
    { ...column('ISSUE', issue => issue.issue), colour: paint.bold },
    { ...column('STAGE', issue => issue.stage), colour: paint.cyan },
    { ...column('HOLD', heldBy), colour: paint.yellow },
    column('WAITING ON', waiting),
    column('RISK', issue => issue.risk),
    column('AGE', issue => durationText(now - issue.startedAt)),
    column('TITLE', issue => issue.view?.title ?? ''),
  ];
  return table(columns, paint, width);
}

export function listSummary({ issues, more }: Listing, issuesMax: number): string {
  if (issues.length === 0) return 'no issues found (use --all to include ended ones)';
  const held = issues.filter(issue => issue.hold !== 'none' && issue.hold !== '').length;
  const rest = more ? `; showing the newest ${issuesMax} (see more with --limit)` : '';
  return `${count(issues.length, 'issue')}, ${held} held${rest}${stuck(issues)}`;
}

function stuck(issues: readonly ListedIssue[]): string {
  const number = issues.filter(issue => issue.unservedBuild !== undefined).length;
  if (number === 0) return '';
  return `; ${count(number, 'issue')} on workflow code that no scheduler runs (see \`signalbox move --help\`)`;
}

/** What GitHub shows of the issue may be out of date while something keeps failing. */
function heldBy({ hold, view }: ListedIssue): string {
  const held = hold === 'none' ? [] : [hold];
  const isLate = (view?.delays ?? []).length > 0 && hold !== 'delayed';
  return [...held, ...(isLate ? ['(delayed)'] : [])].join(' ');
}

/** Until a scheduler has run the workflow, its attributes are those of the start. */
function waiting(issue: ListedIssue): string {
  if (issue.unservedBuild !== undefined) return `a scheduler with build ${shortBuild(issue.unservedBuild)}`;
  return issue.view === undefined && issue.running ? 'a scheduler' : issue.waitingOn;
}
