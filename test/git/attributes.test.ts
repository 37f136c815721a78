/** Attributes are obeyed when a change is stored: each blob is the one that `git add` writes in an ordinary clone. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WantedEntry } from '../../src/git/change-entries.ts';
import { ensureMirror, type Mirror } from '../../src/git/mirror.ts';
import { filteredFiles } from '../../src/git/filtered-files.ts';
import { listTree, rawChanges } from '../../src/git/objects.ts';
import { buildCommit, type BuiltCommit, disposeQuarantine } from '../../src/git/quarantine.ts';
import { cloneWorkspace } from '../../src/git/workspace-clone.ts';
import { commitFiles, git, type SeedFile, scratchDir } from '../support/git-repos.ts';
import { file, gone } from './corpus.ts';

const scratch = scratchDir();
const crlf = 'one\r\ntwo\r\n';
const lf = 'one\ntwo\n';

interface Row {
  /** The words of its `.gitattributes` line. */
  readonly line: string;
  readonly written: string | Buffer;
  readonly base?: string | Buffer;
  readonly mode?: '100755';
  /** Expected; the clone is the judge, this only says that the row tests what its name says. */
  readonly is: 'converted' | 'kept';
}

const rows: Readonly<Record<string, Row>> = {
  'no attribute': { line: 'diff', written: crlf, is: 'kept' },
  'text, a new file': { line: 'text', written: crlf, is: 'converted' },
  'text, mixed line endings': { line: 'text', written: 'a\r\nb\nc\r\n', is: 'converted' },
  'text, CR without LF stays': { line: 'text', written: 'a\rb\r\r\n', is: 'converted' },
  'text, base with LF': { line: 'text', base: lf, written: crlf + crlf, is: 'converted' },
  'text, base with CRLF': { line: 'text', base: crlf, written: `${crlf}three\r\n`, is: 'converted' },
  'text, bytes that look binary': { line: 'text', written: 'a\0b\r\n', is: 'converted' },
  'text, executable': { line: 'text', written: crlf, mode: '100755', is: 'converted' },
  'text, no CR at all': { line: 'text', written: lf, is: 'kept' },
  'text, empty': { line: 'text', written: '', is: 'kept' },
  'auto, a new file': { line: 'text=auto', written: crlf, is: 'converted' },
  'auto, base with LF': { line: 'text=auto', base: lf, written: crlf, is: 'converted' },
  'auto, base with CRLF': { line: 'text=auto', base: crlf, written: `${crlf}three\r\n`, is: 'kept' },
  'auto, base with both': { line: 'text=auto', base: 'a\r\nb\n', written: crlf, is: 'kept' },
  'auto, base is binary': { line: 'text=auto', base: 'a\0\r\n', written: crlf, is: 'converted' },
  'auto, NUL': { line: 'text=auto', written: 'a\0b\r\n', is: 'kept' },
  'auto, CR without LF': { line: 'text=auto', written: 'a\rb\r\n', is: 'kept' },
  'auto, too many control characters': { line: 'text=auto', written: '\u0001\u0002\u0003a\r\n', is: 'kept' },
  'auto, few control characters': {
    line: 'text=auto',
    written: `\u0001${'a'.repeat(300)}\r\n`,
    is: 'converted',
  },
  'auto, end of file mark of DOS': { line: 'text=auto', written: `${crlf}\u001a`, is: 'converted' },
  'auto, letters of UTF-8': { line: 'text=auto', written: 'größe 開発\r\n', is: 'converted' },
  'eol=crlf': { line: 'eol=crlf', base: lf, written: crlf + crlf, is: 'converted' },
  'eol=crlf, base with CRLF': { line: 'eol=crlf', base: crlf, written: crlf + crlf, is: 'converted' },
  'eol=lf': { line: 'eol=lf', written: crlf, is: 'converted' },
  'text and eol=crlf': { line: 'text eol=crlf', written: crlf, is: 'converted' },
  'auto and eol=crlf': { line: 'text=auto eol=crlf', written: crlf, is: 'converted' },
  'auto and eol=crlf, base with CRLF': {
    line: 'text=auto eol=crlf',
    base: crlf,
    written: crlf + crlf,
    is: 'kept',
  },
  'auto and eol=lf, NUL': { line: 'text=auto eol=lf', written: 'a\0b\r\n', is: 'kept' },
  '-text': { line: '-text', written: crlf, is: 'kept' },
  '-text and eol=crlf': { line: '-text eol=crlf', written: crlf, is: 'kept' },
  binary: { line: 'binary', written: crlf, is: 'kept' },
  'text=input': { line: 'text=input', written: crlf, is: 'converted' },
  'text with a value that git does not know': { line: 'text=maybe', written: crlf, is: 'kept' },
  'crlf, the old name': { line: 'crlf', written: crlf, is: 'converted' },
  '-crlf': { line: '-crlf', written: crlf, is: 'kept' },
  'crlf=input': { line: 'crlf=input', written: crlf, is: 'converted' },
  '-crlf and eol=lf': { line: '-crlf eol=lf', written: crlf, is: 'kept' },
  'a macro': { line: 'windows', written: crlf, is: 'converted' },
  ident: { line: 'ident', written: '$Id: 1234 $ and $Id: of others $\n', is: 'converted' },
  'ident, not expanded': { line: 'ident', written: '$Id$ $Id: \n$\n', is: 'kept' },
  '-ident': { line: '-ident', written: '$Id: 1234 $\n', is: 'kept' },
  'ident and text': { line: 'ident text', written: '$Id: 1234 $\r\n', is: 'converted' },
  'ident and binary': { line: 'ident -text', written: '$Id: 1234 $\r\n', is: 'converted' },
  'an encoding': {
    line: 'text working-tree-encoding=UTF-8',
    written: crlf,
    is: 'converted',
  },
  'filter without a name': { line: 'filter', written: lf, is: 'kept' },
  '-filter': { line: '-filter', written: lf, is: 'kept' },
};

