/** Exports the tree that an agent left as a manifest: included, ignored and refused files. Real git, real boxes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { exportChange } from '../../src/box/change-export.ts';
import { insideFile } from '../../src/box/contents.ts';
import { LAYER_ROOTS_MAX } from '../../src/box/layers/take-out.ts';
import { allocateWorkspace, type Workspace } from '../../src/box/workspace.ts';
import {
  defaultManifestLimits,
  parseManifest,
  type Manifest,
  type ManifestLimits,
} from '../../src/contracts/change-manifest.ts';
import { shell, tier } from './support/box.ts';

let scratch: string;
let workspace: Workspace;
let baseCommit: string;

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'box-export-'));
  workspace = await allocateWorkspace({
    tier,
    rootDir: scratch,
    runId: 'run-1',
    workspaceBytesMax: 64 * 1024 * 1024,
    workspaceFilesMax: 5000,
    fill: makeBase,
  });
});
afterEach(async () => {
  await workspace.release();
  await rm(scratch, { recursive: true });
});

const git = (dir: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd: dir,
    encoding: 'utf8',
  });

async function makeBase(dir: string): Promise<void> {
  git(dir, 'init', '--quiet', '--template=');
  await mkdir(path.join(dir, 'lib/deep'), { recursive: true });
  await writeFile(path.join(dir, '.gitignore'), 'node_modules/\n*.log\n!keep.log\n');
  await writeFile(path.join(dir, 'lib/.gitignore'), 'out\n');
  await writeFile(path.join(dir, 'lib/a.txt'), 'a\n');
  await writeFile(path.join(dir, 'lib/deep/b.txt'), 'b\n');
  await writeFile(path.join(dir, 'tracked.log'), 'tracked although ignored\n');
  await writeFile(path.join(dir, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  await symlink('lib/a.txt', path.join(dir, 'link'));
  // Not UTF-8: no manifest can name it, which does not matter while it is unchanged.
  await writeFile(Buffer.concat([Buffer.from(`${dir}/caf`), Buffer.from([0xe9])]), 'old\n');
  git(dir, 'add', '--all', '--force');
  git(dir, 'commit', '--quiet', '--message=base');
  baseCommit = git(dir, 'rev-parse', 'HEAD').trim();
}

/** Runs the agent's commands in the box. */
async function agent(script: string): Promise<void> {
  const run = await shell(`set -e\n${script}`, { workspaceDir: workspace.dir });
  expect([run.exitCode, run.stderrTail]).toEqual([0, '']);
}

async function exported(
  limits: ManifestLimits = defaultManifestLimits,
  layerPlaces: readonly string[] = [],
): Promise<Manifest> {
  const result = await exportChange({ tier, workspaceDir: workspace.dir, baseCommit, limits, layerPlaces });
  if ('problem' in result) throw new Error(result.problem);
  const manifest = parseManifest(result.manifest, limits);
  if ('problem' in manifest) throw new Error(manifest.problem);
  return manifest;
}

const shown = ({ entries, refused }: Manifest): string[] => [
  ...entries.map(
    entry => `${entry.mode} ${entry.path}${'bytes' in entry ? ` ${entry.bytes.toString('latin1')}` : ''}`,
  ),
  ...refused.map(entry => `${entry.reason} ${entry.path}`),
];

