/**
 * Runs in a separate box after the agent's box has ended. Compares the read-only workspace with the base commit and
 * writes the change as a manifest (src/contracts/change-manifest.ts) to standard output.
 * Usage: export-change.mjs BASE_COMMIT, with the limits as JSON on standard input
 *
 * Git never reads the workspace. It lists the base from `.git`, which the agent could not write. To find ignored paths,
 * the ignore files of the base are copied to an empty directory, and `git check-ignore` runs there on names only. An
 * ignore file that the agent changed is exported like any other file and has no effect.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const WORKSPACE = '/ws';
const RULES = '/tmp/rules';
const PATH_BYTES_MAX = 1024;
const GIT_OUTPUT_BYTES_MAX = 256 * 1024 * 1024;
const SUBMODULE = '160000';
const piece = Buffer.alloc(1024 * 1024);

/**
 * @typedef {{ mode: string, id: string, size: number }} BaseEntry of `git ls-tree`
 * @typedef {{ name: string, path: string, isDir: boolean }} Entry of a directory of the workspace
 * @typedef {{ kind: 'deleted', path: string }
 *   | { kind: 'refused', reason: string, path: string }
 *   | { kind: 'file', mode: string, path: string, size: number }} ChangeRecord
 * @typedef {{ filesMax: number, fileBytesMax: number, totalBytesMax: number, entriesMax: number, layerPlaces?: string[] }} Limits
 */

// Whatever fails has a name: a message, not the end of a stack trace.
process.on('uncaughtException', error => stop(`the exporter failed: ${error.message}`));

const [base = ''] = process.argv.slice(2);
/** @type {Limits} */
const limits = JSON.parse(fs.readFileSync(0, 'utf8'));
const { filesMax, fileBytesMax, totalBytesMax, entriesMax, layerPlaces = [] } = limits;
/** Paths that the set-up created. They are never part of a change, whether ignored or not. */
const setUpPlaces = new Set(layerPlaces.map(name => Buffer.from(name, 'utf8').toString('latin1')));

const baseEntries = readBase();
const baseDirs = dirsOf(baseEntries.keys());
copyIgnoreFiles();
/**
 * One record per path.
 * @type {Map<string, ChangeRecord>}
 */
const found = new Map();
compare();
await write([...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)));

/** Paths are latin1 strings: one character is one byte, whatever the encoding. */
function readBase() {
  /** @type {Map<string, BaseEntry>} */
  const entries = new Map();
  const list = git({ GIT_DIR: `${WORKSPACE}/.git` }, ['ls-tree', '-r', '-l', '-z', '--full-tree', base]);
  for (const line of list.toString('latin1').split('\0').filter(Boolean)) {
    const [mode = '', , id = '', size] = line.slice(0, line.indexOf('\t')).split(/ +/);
    entries.set(line.slice(line.indexOf('\t') + 1), { mode, id, size: Number(size) });
  }
  return entries;
}

/** @param {Iterable<string>} paths */
function dirsOf(paths) {
  /** @type {Set<string>} */
  const dirs = new Set();
  for (const file of paths) {
    for (let dir = path.posix.dirname(file); dir !== '.' && !dirs.has(dir); dir = path.posix.dirname(dir))
      dirs.add(dir);
  }
  return dirs;
}

/** Copies the ignore files of the base. Only regular files count, as in git. */
function copyIgnoreFiles() {
  fs.mkdirSync(RULES);
  git({}, ['init', '--quiet', '--template=', RULES]);
  for (const [file, { mode, id }] of baseEntries) {
    if (path.posix.basename(file) !== '.gitignore' || !mode.startsWith('100')) continue;
    const target = bytesOf(`${RULES}/${file}`);
    fs.mkdirSync(bytesOf(path.posix.dirname(`${RULES}/${file}`)), { recursive: true });
    fs.writeFileSync(target, git({ GIT_DIR: `${WORKSPACE}/.git` }, ['cat-file', 'blob', id]));
  }
}

