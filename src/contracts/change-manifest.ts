/**
 * The only data that leaves the box after an agent run: a list of changed files and their bytes. It is untrusted: a
 * manifest matches the format exactly or is refused. Uses Node's modules, so workflows must not import it.
 *
 *     signalbox-change 1
 *     file <100644|100755> <size> <path in base64>     followed by <size> bytes and a line feed
 *     deleted <path in base64>
 *     refused <reason> <path in base64>
 *     end <number of records> <bytes before this line> <sha256 of the bytes before this line>
 *
 * Records are sorted by the bytes of their paths, so that the same change always has the same manifest.
 */
import { createHash } from 'node:crypto';

export type ChangeEntry =
  | { readonly path: string; readonly mode: '100644' | '100755'; readonly bytes: Buffer }
  | { readonly path: string; readonly mode: 'deleted' };

/** Why a manifest cannot carry a path of the workspace. The quarantine decides what that means for the change. */
export type RefusedReason =
  | 'symlink'
  | 'special-file'
  | 'nested-git'
  | 'submodule'
  | 'too-large'
  | 'path-too-long'
  | 'path-not-utf8'
  | 'unreadable';

export interface RefusedEntry {
  readonly path: string;
  readonly reason: RefusedReason;
}

export interface Manifest {
  readonly entries: readonly ChangeEntry[];
  readonly refused: readonly RefusedEntry[];
}

export interface ManifestProblem {
  readonly problem: string;
}

export interface ManifestLimits {
  /** Records of all kinds. */
  readonly filesMax: number;
  readonly fileBytesMax: number;
  /** Sum over all files. */
  readonly totalBytesMax: number;
}

export const MANIFEST_HEADER = 'signalbox-change 1';
export const PATH_BYTES_MAX = 1024;

export const defaultManifestLimits: ManifestLimits = {
  filesMax: 5000,
  fileBytesMax: 10 * 1024 * 1024,
  totalBytesMax: 64 * 1024 * 1024,
};

export function parseManifest(manifest: Buffer, limits: ManifestLimits): Manifest | ManifestProblem {
  try {
    return read(manifest, limits);
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message };
    throw error;
  }
}

/** The longest manifest that these limits allow. */
export function manifestBytesMax(limits: ManifestLimits): number {
  return limits.totalBytesMax + (limits.filesMax + 2) * LINE_BYTES_MAX;
}

class Malformed extends Error {}

const LINE_BYTES_MAX = 2048;
const LINE_FEED = 10;

function read(manifest: Buffer, limits: ManifestLimits): Manifest {
  const cursor = { manifest, at: 0 };
  if (nextLine(cursor) !== MANIFEST_HEADER) throw new Malformed('the change does not start with its header');
  const records: ReadRecord[] = [];
  let totalBytes = 0;
  let line = nextLine(cursor);
  let lineAt = MANIFEST_HEADER.length + 1;
  while (!line.startsWith('end ')) {
    if (records.length >= limits.filesMax)
      throw new Malformed(`the change has more than ${limits.filesMax} files`);
    const next = readRecord(line, cursor, limits);
    checkOrder(records.at(-1), next);
    records.push(next);
    totalBytes += 'bytes' in next.record ? next.record.bytes.length : 0;
    if (totalBytes > limits.totalBytesMax)
      throw new Malformed(`the change has more than ${limits.totalBytesMax} bytes`);
    lineAt = cursor.at;
    line = nextLine(cursor);
  }
  checkTrailer({ manifest, lineAt, line, count: records.length });
  if (cursor.at !== manifest.length) throw new Malformed('trailing bytes after the end of the change');
  const all = records.map(({ record }) => record);
  return { entries: all.filter(isChange), refused: all.filter(record => 'reason' in record) };
}

function isChange(record: ChangeEntry | RefusedEntry): record is ChangeEntry {
  return 'mode' in record;
}

function checkOrder(last: ReadRecord | undefined, next: ReadRecord): void {
  if (last !== undefined && Buffer.compare(last.pathBytes, next.pathBytes) >= 0) {
    throw new Malformed(`the paths are not sorted, or one is repeated: ${shown(next.pathBytes)}`);
  }
}

interface Cursor {
  readonly manifest: Buffer;
  at: number;
}