describe('an exported change', () => {
  test('is empty when nothing was changed', async () => {
    expect(await exported()).toEqual({ entries: [], refused: [] });
  });

  test('contains changed, added and deleted files, and changed modes', async () => {
    await agent(
      'echo A > lib/a.txt; rm lib/deep/b.txt; echo new > "new file"; chmod +x tracked.log; mkdir empty',
    );
    expect(shown(await exported())).toEqual([
      '100644 lib/a.txt A\n',
      'deleted lib/deep/b.txt',
      '100644 new file new\n',
      '100755 tracked.log tracked although ignored\n',
    ]);
  });

  test('contains the exact bytes: line endings, attributes and filters are not applied', async () => {
    await agent(String.raw`printf 'a\r\nb\0\xff' > bin; echo '* text eol=crlf filter=evil' > .gitattributes`);
    expect(shown(await exported())).toEqual([
      '100644 .gitattributes * text eol=crlf filter=evil\n',
      '100644 bin a\r\nb\0\xff',
    ]);
  });

  test('leaves out the places of a layer, however many and long they are', async () => {
    const names = Array.from({ length: LAYER_ROOTS_MAX }, (_, index) => `${index}-${'"'.repeat(240)}`);
    const places = names.map(name => `${name}/${name}`);
    await agent(`mkdir -- '${names[0]}'; echo 1 > '${places[0]}'; echo 2 > '${names[0]}/other'`);
    expect(shown(await exported(defaultManifestLimits, places))).toEqual([`100644 ${names[0]}/other 2\n`]);
  });

  test('leaves out files that the base ignores, at every level, but no tracked file', async () => {
    await agent(`
      mkdir -p node_modules/x lib/out lib/node_modules other/out
      echo 1 > node_modules/x/index.js; ln -s /etc/passwd node_modules/link; git init -q node_modules/nested 2>/dev/null
      echo 1 > lib/out/o; echo 1 > lib/node_modules/m; echo 1 > a.log; echo 1 > lib/deep/b.log
      echo kept > keep.log; echo kept > other/out/o; echo changed > tracked.log; echo kept > other/node_modules`);
    expect(shown(await exported())).toEqual([
      '100644 keep.log kept\n',
      '100644 other/node_modules kept\n',
      '100644 other/out/o kept\n',
      '100644 tracked.log changed\n',
    ]);
  });

  test('applies the ignore files of the base, not those that the agent wrote', async () => {
    await agent(`echo '!*.log' > .gitignore; echo '*' > lib/.gitignore; echo 1 > a.log; echo 1 > lib/new
      mkdir m; echo '*' > m/.gitignore; echo 1 > m/x`);
    expect(shown(await exported())).toEqual([
      '100644 .gitignore !*.log\n',
      '100644 lib/.gitignore *\n',
      '100644 lib/new 1\n',
      '100644 m/.gitignore *\n',
      '100644 m/x 1\n',
    ]);
  });

  test('contains files with unusual names', async () => {
    await agent(
      String.raw`for f in -x ':(exclude)a' '"q"' 'a\b' $'new\nline' ' ' 'ü' '#c' '!n' '*'; do echo 1 > "$f"; done`,
    );
    const names = (await exported()).entries.map(entry => entry.path);
    expect(names).toEqual([' ', '!n', '"q"', '#c', '*', '-x', ':(exclude)a', 'a\\b', 'new\nline', 'ü']);
  });

  test('contains a file that became a directory, and the reverse', async () => {
    await agent('rm lib/a.txt; mkdir lib/a.txt; echo 1 > lib/a.txt/x; rm -r lib/deep; echo 2 > lib/deep');
    expect(shown(await exported())).toEqual([
      'deleted lib/a.txt',
      '100644 lib/a.txt/x 1\n',
      '100644 lib/deep 2\n',
      'deleted lib/deep/b.txt',
    ]);
  });

  test('is the same every time', async () => {
    await agent('for i in 3 1 2; do echo $i > new$i; done');
    const [one, two] = [await exported(), await exported()];
    expect(one).toEqual(two);
    expect(one.entries).toHaveLength(3);
  });
});

/** Killed, so that Node cannot remove the socket. */
const LISTEN = `sh -c "node -e 'require(\\"net\\").createServer().listen(\\"sock\\", () => process.kill(process.pid, 9))'; true"`;

