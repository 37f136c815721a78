/** Everything that a program in the box can read of its processes and files, for the test to search. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PIECE_CHARS = 30_000;
const FILE_BYTES_MAX = 400_000;
const ROOTS = ['/ws', '/tmp', '/home', '/run', '/etc', '/dev/shm', '/var', '/root', '/srv'];

/** Yields `{from, text}`, without the files that the agent cannot read. */
export function* hiddenIn() {
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name)))
    for (const what of ['environ', 'cmdline']) yield* pieces(`/proc/${pid}/${what}`);
  for (const root of ROOTS) yield* below(root);
}

/**
 * @param {string} path
 * @returns {Generator<{ from: string, text: string }, void>}
 */
function* below(path) {
  let entry;
  try {
    entry = lstatSync(path);
  } catch {
    return;
  }
  if (entry.isDirectory()) {
    if (path.startsWith('/ws/.git/objects') || path.startsWith('/etc/ssl')) return;
    for (const name of list(path)) yield* below(join(path, name));
  } else if (entry.isFile() && entry.size <= FILE_BYTES_MAX) yield* pieces(path);
}

/** @param {string} path */
function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** @param {string} from */
function* pieces(from) {
  let text;
  try {
    text = readFileSync(from, 'latin1');
  } catch {
    return;
  }
  for (let at = 0; at === 0 || at < text.length; at += PIECE_CHARS)
    yield { from, text: text.slice(at, at + PIECE_CHARS) };
}
