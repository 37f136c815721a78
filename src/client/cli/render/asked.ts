/** What a gate asks a person to approve: the digest and everything that it covers. */
import type { IssueView } from '../../../domain/view.ts';
import type { KnownIssue } from '../../temporal/look.ts';
import { shortOf } from './show.ts';
import type { Terminal } from './terminal.ts';
import { count, durationText, plain, shortCommit } from './text.ts';

export function askedLines(
  { view, issue }: Pick<KnownIssue, 'view' | 'issue'>,
  { paint, now }: Terminal,
): readonly string[] {
  const hold = view?.hold;
  if (view === undefined || hold?.gate === undefined || hold.digest === undefined) return [];
  const since = view.heldSince === null ? '' : ` for ${durationText(now - view.heldSince)}`;
  return [
    `${paint.bold(plain(issue))}  ${plain(view.title)}`,
    paint.yellow(`the ${hold.gate} gate has been open${since}; to decide: ${plain(hold.who)}`),
    ...hold.why.map(why => line('why', plain(why))),
    line('mode', `${view.mode}, risk ${plain([view.risk.level, ...view.risk.reasons].join(', '))}`),
    ...workLines(view),
    ...(view.evidence?.concerns ?? []).map(concern => paint.red(line('concern', plain(concern)))),
    line('digest', paint.bold(shortOf(hold.digest))),
  ];
}

function workLines({ change, evidence, pullRequest, merge }: IssueView): readonly string[] {
  const changed = (commit: string, files: number, diff: string): string =>
    `${shortCommit(commit)}, ${count(files, 'file')}, diff ${shortOf(diff)}`;
  return [
    ...(change === null ? [] : [line('change', changed(change.commit, change.files, change.diff))]),
    ...(evidence === null ? [] : [line('evidence', shortOf(evidence.digest))]),
    ...(pullRequest === null ? [] : [line('pull', plain(pullRequest.url))]),
    ...(merge === null ? [] : [line('merge', shortCommit(merge.commit))]),
  ];
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(9)}  ${text}`;
}