describe('an exported change refuses by name', () => {
  test.each([
    ['a new symlink out of the workspace', 'ln -s /etc/passwd evil', ['symlink evil']],
    ['a symlink in place of a directory', 'rm -r lib; ln -s /etc lib', ['symlink lib']],
    ['a retargeted symlink', 'ln -sf /etc/shadow link', ['symlink link']],
    ['a pipe', 'mkfifo pipe', ['special-file pipe']],
    ['a socket', `(${LISTEN}; true) 2>/dev/null`, ['special-file sock']],
    ['a nested repository', 'git init -q sub 2>/dev/null', ['nested-git sub/.git']],
    ['a look-alike of .git', 'mkdir .GIT; echo 1 > .GIT/config', ['nested-git .GIT']],
    ['a .git file', 'mkdir sub; echo "gitdir: /" > sub/.git', ['nested-git sub/.git']],
    ['an unreadable file', 'echo 1 > a; chmod 000 a', ['unreadable a']],
    ['an unreadable directory', 'mkdir d; echo 1 > d/a; chmod 000 d', ['unreadable d']],
    ['a directory that can be listed only', 'mkdir d; echo 1 > d/a; chmod 444 d', ['unreadable d']],
    ['a directory that can be entered only', 'mkdir d; echo 1 > d/a; chmod 111 d', ['unreadable d']],
    ['a name that is not UTF-8', String.raw`echo 1 > $'\xff'`, ['path-not-utf8 \ufffd']],
  ])('%s', async (_what, script, refused) => {
    await agent(script);
    const { refused: records } = await exported();
    expect(records.map(entry => `${entry.reason} ${entry.path}`)).toEqual(refused);
  });

  test('a file and a path that exceed the limits', async () => {
    await agent(
      'head -c 2000 /dev/zero > big; n=$(printf %0200d 1); mkdir -p $n/$n/$n/$n/$n; echo 1 > $n/$n/$n/$n/$n/$n',
    );
    const { refused } = await exported({ ...defaultManifestLimits, fileBytesMax: 1000 });
    expect(refused.map(entry => entry.reason)).toEqual(['path-too-long', 'too-large']);
  });
});

describe('the export fails', () => {
  test.each([
    ['too many files', { filesMax: 3 }, 'the change has more than 3 files'],
    ['too many bytes', { totalBytesMax: 30 }, 'the change has more than 30 bytes'],
  ])('with %s', async (_what, limits, problem) => {
    await agent('for i in 1 2 3 4; do echo 0123456789 > new$i; done');
    await expect(exported({ ...defaultManifestLimits, ...limits })).rejects.toThrow(problem);
  });

  test('when the export is cancelled', async () => {
    const cancelled = await exportChange({
      tier,
      workspaceDir: workspace.dir,
      baseCommit,
      signal: AbortSignal.abort(),
    });
    expect(cancelled).toEqual({ problem: 'cannot export the change: cancelled' });
  });

  test('when the base is not a commit', async () => {
    const input = { tier, workspaceDir: workspace.dir };
    expect(await exportChange({ ...input, baseCommit: '--help' })).toEqual({
      problem: 'the base is not a commit id',
    });
    expect(await exportChange({ ...input, baseCommit: '1'.repeat(40) })).toHaveProperty('problem');
  });
});

test('hostile configuration in the workspace does not run commands during the export', async () => {
  const touch = 'touch /ws/ran /tmp/ran; exit 1';
  await agent(`
    mkdir -p sub/.git/hooks .git-templates; echo '* filter=evil diff=evil' > .gitattributes
    printf '[core]\\n\\tfsmonitor = "${touch}"\\n\\tworktree = /ws\\n' > sub/.git/config
    printf '[filter "evil"]\\n\\tclean = "${touch}"\\n' > .gitconfig; echo changed > lib/a.txt`);
  const { entries } = await exported();
  expect(entries.map(entry => entry.path)).toEqual(['.gitattributes', '.gitconfig', 'lib/a.txt']);
});

test('files with reduced permissions are compared with the base too', async () => {
  await chmod(path.join(workspace.dir, 'lib/a.txt'), 0o600);
  await unlink(path.join(workspace.dir, 'run.sh'));
  expect(shown(await exported())).toEqual(['deleted run.sh']);
});

test.each(['0000', '0444', '0100'])('a workspace of mode %s is named', async mode => {
  await agent(`echo A > lib/a.txt; chmod ${mode} /ws`);
  expect(await exportChange({ tier, workspaceDir: workspace.dir, baseCommit })).toEqual({
    problem: 'cannot export the change: the agent took away the right to enter its workspace',
  });
  // Positive control: the same with the right.
  await chmod(workspace.dir, 0o500);
  expect(shown(await exported())).toEqual(['100644 lib/a.txt A\n']);
});

test('an exporter that fails says why in its last line', () => {
  const { status, stderr } = spawnSync(process.execPath, [insideFile('export-change.mjs'), 'base'], {
    input: '{',
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^the exporter failed: .*JSON.*\n$/)]);
});
