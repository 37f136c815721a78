/** `list`: one line per issue, and a summary. */
import type { ListedIssue, Listing } from '../../temporal/list.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { count, durationText, plain } from './text.ts';

export function listLines({ issues }: Listing, { paint, now, width }: Terminal): readonly string[] {
  if (issues.length === 0) return [];
  const column = (title: string, text: (issue: ListedIssue) => string) => ({
    title,
    cells: issues.map(issue => plain(text(issue))),
  });
  const columns = [
    { ...column('ISSUE', issue => issue.issue), colour: paint.bold },
    { ...column('STAGE', issue => issue.stage), colour: paint.cyan },
    { ...column('HOLD', issue => (issue.hold === 'none' ? '' : issue.hold)), colour: paint.yellow },
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
  return `${count(issues.length, 'issue')}, ${held} held${rest}`;
}

/** Until a scheduler has run the workflow, its attributes are those of the start. */
function waiting(issue: ListedIssue): string {
  return issue.view === undefined && issue.running ? 'a scheduler' : issue.waitingOn;
}
