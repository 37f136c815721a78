/** One audit record as one line: time, stage, actor, cause. */
import { actorName } from '../../../domain/actor.ts';
import type { AuditRecord } from '../../../domain/audit.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { plain, shortCommit } from './text.ts';

const STAGES_CHARS = 20;
const ACTOR_CHARS = 18;

export function recordLine(record: AuditRecord, { paint }: Terminal): string {
  const { from, to, hold } = record;
  const moved = from === to ? to : `${from} → ${to}`;
  const held = hold === 'none' ? '' : paint.yellow(`  [${hold}]`);
  return [
    paint.dim(clock(record.at)),
    paint.cyan(moved.padEnd(STAGES_CHARS)),
    plain(actorName(record.actor)).padEnd(ACTOR_CHARS),
    `${plain(record.cause)}${held}`,
  ].join('  ');
}

/** `audit`: the records as a table, with judgement and digests. */
export function auditLines(records: readonly AuditRecord[], { paint, width }: Terminal): readonly string[] {
  const column = (title: string, text: (record: AuditRecord) => string) => ({
    title,
    cells: records.map(record => plain(text(record))),
  });
  const columns = [
    column('SEQ', record => String(record.seq)),
    { ...column('AT', record => new Date(record.at).toISOString().slice(0, 19) + 'Z'), colour: paint.dim },
    { ...column('STAGE', ({ from, to }) => (from === to ? to : `${from} → ${to}`)), colour: paint.cyan },
    column('BY', record => actorName(record.actor)),
    column('JUDGEMENT', record => record.judgement),
    column('CAUSE', record => `${record.cause}${boundTo(record)}`),
  ];
  return records.length === 0 ? [] : table(columns, paint, width);
}

function boundTo({ digests }: AuditRecord): string {
  const pairs = Object.entries(digests).map(
    ([name, digest]) => `${name} ${shortCommit(digest.replace(/^sha256:/, ''))}`,
  );
  return pairs.length === 0 ? '' : ` (${pairs.join(', ')})`;
}

/** The local time of day. */
export function clock(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':');
}