function nextLine(cursor: Cursor): string {
  const end = cursor.manifest.subarray(cursor.at, cursor.at + LINE_BYTES_MAX).indexOf(LINE_FEED);
  if (end === -1) throw new Malformed('the change is truncated or has a line that is too long');
  const line = cursor.manifest.toString('latin1', cursor.at, cursor.at + end);
  cursor.at += end + 1;
  return line;
}

const REASONS = 'symlink|special-file|nested-git|submodule|too-large|path-too-long|path-not-utf8|unreadable';
const NUMBER = '(0|[1-9][0-9]{0,14})';
const PATH = '([A-Za-z0-9+/]+={0,2})';
const FILE = new RegExp(`^file (100644|100755) ${NUMBER} ${PATH}$`);
const DELETED = new RegExp(`^deleted ${PATH}$`);
const REFUSED = new RegExp(`^refused (${REASONS}) ${PATH}$`);
const TRAILER = new RegExp(`^end ${NUMBER} ${NUMBER} ([0-9a-f]{64})$`);

interface ReadRecord {
  readonly record: ChangeEntry | RefusedEntry;
  readonly pathBytes: Buffer;
}

function readRecord(line: string, cursor: Cursor, limits: ManifestLimits): ReadRecord {
  const file = FILE.exec(line);
  if (file !== null) {
    const { path, pathBytes } = readPath(file[3]);
    const bytes = readBytes(cursor, Number(file[2]), limits);
    return { record: { path, mode: file[1] as '100644' | '100755', bytes }, pathBytes };
  }
  const deleted = DELETED.exec(line);
  if (deleted !== null) {
    const { path, pathBytes } = readPath(deleted[1]);
    return { record: { path, mode: 'deleted' }, pathBytes };
  }
  const refused = REFUSED.exec(line);
  if (refused === null)
    throw new Malformed(`the change has an unknown record: ${JSON.stringify(line.slice(0, 80))}`);
  const pathBytes = decodePath(refused[2]);
  return { record: { path: pathBytes.toString('utf8'), reason: refused[1] as RefusedReason }, pathBytes };
}

function readPath(encoded: string | undefined): { path: string; pathBytes: Buffer } {
  const pathBytes = decodePath(encoded);
  const path = pathBytes.toString('utf8');
  if (!Buffer.from(path, 'utf8').equals(pathBytes))
    throw new Malformed(`a path is not UTF-8: ${shown(pathBytes)}`);
  if (!isPlainPath(path)) throw new Malformed(`a path is not allowed: ${shown(pathBytes)}`);
  return { path, pathBytes };
}

function decodePath(encoded = ''): Buffer {
  const bytes = Buffer.from(encoded, 'base64');
  // Only the canonical encoding, so that one path cannot appear under two.
  if (bytes.toString('base64') !== encoded) throw new Malformed('a path is not in canonical base64');
  if (bytes.length > PATH_BYTES_MAX) throw new Malformed(`a path has more than ${PATH_BYTES_MAX} bytes`);
  return bytes;
}

/** Relative and without special names. The quarantine asks git about everything else that git refuses. */
function isPlainPath(path: string): boolean {
  if (path.includes('\0')) return false;
  return path
    .split('/')
    .every(name => name !== '' && name !== '.' && name !== '..' && name.toLowerCase() !== '.git');
}

function readBytes(cursor: Cursor, size: number, limits: ManifestLimits): Buffer {
  if (size > limits.fileBytesMax) throw new Malformed(`a file has more than ${limits.fileBytesMax} bytes`);
  const end = cursor.at + size;
  if (end >= cursor.manifest.length) throw new Malformed('the change is truncated inside a file');
  if (cursor.manifest[end] !== LINE_FEED)
    throw new Malformed('the length of a file differs from the one in its record');
  const bytes = cursor.manifest.subarray(cursor.at, end);
  cursor.at = end + 1;
  return bytes;
}

interface Trailer {
  readonly manifest: Buffer;
  readonly lineAt: number;
  readonly line: string;
  readonly count: number;
}

function checkTrailer({ manifest, lineAt, line, count }: Trailer): void {
  const [, records, bytes, sha256] = TRAILER.exec(line) ?? [];
  if (Number(records) !== count || Number(bytes) !== lineAt) {
    throw new Malformed('the length of the change differs from the one in its last line');
  }
  if (createHash('sha256').update(manifest.subarray(0, lineAt)).digest('hex') !== sha256) {
    throw new Malformed('the checksum of the change differs from the one in its last line');
  }
}

function shown(path: Buffer): string {
  return JSON.stringify(path.toString('utf8').slice(0, 200));
}
