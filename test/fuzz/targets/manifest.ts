/** A change manifest: it has exactly the one form in which it is written, or it is refused. Parsing never throws. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type Manifest, MANIFEST_HEADER, parseManifest } from '../../../src/contracts/change-manifest.ts';
import { fuzzTarget } from '../target.ts';
import { shortText } from '../texts.ts';

const LIMITS = { filesMax: 8, fileBytesMax: 200, totalBytesMax: 500 };

const paths = fc.oneof(
  { weight: 20, arbitrary: fc.stringMatching(/^[a-z]{1,4}(\/[a-z]{1,4}){0,2}$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('../x', '/etc', '.git/config', 'a/.GIT/x', 'a//b', '.', 'a/', 'é', '😀', 'A'),
  },
  { weight: 1, arbitrary: shortText },
);
const encodings = fc.oneof(
  { weight: 20, arbitrary: paths.map(path => Buffer.from(path).toString('base64')) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ minLength: 1, maxLength: 9 })
      .map(bytes => Buffer.from(bytes).toString('base64')),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '=', 'YQ', 'YR==', '!!!') },
);
const contents = fc.oneof(
  shortText.map(text => Buffer.from(text)),
  fc.uint8Array({ maxLength: 250 }).map(Buffer.from),
);
const modes = fc.constantFrom('100644', '100755', '100644', '100755', '100644', '100755', '120000');
const reasons = fc.constantFrom('symlink', 'too-large', 'unreadable', 'path-too-long', 'other');
const records = fc.oneof(
  fc.tuple(encodings, contents, modes).map(([name, bytes, mode]) => recordOf(name, bytes, mode)),
  encodings.map(name => Buffer.from(`deleted ${name}\n`)),
  fc.tuple(encodings, reasons).map(([name, reason]) => Buffer.from(`refused ${reason} ${name}\n`)),
);
/** In order of their paths more often than not. */
const bodies = fc
  .tuple(fc.array(records, { maxLength: 10 }), fc.boolean())
  .map(([list, sorted]) => (sorted ? list.toSorted((a, b) => Buffer.compare(pathIn(a), pathIn(b))) : list));
const changes = fc.oneof(
  { weight: 3, arbitrary: fc.constant('none') },
  { weight: 2, arbitrary: fc.constantFrom('cut', 'byte', 'more', 'count', 'twice') },
);

export const target = fuzzTarget({
  name: 'manifest',
  inputs: fc
    .tuple(bodies, changes, fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([body, change, at, byte]) => changed(sealed(body), change, { at, byte })),
  check: bytes => {
    const parsed = parseManifest(bytes, LIMITS);
    if ('problem' in parsed) {
      if (parsed.problem.trim() === '') throw new Error('refused without a reason');
      return;
    }
    checkLimits(parsed);
    for (const { path } of parsed.entries)
      if (path.split('/').some(name => ['', '.', '..'].includes(name) || name.toLowerCase() === '.git'))
        throw new Error(`a path that is not plain: ${path}`);
    // Refused paths need not be UTF-8, and are only shown.
    const isText = parsed.refused.every(({ path }) => !path.includes('\ufffd'));
    if (isText && !written(parsed).equals(bytes)) throw new Error('two forms of the same manifest');
  },
});

function checkLimits({ entries, refused }: Manifest): void {
  const sizes = entries.map(entry => (entry.mode === 'deleted' ? 0 : entry.bytes.length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (entries.length + refused.length > LIMITS.filesMax) throw new Error('more files than allowed');
  if (total > LIMITS.totalBytesMax || Math.max(0, ...sizes) > LIMITS.fileBytesMax)
    throw new Error('more bytes than allowed');
}

function recordOf(name: string, bytes: Buffer, mode: string): Buffer {
  return Buffer.concat([Buffer.from(`file ${mode} ${bytes.length} ${name}\n`), bytes, Buffer.from('\n')]);
}

function pathIn(record: Buffer): Buffer {
  const line = record.toString('latin1').split('\n', 1)[0] ?? '';
  return Buffer.from(line.split(' ').at(-1) ?? '', 'base64');
}

function sealed(records_: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from(`${MANIFEST_HEADER}\n`), ...records_]);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return Buffer.concat([body, Buffer.from(`end ${records_.length} ${body.length} ${sha256}\n`)]);
}

/** As the exporter writes it. */
function written({ entries, refused }: Manifest): Buffer {
  const name = (path: string) => Buffer.from(path).toString('base64');
  const all = [
    ...entries.map(entry =>
      entry.mode === 'deleted'
        ? Buffer.from(`deleted ${name(entry.path)}\n`)
        : recordOf(name(entry.path), entry.bytes, entry.mode),
    ),
    ...refused.map(({ path, reason }) => Buffer.from(`refused ${reason} ${name(path)}\n`)),
  ];
  return sealed(all.toSorted((a, b) => Buffer.compare(pathIn(a), pathIn(b))));
}

function changed(
  bytes: Buffer,
  change: string,
  { at, byte }: { readonly at: number; readonly byte: number },
): Buffer {
  const place = at % bytes.length;
  switch (change) {
    case 'cut':
      return bytes.subarray(0, place);
    case 'byte':
      return Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place + 1)]);
    case 'more':
      return Buffer.concat([bytes, Buffer.from([byte])]);
    case 'count':
      return Buffer.from(bytes.toString('latin1').replace(/end \d+/, `end ${byte}`), 'latin1');
    case 'twice':
      return Buffer.concat([bytes, bytes]);
    default:
      return bytes;
  }
}