const named = Object.entries(rows).map(([name, row], at) => ({ ...row, name, path: `files/r${at}.x` }));

let mirror: Mirror;
let base: string;

beforeAll(async () => {
  mirror = await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: '1' });
  const lines = named.map(({ path, line }) => `/${path} ${line}\n`).join('');
  base = commit({
    '.gitattributes': `[attr]windows text eol=crlf\n${lines}`,
    ...Object.fromEntries(named.flatMap(({ path, base: before }) => (before ? [[path, before]] : []))),
  });
});
afterAll(() => scratch.remove());

let commits = 0;
function commit(files: Readonly<Record<string, SeedFile>>): string {
  commits += 1;
  return commitFiles(mirror.gitDir, { ref: `refs/heads/b${commits}`, files });
}

const build = async (onto: string, entries: readonly WantedEntry[]) =>
  await buildCommit({ mirror, base: onto, entries, message: 'm', when: new Date(0) });

async function built(onto: string, entries: readonly WantedEntry[]): Promise<BuiltCommit> {
  const made = await build(onto, entries);
  if (made.kind === 'refused') throw new Error(JSON.stringify(made.refusals));
  return made;
}

async function refusalsOf(onto: string, entries: readonly WantedEntry[]): Promise<readonly string[]> {
  const made = await build(onto, entries);
  if (made.kind === 'built') await disposeQuarantine(made.quarantine);
  return made.refusals.map(({ path, reason }) => `${path} ${reason}`);
}

/** The blobs that `git add` writes in an ordinary clone, by path. */
function addedByGit(onto: string, entries: readonly WantedEntry[]): ReadonlyMap<string, string> {
  const dir = join(scratch.dir, `clone-${onto.slice(0, 8)}`);
  inDir(scratch.dir, ['clone', '-q', mirror.gitDir, dir]);
  inDir(dir, ['checkout', '-q', onto]);
  for (const { path, bytes = '', mode } of entries) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
    if (mode === '100755') chmodSync(join(dir, path), 0o755);
  }
  inDir(dir, ['-c', 'core.safecrlf=false', 'add', '-A']);
  const listed = inDir(dir, ['ls-files', '-s']).split('\n');
  return new Map(listed.map(line => [line.split('\t')[1] ?? '', line.split(' ')[1] ?? '']));
}

function inDir(cwd: string, args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }).toString('utf8');
}

describe('a file is stored as git add stores it', () => {
  let ours: ReadonlyMap<string, string>;
  let theirs: ReadonlyMap<string, string>;
  let raw: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const entries = named.map(({ path, written, mode }) => file(path, written, mode));
    const made = await built(base, entries);
    const source = { mirror, objectDirectory: made.quarantine.objectDirectory };
    ours = new Map((await listTree(source, made.commit)).map(({ path, sha }) => [path, sha]));
    theirs = addedByGit(base, entries);
    raw = new Map(
      entries.map(({ path, bytes }) => [path, git(mirror.gitDir, ['hash-object', '--stdin'], bytes)]),
    );
    await disposeQuarantine(made.quarantine);
  });

  test.each(named)('$name: $is', ({ path, is }) => {
    expect(ours.get(path)).toBe(theirs.get(path));
    expect(ours.get(path) === raw.get(path) ? 'kept' : 'converted').toBe(is);
  });
});

