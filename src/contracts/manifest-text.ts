/** Writes a manifest (`change-manifest.ts`). The exporter in the box has its own writer, because it must run without the build. */
import { createHash } from 'node:crypto';
import { type ChangeEntry, MANIFEST_HEADER, type RefusedEntry } from './change-manifest.ts';

export function manifestText(records: readonly (ChangeEntry | RefusedEntry)[]): Buffer {
  const named = records.map(record => ({ record, name: Buffer.from(record.path, 'utf8') }));
  const sorted = named.sort((one, other) => Buffer.compare(one.name, other.name));
  const pieces = sorted.flatMap(({ record, name }) => piecesOf(record, name.toString('base64')));
  const body = Buffer.concat([Buffer.from(`${MANIFEST_HEADER}\n`), ...pieces]);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return Buffer.concat([body, Buffer.from(`end ${records.length} ${body.length} ${sha256}\n`)]);
}

function piecesOf(record: ChangeEntry | RefusedEntry, name: string): readonly Buffer[] {
  if ('reason' in record) return [Buffer.from(`refused ${record.reason} ${name}\n`)];
  if (record.mode === 'deleted') return [Buffer.from(`deleted ${name}\n`)];
  const { mode, bytes } = record;
  return [Buffer.from(`file ${mode} ${bytes.length} ${name}\n`), bytes, Buffer.from('\n')];
}