/** Walks level by level: git runs once per level, and ignored directories are never entered. */
function compare() {
  /** @type {Set<string>} */
  const seen = new Set();
  let entriesCount = 0;
  for (let level = ['']; level.length > 0;) {
    const entries = level.flatMap(list);
    entriesCount += entries.length;
    if (entriesCount > entriesMax)
      stop(`the workspace has more than ${entriesMax} files that are not ignored`);
    const unknown = entries.filter(entry => !isKnown(entry.path));
    const excluded = excludedOf(unknown.filter(entry => !setUpPlaces.has(entry.path)));
    for (const entry of unknown) if (setUpPlaces.has(entry.path)) excluded.add(entry.path);
    const counted = entries.filter(entry => !excluded.has(entry.path));
    for (const entry of counted) {
      seen.add(entry.path);
      if (!entry.isDir) judge(entry);
    }
    level = counted.filter(entry => entry.isDir && enters(entry)).map(entry => entry.path);
  }
  for (const [file, { mode }] of baseEntries) {
    if (mode !== SUBMODULE && !seen.has(file)) add({ kind: 'deleted', path: file });
  }
}

/**
 * A refusal is never replaced by another record for the same path.
 * @param {ChangeRecord} record
 */
function add(record) {
  if (found.get(record.path)?.kind !== 'refused') found.set(record.path, record);
  if (found.size > filesMax) stop(`the change has more than ${filesMax} files`);
}

/** @param {string} file @param {string} reason */
function refuse(file, reason) {
  add({ kind: 'refused', reason, path: file.slice(0, PATH_BYTES_MAX) });
}

/**
 * Without the workspace's own `.git`.
 * @param {string} dir
 * @returns {Entry[]}
 */
function list(dir) {
  try {
    // Without the right to search it, its names can be listed, but nothing is known about them.
    fs.accessSync(bytesOf(`${WORKSPACE}/${dir}`), fs.constants.R_OK | fs.constants.X_OK);
    const entries = fs.readdirSync(bytesOf(`${WORKSPACE}/${dir}`), {
      withFileTypes: true,
      encoding: 'buffer',
    });
    return entries
      .map(entry => ({ name: entry.name.toString('latin1'), isDir: entry.isDirectory() }))
      .filter(({ name }) => dir !== '' || name !== '.git')
      .map(({ name, isDir }) => ({ name, isDir, path: dir === '' ? name : `${dir}/${name}` }));
  } catch {
    if (dir === '') stop('the workspace cannot be read');
    refuse(dir, 'unreadable');
    return [];
  }
}

/** @param {string} file */
function isKnown(file) {
  return baseEntries.has(file) || baseDirs.has(file);
}

/**
 * Returns the ignored paths. Directories are created among the ignore files too, since a pattern can match directories
 * only.
 * @param {Entry[]} entries
 * @returns {Set<string>}
 */
function excludedOf(entries) {
  const queried = entries.filter(entry => refusalOfName(entry) === undefined);
  if (queried.length === 0) return new Set();
  for (const entry of queried) {
    if (entry.isDir) fs.mkdirSync(bytesOf(`${RULES}/${entry.path}`), { recursive: true });
  }
  // Without the `./`, git would read a name such as `:(exclude)x` as pathspec magic.
  const input = bytesOf(queried.map(entry => `./${entry.path}\0`).join(''));
  const env = { GIT_DIR: `${RULES}/.git`, GIT_WORK_TREE: RULES };
  const output = git(env, ['check-ignore', '--no-index', '-z', '--stdin'], {
    input,
    cwd: RULES,
    codes: [0, 1],
  });
  return new Set(
    output
      .toString('latin1')
      .split('\0')
      .filter(Boolean)
      .map(name => name.slice(2)),
  );
}

/**
 * True for a directory whose content belongs to the change.
 * @param {Entry} entry
 */
function enters(entry) {
  const known = baseEntries.get(entry.path);
  if (known?.mode === SUBMODULE) {
    if (list(entry.path).length > 0) refuse(entry.path, 'submodule');
    return false;
  }
  // The directory replaces a file of the base: that file is deleted.
  if (known !== undefined) add({ kind: 'deleted', path: entry.path });
  const reason = refusalOfName(entry);
  if (reason !== undefined) refuse(entry.path, reason);
  return reason === undefined;
}

/** @param {Entry} entry */
function refusalOfName({ name, path: file }) {
  if (file.length > PATH_BYTES_MAX) return 'path-too-long';
  return name.toLowerCase() === '.git' ? 'nested-git' : undefined;
}

/**
 * Adds the record of one path that is not a directory; adds nothing if it is unchanged.
 * @param {Entry} entry
 */
