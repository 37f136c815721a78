/** Workspaces are private, limited in size, owned by the box's user, never shared, and always removed. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { identityText, processIdentity } from '../../src/host/process-identity.ts';
import { pruneSealed } from '../../src/box/seal.ts';
import {
  allocateWorkspace,
  sweepWorkspaces,
  WorkspaceInUse,
  type Workspace,
} from '../../src/box/workspace.ts';
import { shell, tier } from './support/box.ts';

let rootDir: string;
beforeEach(async () => {
  rootDir = path.join(await mkdtemp(path.join(tmpdir(), 'box-workspaces-')), 'runs');
});
afterEach(async () => {
  await sweepWorkspaces(rootDir);
  await rm(path.dirname(rootDir), { recursive: true });
});

const asRoot = tier.privileged ? test : test.skip;

function allocate(runId: string, fill?: (dir: string) => Promise<void>): Promise<Workspace> {
  return allocateWorkspace({
    tier,
    rootDir,
    runId,
    workspaceBytesMax: 8 * 1024 * 1024,
    workspaceFilesMax: 100,
    fill: fill ?? (dir => writeFile(path.join(dir, 'a.txt'), 'hello\n')),
  });
}

async function sealedFile(workspace: Workspace): Promise<string> {
  const sealed = await workspace.seal();
  if ('problem' in sealed) throw new Error(sealed.problem);
  return sealed.file;
}

async function listed(archive: string): Promise<readonly string[]> {
  return execFileSync('tar', ['--list', '--file', archive], { encoding: 'utf8' }).trim().split('\n');
}

describe('a workspace', () => {
  test('is filled, can be changed in the box, and is removed by release', async () => {
    const workspace = await allocate('run-1');
    const run = await shell('cat a.txt && echo more >> a.txt && cat a.txt', { workspaceDir: workspace.dir });
    expect(run.stdout).toBe('hello\nhello\nmore\n');
    await workspace.release();
    expect(await readdir(rootDir)).toEqual([]);
  });

  test('has a private folder next to it, which no box sees and which is removed with it', async () => {
    const workspace = await allocate('run-1');
    expect((await stat(workspace.runDir)).mode & 0o777).toBe(0o700);
    await writeFile(path.join(workspace.runDir, 'file'), 'of the runner');
    const { stdout } = await shell('find / -xdev -name file -newer /ws/a.txt 2> /dev/null; ls -A /ws', {
      workspaceDir: workspace.dir,
    });
    expect(stdout).toBe('a.txt\n');
    await workspace.release();
    expect(await readdir(rootDir)).toEqual([]);
  });

  asRoot('may have names that are not UTF-8: the box’s user owns them too, but not .git', async () => {
    const workspace = await allocate('run-1', async dir => {
      await writeFile(Buffer.concat([Buffer.from(`${dir}/caf`), Buffer.from([0xe9])]), 'old\n');
      await mkdir(path.join(dir, '.git'));
      await writeFile(path.join(dir, '.git', 'config'), 'ours\n');
    });
    const run = await shell(
      'echo new >> caf*; cat caf*; cat .git/config; echo x >> .git/config || echo kept',
      {
        workspaceDir: workspace.dir,
      },
    );
    expect(run.stdout).toBe('old\nnew\nours\nkept\n');
    await workspace.release();
    expect(await readdir(rootDir)).toEqual([]);
  });

  test('has one owner at a time, and can be allocated again after release', async () => {
    const workspace = await allocate('run-1');
    await expect(allocate('run-1')).rejects.toThrow(WorkspaceInUse);
    expect(await readFile(path.join(workspace.dir, 'a.txt'), 'utf8')).toBe('hello\n');
    await workspace.release();
    await (await allocate('run-1')).release();
  });

  test('can be sealed: the agent’s files are kept in one archive, the rest is removed', async () => {
    const workspace = await allocate('run-1', async dir => {
      await mkdir(path.join(dir, '.git'));
      await writeFile(path.join(dir, '.git', 'config'), 'ours\n');
    });
    const hostile =
      'echo left > left.txt; mkdir locked; echo in > locked/in; chmod 000 locked; mkfifo pipe; ln -s /etc out';
    await shell(hostile, { workspaceDir: workspace.dir });
    const sealed = await sealedFile(workspace);
    await workspace.release();
    expect(sealed).toBe(path.join(rootDir, 'sealed', 'run-1.tar'));
    expect([...(await listed(sealed))].sort()).toEqual([
      './',
      './left.txt',
      './locked/',
      './locked/in',
      './out',
      './pipe',
    ]);
    expect((await stat(path.dirname(sealed))).mode & 0o777).toBe(0o700);
    expect(await readdir(rootDir)).toEqual(['sealed']);
  });

  test('is not sealed if it is larger than the limit', async () => {
    const workspace = await allocate('run-1', dir =>
      writeFile(path.join(dir, 'big'), Buffer.alloc(2_000_000, 1)),
    );
    const limits = { archivesMax: 2, bytesMax: 4_000_000, ageMsMax: 60_000 };
    expect(await workspace.seal(limits)).toEqual({ problem: expect.stringMatching(/too large|more than/) });
    expect(await readdir(path.join(rootDir, 'sealed'))).toEqual([]);
    // holes in a sparse file do not count
    await shell('rm big; truncate -s 500M sparse', { workspaceDir: workspace.dir });
    expect(await workspace.seal(limits)).toHaveProperty('file');
    await workspace.release();
  });

  test('archives of sealed workspaces are limited in number, size and age', async () => {
    const workspace = await allocate('run-1');
    const sealedDir = path.dirname(await sealedFile(workspace));
    await workspace.release();
    const make = async (name: string, bytes: number, ageMs: number): Promise<void> => {
      await writeFile(path.join(sealedDir, name), Buffer.alloc(bytes));
      const at = (Date.now() - ageMs) / 1000;
      await utimes(path.join(sealedDir, name), at, at);
    };
    await make('two.tar', 10, 2000);
    await make('three.tar', 10, 3000);
    await make('four.tar', 10, 4000);
    const roomy = { archivesMax: 9, bytesMax: 1_000_000, ageMsMax: 60_000 };
    expect(await pruneSealed(sealedDir, roomy)).toEqual([]);
    expect(await pruneSealed(sealedDir, { ...roomy, archivesMax: 3 })).toEqual(['four.tar']);
    await make('huge.tar', 2_000_000, 2500);
    expect(await pruneSealed(sealedDir, roomy)).toEqual(['huge.tar', 'three.tar']);
    await make('old.tar', 10, 15 * 24 * 3600 * 1000);
    // as at the start of a runner
    await sweepWorkspaces(rootDir);
    expect((await readdir(sealedDir)).sort()).toEqual(['run-1.tar', 'two.tar']);
  });

  test('leaves nothing behind when it cannot be filled', async () => {
    await expect(allocate('run-1', () => Promise.reject(new Error('no such commit')))).rejects.toThrow(
      'no such commit',
    );
    expect(await readdir(rootDir)).toEqual([]);
  });

  test('is removed even if the agent removed permissions and created paths that are too long', async () => {
    const workspace = await allocate('run-1');
    const hostile =
      'n=$(printf %0200d 7); for i in $(seq 30); do mkdir $n && cd $n || exit 1; done; cd /ws; mkdir locked; touch locked/x; chmod 000 locked; echo done';
    expect((await shell(hostile, { workspaceDir: workspace.dir })).stdout).toBe('done\n');
    await workspace.release();
    expect(await readdir(rootDir)).toEqual([]);
  });

  test.each(['../x', 'a/b', '', 'sealed', '.lock'])('is refused for the run id %j', async runId => {
    await expect(allocate(runId)).rejects.toThrow('not a run id');
  });

  asRoot('has a .git that the agent can read, but not change or replace (needs root)', async () => {
    const workspace = await allocate('run-1', async dir => {
      await mkdir(path.join(dir, '.git'));
      await writeFile(path.join(dir, '.git', 'config'), 'ours\n', { mode: 0o600 });
    });
    const run = await shell(
      'cat .git/config; echo x >> .git/config; touch .git/new; mv .git other; rm -rf .git; cat .git/config',
      { workspaceDir: workspace.dir },
    );
    expect(run.stdout).toBe('ours\nours\n');
    expect(await readdir(path.join(workspace.dir, '.git'))).toEqual(['config']);
    await workspace.release();
  });

  asRoot.each([
    ['bytes', 'dd if=/dev/zero of=fill bs=1M count=4', 'dd if=/dev/zero of=fill bs=1M count=20'],
    [
      'files',
      'for i in $(seq 50); do : > f$i || exit 1; done',
      'for i in $(seq 200); do : > f$i || exit 1; done',
    ],
  ])('limits its %s as a separate file system (needs root)', async (_what, within, beyond) => {
    const workspace = await allocate('run-1');
    expect((await shell(within, { workspaceDir: workspace.dir })).exitCode).toBe(0);
    const run = await shell(`rm -f f*; ${beyond}`, { workspaceDir: workspace.dir });
    expect(run.exitCode).toBe(1);
    expect(run.stderrTail).toContain('No space left on device');
    await workspace.release();
  });
});

describe('sweeping', () => {
  test('removes workspaces of dead owners and keeps those of living ones', async () => {
    const owner = spawn('sleep', ['60']);
    await once(owner, 'spawn');
    const identity = identityText(processIdentity(owner.pid ?? 0));
    await (await allocate('warm-up')).release();
    await writeFile(path.join(rootDir, 'theirs.lock'), identity);
    await mkdir(path.join(rootDir, 'theirs', 'ws'), { recursive: true });
    await mkdir(path.join(rootDir, 'no-lock', 'ws'), { recursive: true });
    const ours = await allocate('ours');

    expect(await sweepWorkspaces(rootDir)).toEqual(['no-lock']);
    expect((await readdir(rootDir)).sort()).toEqual(['ours', 'ours.lock', 'theirs', 'theirs.lock']);

    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(await sweepWorkspaces(rootDir)).toEqual(['theirs']);
    await stat(ours.dir);
    await ours.release();
    expect(await readdir(rootDir)).toEqual([]);
  });

  test('is not needed before a new attempt: allocation takes over from a dead owner', async () => {
    await (await allocate('warm-up')).release();
    await writeFile(path.join(rootDir, 'run-1.lock'), '999999.1.00000000');
    const workspace = await allocate('run-1');
    await workspace.release();
    expect(await readdir(rootDir)).toEqual([]);
  });
});
