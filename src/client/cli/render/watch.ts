/** `watch`: the line with the current state. */
import type { ListedIssue } from '../../temporal/list.ts';
import type { KnownIssue, PendingActivity } from '../../temporal/look.ts';
import { clock } from './record.ts';
import type { Terminal } from './terminal.ts';
import { plain, relativeTime } from './text.ts';

export interface NowLine {
  /** Changes when a new line is to be printed. */
  readonly key: string;
  readonly text: string;
}

export function nowLine(known: KnownIssue, { paint, now }: Terminal): NowLine {
  const what = whatNow(known, now);
  return { key: what.key, text: `${paint.dim(clock(now))}  ${paint.dim('…')} ${paint.bold(what.text)}` };
}

export function listedLine(issue: ListedIssue, { paint, now }: Terminal): string {
  const hold = issue.hold === 'none' || issue.hold === '' ? '' : paint.yellow(`  [${issue.hold}]`);
  const state = issue.running ? `waiting on ${plain(issue.waitingOn)}` : 'ended';
  const [time, name, stage] = [
    paint.dim(clock(now)),
    paint.bold(plain(issue.issue)),
    paint.cyan(issue.stage),
  ];
  return `${time}  ${name}  ${stage}${hold}  ${state}`;
}

function whatNow(known: KnownIssue, now: number): NowLine {
  const { view, kind, status } = known;
  if (kind === 'closed') {
    const end = view?.stage ?? status.toLowerCase();
    return { key: `closed ${end}`, text: `ended: ${end}` };
  }
  if (view === undefined) return { key: 'new', text: 'started; waiting for a scheduler' };
  const { hold, waitingOn, run, until } = view;
  if (hold !== null) {
    const text = plain(`${hold.who}: ${hold.what}`);
    return { key: `hold ${text}`, text };
  }
  if (run !== null && run.ending === null) return runNow(run.runId, known.pending);
  const when = until === null ? '' : `, until ${relativeTime(until, now)}`;
  return { key: `wait ${waitingOn}`, text: `${plain(waitingOn)}${when}` };
}

/** A run is queued until a runner has a free slot. */
function runNow(runId: string, pending: readonly PendingActivity[]): NowLine {
  const activity = pending.find(({ name }) => name === 'runAgent');
  const where = activity?.worker === undefined ? 'queued for a runner' : `on ${plain(activity.worker)}`;
  const text = `run ${plain(runId)} ${where}`;
  return { key: text, text };
}