function judge(entry) {
  const full = bytesOf(`${WORKSPACE}/${entry.path}`);
  const known = baseEntries.get(entry.path);
  const stats = refusalOfName(entry) ?? fs.lstatSync(full);
  if (typeof stats === 'string') {
    refuse(entry.path, stats);
    return;
  }
  if (stats.isSymbolicLink()) {
    const target = fs.readlinkSync(full, { encoding: 'buffer' });
    const same =
      known?.mode === '120000' && known.id === blobId(known, target.length, hash => hash.update(target));
    if (!same) refuse(entry.path, 'symlink');
    return;
  }
  if (!stats.isFile()) {
    refuse(entry.path, 'special-file');
    return;
  }
  try {
    judgeFile(entry.path, stats, known);
  } catch {
    refuse(entry.path, 'unreadable');
  }
}

/**
 * Does not keep the bytes, since all files together may not fit into memory; `write` reads them again.
 * @param {string} file
 * @param {fs.Stats} stats
 * @param {BaseEntry | undefined} known
 */
function judgeFile(file, stats, known) {
  const mode = stats.mode & 0o100 ? '100755' : '100644';
  /** @param {import('node:crypto').Hash} hash */
  const read = hash => readPieces(file, bytes => hash.update(bytes));
  const mayBeSame = known?.mode === mode && known.size === stats.size;
  if (mayBeSame && known.id === blobId(known, stats.size, read)) return;
  fs.accessSync(bytesOf(`${WORKSPACE}/${file}`), fs.constants.R_OK);
  if (stats.size > fileBytesMax) refuse(file, 'too-large');
  else if (!isUtf8(file)) refuse(file, 'path-not-utf8');
  else add({ kind: 'file', mode, path: file, size: stats.size });
}

/** @param {string} file @param {(bytes: Buffer) => void} onPiece */
function readPieces(file, onPiece) {
  const fd = fs.openSync(bytesOf(`${WORKSPACE}/${file}`), fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    for (let length = 1; length > 0;) {
      length = fs.readSync(fd, piece);
      onPiece(piece.subarray(0, length));
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** @param {BaseEntry} known @param {number} size @param {(hash: import('node:crypto').Hash) => void} feed */
function blobId({ id }, size, feed) {
  const hash = createHash(id.length === 64 ? 'sha256' : 'sha1').update(`blob ${size}\0`);
  feed(hash);
  return hash.digest('hex');
}

/** @param {string} latin1 */
function isUtf8(latin1) {
  const bytes = bytesOf(latin1);
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}

/** @param {ChangeRecord[]} list */
async function write(list) {
  const hash = createHash('sha256');
  let written = 0;
  let totalBytes = 0;
  /** @param {Buffer} bytes */
  const put = async bytes => {
    hash.update(bytes);
    written += bytes.length;
    await new Promise(resolve => process.stdout.write(bytes, resolve));
  };
  await put(Buffer.from('signalbox-change 1\n'));
  for (const record of list) {
    await put(Buffer.from(`${headOf(record)} ${bytesOf(record.path).toString('base64')}\n`));
    if (record.kind !== 'file') continue;
    totalBytes += record.size;
    if (totalBytes > totalBytesMax) stop(`the change has more than ${totalBytesMax} bytes`);
    await put(fs.readFileSync(bytesOf(`${WORKSPACE}/${record.path}`)));
    await put(Buffer.from('\n'));
  }
  const trailer = `end ${list.length} ${written} ${hash.digest('hex')}\n`;
  await new Promise(resolve => process.stdout.write(trailer, resolve));
}

/** @param {ChangeRecord} record */
function headOf(record) {
  if (record.kind === 'file') return `file ${record.mode} ${record.size}`;
  return record.kind === 'refused' ? `refused ${record.reason}` : 'deleted';
}

/**
 * @param {Record<string, string>} env
 * @param {string[]} args
 * @param {{ input?: string | Buffer, cwd?: string, codes?: number[] }} [options]
 */
function git(env, args, { input = '', cwd = '/', codes = [0] } = {}) {
  /** @type {{ status: number | null, stdout: Buffer, stderr: Buffer | null, error?: Error | undefined }} */
  const result = spawnSync('git', args, {
    env: { ...process.env, ...env },
    input,
    cwd,
    maxBuffer: GIT_OUTPUT_BYTES_MAX,
  });
  if (result.status === null || !codes.includes(result.status))
    stop(`git ${args[0] ?? ''}: ${String(result.stderr ?? '').trim() || String(result.error)}`);
  return result.stdout;
}

/** @param {string} latin1 */
function bytesOf(latin1) {
  return Buffer.from(latin1, 'latin1');
}

/**
 * @param {string} problem
 * @returns {never}
 */
function stop(problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
