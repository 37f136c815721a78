/** The log file of a supervised process: append to it, rotate it when it is large, and read its last line. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
} from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const LOG_BYTES_MAX = 20_000_000;
const TAIL_BYTES = 8_192;
const LINE_CHARACTERS_MAX = 300;

/**
 * Returns a file descriptor that the caller closes. Only the owner can read the file. A link or a pipe, which a checkout
 * can bring with it, is moved away like a log that is too large.
 */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found !== undefined && (!found.isFile() || found.size > LOG_BYTES_MAX)) renameSync(file, `${file}.1`);
  return openSync(file, APPEND, 0o600);
}

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** The last non-blank line, without control characters; empty when there is none. */
export function lastLogLine(file: string): string {
  const lines = stripVTControlCharacters(readTail(file)).split('\n');
  const line = lines.findLast(text => text.trim() !== '') ?? '';
  return line.trim().slice(0, LINE_CHARACTERS_MAX);
}

function readTail(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const start = Math.max(0, fstatSync(descriptor).size - TAIL_BYTES);
    const buffer = Buffer.alloc(TAIL_BYTES);
    const bytes = readSync(descriptor, buffer, 0, TAIL_BYTES, start);
    return buffer.toString('utf8', 0, bytes);
  } finally {
    closeSync(descriptor);
  }
}
