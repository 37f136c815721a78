/** The demo project: its defect is real, its suites do not find it, and the known-good fix removes it. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { filesBelow, initBare, replay } from '../../simulator/github/git/history.ts';
import { git } from '../../simulator/github/git/run.ts';
import { codePatch, fixPatch, testPatch } from '../../simulator/project/fix.ts';
import { projectFilesDir, projectHistory, projectIssue } from '../../simulator/project/history.ts';

let dir: string;
let bare: string;
let applyPatch: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'demo-project-'));
  bare = join(dir, 'project.git');
  await initBare(bare, 'main');
  await replay(bare, { branch: 'main', commits: await projectHistory(), nowMs: 0 });
  // the Codex binary acts as the apply_patch tool when it has that name
  applyPatch = join(dir, 'apply_patch');
  const scope = join(process.cwd(), 'node_modules/@openai');
  const binary = (await readdir(scope, { recursive: true })).find(path =>
    /vendor\/[^/]+\/bin\/codex$/.test(path),
  );
  await symlink(join(scope, binary ?? 'codex is not installed'), applyPatch);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const run = (
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; text: string }> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? '', HOME: dir };
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? -1, text }));
  });

const checkout = async (name: string, commit = 'main'): Promise<string> => {
  const folder = join(dir, name);
  await mkdir(folder);
  await git(bare, { args: ['--work-tree', folder, 'checkout', '--force', commit, '--', '.'] });
  return folder;
};

const suite = async (folder: string): Promise<{ pass: number; fail: number }> => {
  const { text } = await run(process.execPath, ['--test'], folder);
  const count = (word: string): number => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(text)?.[1]);
  return { pass: count('pass'), fail: count('fail') };
};

const patched = async (name: string, patch: string): Promise<string> => {
  const folder = await checkout(name);
  expect(await run(applyPatch, [patch], folder)).toMatchObject({ code: 0 });
  return folder;
};

test('the last commit is exactly the project folder', async () => {
  expect(await filesBelow(await checkout('tip'))).toEqual(await filesBelow(projectFilesDir));
});

test('the existing suites pass in every commit of the history', async () => {
  const commits = (await git(bare, { args: ['rev-list', '--reverse', 'main'] })).split('\n');
  expect(commits.length).toBeGreaterThanOrEqual(5);
  for (const commit of commits) {
    const result = await suite(await checkout(commit, commit));
    expect(result).toMatchObject({ fail: 0 });
    expect(result.pass).toBeGreaterThan(0);
  }
});

test('the new test fails before the fix and passes after it; the fix alone passes the existing suites', async () => {
  const before = await suite(await patched('test-only', testPatch));
  const code = await suite(await patched('code-only', codePatch));
  const after = await suite(await patched('fixed', fixPatch));
  expect(before).toEqual({ pass: 9, fail: 2 });
  expect(code).toEqual({ pass: 9, fail: 0 });
  expect(after).toEqual({ pass: 11, fail: 0 });
});

test('the issue has the sections of a contract', async () => {
  const { title, body } = await projectIssue();
  expect(title).toBe('The greeting does not refresh after the profile name changes');
  expect([...body.matchAll(/^## (.+)$/gm)].map(heading => heading[1])).toEqual([
    'Problem and scenario',
    'Expected',
    'Current evidence',
    'Acceptance criteria',
    'Non-goals',
    'Risks',
    'Source of truth',
    'Stop conditions',
    'Mode',
  ]);
});
