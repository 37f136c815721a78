/** `npm run release` as a process, in a separate small repository: refusals, the dry run, a failed test, a release. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { type Folder, temporaryFolder, textOf } from '../local/support.ts';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = {
  name: 'line',
  version: '0.1.0',
  repository: { type: 'git', url: 'git+https://github.com/acme/line.git' },
  files: ['bin', 'dist', 'docs', '.github/ISSUE_TEMPLATE/signalbox.yml', 'CHANGELOG.md'],
};
const texts: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
  'package-lock.json': JSON.stringify({ version: '0.1.0', packages: { '': { version: '0.1.0' } } }),
  'CHANGELOG.md': '# Changelog\n\n## [Unreleased]\n\n- A thing.\n',
  '.gitignore': '/node_modules\n/ran.log\n*.tgz\n',
  'scripts/test.mjs': "import { appendFileSync } from 'node:fs';\nappendFileSync('ran.log', 'test\\n');\n",
  'scripts/build.mjs': "import { appendFileSync } from 'node:fs';\nappendFileSync('ran.log', 'build\\n');\n",
};
const content = [
  ...['.github/ISSUE_TEMPLATE/signalbox.yml', 'LICENSE', 'README.md', 'bin/signalbox.js', 'dist/bin/main.js'],
  ...['dist/src/config/start-policy.yml', 'dist/workflow-bundle.js', 'docs/policy.md'],
  'docs/schema/policy.schema.json',
];

let folder: Folder;
beforeEach(async () => {
  folder = temporaryFolder();
  for (const part of [
    'scripts/release',
    'scripts/support',
    'scripts/release.mjs',
    'test/support/typescript.mjs',
  ])
    cpSync(path.join(root, part), folder.file(part), { recursive: true });
  for (const name of content) write(name, '{}');
  for (const [name, text] of Object.entries(texts)) write(name, text);
  symlinkSync(path.join(root, 'node_modules'), folder.file('node_modules'));
  await git('init', '--quiet', '--initial-branch', 'main');
  await commit('begin');
});
afterEach(() => folder.remove());

function write(name: string, text: string): void {
  mkdirSync(path.dirname(folder.file(name)), { recursive: true });
  writeFileSync(folder.file(name), text);
}

async function git(...args: readonly string[]): Promise<string> {
  return (await execa('git', args, { cwd: folder.path, env: IDENTITY })).stdout;
}

async function commit(message: string): Promise<void> {
  await git('add', '--all');
  await git('commit', '--quiet', '-m', message);
}

const IDENTITY = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  ...{ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' },
  ...{ GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org' },
};

function release(...args: readonly string[]) {
  const node = ['--import', './test/support/typescript.mjs', '--no-warnings', 'scripts/release.mjs'];
  return execa(process.execPath, [...node, ...args], { cwd: folder.path, env: IDENTITY, reject: false });
}

/** No file, commit or tag has changed. */
async function expectUntouched(): Promise<void> {
  expect(await git('log', '--format=%s', 'main')).toBe('begin');
  expect(await git('tag')).toBe('');
  expect(textOf(folder.file('package.json'))).toBe(texts['package.json']);
  expect(textOf(folder.file('CHANGELOG.md'))).toBe(texts['CHANGELOG.md']);
}

describe('a release is refused in one line and changes nothing:', () => {
  test.each([
    [[], 'give exactly one version'],
    [['0.2'], '“0.2” is not a version'],
    [['0.2.0', '--no-test'], "Unknown option '--no-test'"],
  ])('%j, with exit code 2', async (args, why) => {
    const { exitCode, stdout, stderr } = await release(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
    expect(stderr).toMatch(/^signalbox: [^\n]*usage: npm run release -- X\.Y\.Z \[--dry-run\]\)$/);
    await expectUntouched();
  });

  test('with changes in the work tree', async () => {
    write('notes.txt', 'not committed');
    const { exitCode, stderr } = await release('0.2.0');
    expect([exitCode, stderr]).toEqual([
      1,
      'signalbox: the work tree has changes (notes.txt): commit or stash them first',
    ]);
    await expectUntouched();
  });

  test('on another branch', async () => {
    await git('switch', '--quiet', '--create', 'topic');
    const { exitCode, stderr } = await release('0.2.0');
    expect([exitCode, stderr]).toEqual([
      1,
      'signalbox: a release is made from main, but this is topic: run git switch main',
    ]);
    await expectUntouched();
  });
});

test('--dry-run prints the plan and runs no tests', async () => {
  const { exitCode, stdout } = await release('0.2.0', '--dry-run');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^0\.1\.0 → 0\.2\.0\n\n- A thing\.\n/);
  expect(textOf(folder.file('ran.log'))).toBe('');
  await expectUntouched();
});

test('after a failed test, the checkout is restored', async () => {
  write('scripts/test.mjs', 'process.exit(1);');
  await git('commit', '--quiet', '--amend', '--all', '--no-edit');
  const { exitCode, stderr } = await release('0.2.0');
  expect([exitCode, stderr]).toEqual([
    1,
    'signalbox: the checks or tests failed (see above); nothing was released',
  ]);
  await expectUntouched();
});

test('after an unexpected file in the package, the checkout is restored', async () => {
  write('dist/debug.log', '');
  await git('add', '--force', 'dist/debug.log');
  await git('commit', '--quiet', '--amend', '--no-edit');
  const { exitCode, stderr } = await release('0.2.0');
  expect([exitCode, stderr.split('\n').at(-1)]).toEqual([
    1,
    'signalbox: the contents of the package are wrong: dist/debug.log does not belong in it',
  ]);
  await expectUntouched();
});

test('a checkout that changed during the tests is not released', async () => {
  write('scripts/test.mjs', "import { writeFileSync } from 'node:fs';\nwriteFileSync('new.txt', '');\n");
  await git('commit', '--quiet', '--amend', '--all', '--no-edit');
  const { exitCode, stderr } = await release('0.2.0');
  expect([exitCode, stderr]).toEqual([
    1,
    'signalbox: the checkout changed while the tests ran: run this again',
  ]);
  await expectUntouched();
});

test('a release is tested, built, packed, committed and tagged; the remaining commands are printed', async () => {
  const { exitCode, stdout } = await release('0.2.0');
  expect(exitCode).toBe(0);
  expect(textOf(folder.file('ran.log'))).toBe('test\nbuild\n');
  expect(await git('log', '--format=%s')).toBe('Release 0.2.0\nbegin');
  expect(await git('show', '--format=', '--name-only')).toBe('CHANGELOG.md\npackage-lock.json\npackage.json');
  expect(await git('rev-parse', 'v0.2.0^{commit}')).toBe(await git('rev-parse', 'HEAD'));
  expect(await git('status', '--porcelain')).toBe('');
  const { stdout: packed } = await execa('tar', ['xzOf', 'line-0.2.0.tgz', 'package/package.json'], {
    cwd: folder.path,
  });
  expect(JSON.parse(packed)).toMatchObject({ version: '0.2.0' });
  expect(stdout.split('\n').slice(-2)).toEqual([
    '  git push --atomic origin main v0.2.0',
    '  npm publish ./line-0.2.0.tgz',
  ]);
});
