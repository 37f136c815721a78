/** A test desk: a repository with work in progress, an issue as a file, agents as scripts; nothing outside of the folder is used. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { FIX_TEST_PATH, FIX_TEST_SOURCE } from '../../../../simulator/project/fix.ts';
import { projectFilesDir, projectIssue } from '../../../../simulator/project/history.ts';
import type { AgentReport } from '../../../../src/contracts/agent-report.ts';
import type { HandResult } from '../../../../src/client/cli/run/by-hand.ts';
import { handCommand } from '../../../../src/workers/commands.ts';
import { aReport } from '../../../agents/support/task.ts';
import { cli, jsonOf, type Ran, type Scene } from '../../../client/cli/support/cli.ts';
import { temporaryFolder, type Folder } from '../../../local/support.ts';

export const POLICY = `version: 1
mode: guarded
change:
  allowedPaths: ['src/**', 'test/**']
verification:
  commands: [{ name: all tests, run: node --test }]
  testPaths: ['test/**/*.test.js']
  testCommand: node --test
`;

export interface Desk {
  readonly folder: Folder;
  readonly repo: string;
  readonly issueFile: string;
  readonly head: string;
  /** Creates an agent from a bash script and returns the value for `--agent`. */
  readonly agent: (script: string) => string;
  /** One `run` command in this process, in the desk's folder. */
  readonly run: (args: readonly string[], scene?: Scene) => Promise<Ran>;
  readonly file: (name: string, text: string) => string;
}

export async function openDesk(): Promise<Desk> {
  const folder = temporaryFolder();
  const repo = folder.file('checkout');
  cpSync(projectFilesDir, repo, { recursive: true });
  git(repo, 'init', '--quiet', '--initial-branch=main');
  file(repo, '.github/signalbox.yml', POLICY);
  commitAll(repo, 'base');
  const { title, body } = await projectIssue();
  let agents = 0;
  return {
    folder,
    repo,
    issueFile: file(folder.path, 'issue.md', `# ${title}\n\n${body}\n`),
    head: git(repo, 'rev-parse', 'HEAD'),
    agent: script => {
      agents += 1;
      const path = file(folder.path, `agent-${agents}/agent.sh`, `#!/bin/bash\ncat > /dev/null\n${script}\n`);
      chmodSync(path, 0o755);
      return `command:${path}`;
    },
    run: (args, scene = {}) =>
      cli(['run', ...args], { workingDirectory: folder.path, ...scene, extraCommands: { run: handCommand } }),
    file: (name, text) => file(folder.path, name, text),
  };
}

export const reporting = (change: Partial<AgentReport> = {}): string =>
  `echo '${JSON.stringify(aReport(change))}'`;

/** Fixes the project's defect and adds its test. */
export const fixing = `
sed -i 's/known.part === part)/known.part === part \\&\\& known.name === profile.name)/; s/{ part, text }/{ part, name: profile.name, text }/' src/greeting.js
cat > ${FIX_TEST_PATH} <<'THE_END'
${FIX_TEST_SOURCE}THE_END`;

/** Changes that a person has made in a checkout: not staged, not tracked, staged, and a branch. */
export function workInProgress(repo: string): void {
  file(repo, 'README.md', 'rewritten, not staged\n');
  file(repo, 'src/new.js', 'not tracked\n');
  file(repo, 'src/text.js', 'staged\n');
  git(repo, 'add', 'src/text.js');
  git(repo, 'branch', 'another');
}

/** Every file with its kind, mode, times and bytes: the work tree, the index, refs and objects alike. */
export function everythingIn(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => {
      const path = join(dir, name);
      const { mode, mtimeMs, size, ino } = lstatSync(path);
      return [name, mode.toString(8), mtimeMs, size, ino, contentOf(path)].join(' ');
    });
}

export const resultOf = (ran: Ran): HandResult => jsonOf(ran) as HandResult;

export function git(repo: string, ...args: string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...WHO };
  return execFileSync('git', ['-C', repo, ...args], { env, encoding: 'utf8' }).trim();
}

export function commitAll(repo: string, message: string): string {
  git(repo, 'add', '--all');
  git(repo, 'commit', '--quiet', '--message', message);
  return git(repo, 'rev-parse', 'HEAD');
}

const WHO = {
  GIT_AUTHOR_NAME: 'Rosa',
  GIT_AUTHOR_EMAIL: 'rosa@example.invalid',
  GIT_COMMITTER_NAME: 'Rosa',
  GIT_COMMITTER_EMAIL: 'rosa@example.invalid',
};

function file(dir: string, name: string, text: string): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function contentOf(path: string): string {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return readlinkSync(path);
  return found.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
}
