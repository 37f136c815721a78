/** `simulate`: what happened, what the rules did, and what the issue waits for. */
import { actorName } from '../../../domain/actor.ts';
import type { AuditRecord } from '../../../domain/audit.ts';
import type { IssueView } from '../../../domain/view.ts';
import type { Paint } from '../cli.ts';
import type { Chapter } from '../simulate/play.ts';
import { START_AT } from '../simulate/world.ts';
import { plain, relativeTime } from './text.ts';

export function chapterLines({ act, records, view, at }: Chapter, paint: Paint): readonly string[] {
  return [
    '',
    paint.bold(plain(act)),
    ...records.map(record => recordLine(record, paint)),
    nowLine(view, at, paint),
  ];
}

const ACTOR_CHARS = 22;

function recordLine({ at, actor, cause, from, to }: AuditRecord, paint: Paint): string {
  const time = paint.dim(sinceStart(at));
  const moved = from === to ? '' : paint.cyan(`  ${from} → ${to}`);
  return `  ${time}  ${plain(actorName(actor)).padEnd(ACTOR_CHARS)}  ${plain(cause)}${moved}`;
}

const DAY_MS = 86_400_000;

/** `2d 00:05:10`. */
function sinceStart(at: number): string {
  const ms = at - START_AT;
  return `${Math.floor(ms / DAY_MS)}d ${new Date(ms % DAY_MS).toISOString().slice(11, 19)}`;
}

function nowLine({ stage, hold, waitingOn, until }: IssueView, at: number, paint: Paint): string {
  const when = until === null ? '' : `, until ${relativeTime(until, at)}`;
  const what =
    hold === null
      ? waitingOn === 'nothing'
        ? 'ended'
        : `waiting for ${plain(waitingOn)}${when}`
      : paint.yellow(`${plain(hold.who)}: ${plain(hold.what)}`);
  return `  ⇒ ${paint.cyan(stage)}: ${what}`;
}