test('a file of eol=crlf is no change when it is untouched, and one line when one line is edited', async () => {
  const onto = commit({ '.gitattributes': '* text=auto\n*.bat eol=crlf\n', 'run.bat': 'a\nb\nc\n', x: lf });
  const dir = join(scratch.dir, 'work');
  await cloneWorkspace({ mirror, base: onto, dir });
  expect(readFileSync(join(dir, 'run.bat'), 'utf8')).toBe('a\nb\nc\n');
  for (const text of ['a\nB\nc\n', 'a\r\nB\r\nc\r\n']) {
    const { commit: id, quarantine } = await built(onto, [file('run.bat', text)]);
    const args = ['-C', mirror.gitDir, 'diff', '--numstat', onto, id];
    const env = {
      ...process.env,
      GIT_OBJECT_DIRECTORY: quarantine.objectDirectory,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(mirror.gitDir, 'objects'),
    };
    expect(execFileSync('git', args, { env }).toString('utf8')).toBe('1\t1\trun.bat\n');
    await disposeQuarantine(quarantine);
  }
  expect(await refusalsOf(onto, [file('run.bat', 'a\r\nb\r\nc\r\n')])).toEqual([' the change is empty']);
});

test('the attributes are those of the tree that is committed, in every folder', async () => {
  const onto = commit({
    '.gitattributes': '*.txt text\n',
    'raw/.gitattributes': '*.txt -text\n',
    'raw/a.txt': lf,
  });
  const entries = [
    file('a.txt', crlf),
    file('raw/a.txt', crlf),
    file('new/.gitattributes', '*.md text\n'),
    file('new/a.md', crlf),
    file('b.md', crlf),
  ];
  const made = await built(onto, entries);
  const theirs = addedByGit(onto, entries);
  expect(made.changes.map(({ path, newSha }) => [path, newSha])).toEqual(
    [...entries].map(({ path }) => [path, theirs.get(path)]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
  await disposeQuarantine(made.quarantine);
});

const pointer = (oid: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oid.repeat(64)}\nsize 5\n`;

describe('a file that git stores through a filter', () => {
  let onto: string;
  beforeAll(() => {
    onto = commit({
      '.gitattributes':
        '[attr]big filter=lfs diff=lfs merge=lfs -text\n*.psd big\n*.key filter=git-crypt\n*.utf16 text working-tree-encoding=UTF-16\n',
      'art/a.psd': pointer('a'),
      'art/b.psd': pointer('b'),
      'a.key': '\0GITCRYPT\0',
      'readme.md': 'x\n',
    });
  });

  test('is known before a run, by the pattern of its line', async () => {
    const more = commit({
      '.gitattributes': '# *.c filter=c\n*.psd  filter=lfs -text\n*.txt text\n',
      'sub/.gitattributes': '*.key filter=git-crypt\n',
      'x.gitattributes': '* filter=none\n',
    });
    expect(await filteredFiles({ mirror }, await listTree({ mirror }, more))).toEqual([
      '*.psd (lfs)',
      'sub/*.key (git-crypt)',
    ]);
  });

  const lfs =
    'is stored with Git LFS (.gitattributes), and Signalbox uploads nothing to it: a person must change this file';
  test.each([
    ['edited bytes', file('art/a.psd', Buffer.from([0, 1, 2])), `art/a.psd ${lfs}`],
    ['a new file', file('new.psd', 'PSD'), `new.psd ${lfs}`],
    ['a pointer to an object that nobody uploaded', file('art/a.psd', pointer('c')), `art/a.psd ${lfs}`],
    [
      'another filter',
      file('b.key', 'secret'),
      'b.key passes the git filter git-crypt (.gitattributes) before it is stored, and Signalbox runs no filter: a person must change this file',
    ],
    [
      'another encoding',
      file('a.utf16', Buffer.from('\ufeffa\n', 'utf16le')),
      'a.utf16 must be written as UTF-8: git stores it so, and converts it to UTF-16 on checkout (.gitattributes)',
    ],
  ])('is refused by name: %s', async (_, entry, refusal) => {
    expect(await refusalsOf(onto, [entry, file('readme.md', 'y\n')])).toEqual([refusal]);
  });

  test.each([
    ['left alone', [file('readme.md', 'y\n')]],
    ['deleted', [gone('art/a.psd')]],
    ['renamed', [gone('art/a.psd'), file('art/c.psd', pointer('a'))]],
    ['copied', [file('art/c.psd', pointer('a')), file('art/b.psd', pointer('a'))]],
    ['made executable', [file('art/a.psd', pointer('a'), '100755')]],
    ['renamed, with another filter', [gone('a.key'), file('b.key', '\0GITCRYPT\0')]],
    ['in another encoding, as git stores it', [file('a.utf16', 'größe\r\n')]],
  ])('is accepted when it is %s', async (_, entries) => {
    expect(await refusalsOf(onto, entries)).toEqual([]);
  });

  test('in another encoding gets the same blob as in a clone, where it has that encoding', async () => {
    const made = await built(onto, [file('a.utf16', 'größe\r\n')]);
    const utf16 = Buffer.from('\ufeffgröße\r\n', 'utf16le');
    const [change] = await rawChanges(
      { mirror, objectDirectory: made.quarantine.objectDirectory },
      onto,
      made.commit,
    );
    expect(change?.newSha).toBe(addedByGit(onto, [file('a.utf16', utf16)]).get('a.utf16'));
    await disposeQuarantine(made.quarantine);
  });
});
