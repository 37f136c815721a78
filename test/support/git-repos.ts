/** Creates bare repositories from plain data with real git. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SeedFile =
  string | Buffer | { readonly mode: '100755' | '120000' | '160000'; readonly content: string };

export interface Scratch {
  readonly dir: string;
  readonly remove: () => void;
}

export function scratchDir(): Scratch {
  const dir = mkdtempSync(join(tmpdir(), 'git-test-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Creates `<root>/<name>.git` with one commit on `main` and returns its id. */
export function seedRepository(
  root: string,
  name: string,
  files: Readonly<Record<string, SeedFile>>,
): string {
  const gitDir = join(root, `${name}.git`);
  mkdirSync(gitDir, { recursive: true });
  git(gitDir, ['init', '-q', '--bare', '-b', 'main']);
  git(gitDir, ['config', 'http.receivepack', 'true']);
  return commitFiles(gitDir, { ref: 'refs/heads/main', files });
}

/** Adds a commit with these files on top of the ref. */
export function commitFiles(
  gitDir: string,
  change: { readonly ref: string; readonly files: Readonly<Record<string, SeedFile>> },
): string {
  const parent = tryGit(gitDir, ['rev-parse', '--verify', '-q', change.ref]);
  git(gitDir, ['read-tree', ...(parent === '' ? ['--empty'] : [parent])]);
  const lines = Object.entries(change.files).map(([path, file]) => indexLine(gitDir, path, file));
  git(gitDir, ['update-index', '-z', '--index-info'], lines.join(''));
  const tree = git(gitDir, ['write-tree']);
  const commit = git(gitDir, ['commit-tree', tree, ...(parent === '' ? [] : ['-p', parent]), '-m', 'seed']);
  git(gitDir, ['update-ref', change.ref, commit]);
  return commit;
}

export function git(gitDir: string, args: readonly string[], input?: string | Buffer): string {
  return execFileSync('git', ['-c', 'core.protectNTFS=false', ...args], {
    env: {
      PATH: process.env['PATH'],
      GIT_DIR: gitDir,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      ...someone,
    },
    input: input ?? '',
    stdio: ['pipe', 'pipe', 'pipe'],
  })
    .toString('utf8')
    .trim();
}

const someone = {
  GIT_AUTHOR_NAME: 'Someone',
  GIT_AUTHOR_EMAIL: 'someone@example.org',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_NAME: 'Someone',
  GIT_COMMITTER_EMAIL: 'someone@example.org',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};

export function tryGit(gitDir: string, args: readonly string[]): string {
  try {
    return git(gitDir, args);
  } catch {
    return '';
  }
}

function indexLine(gitDir: string, path: string, file: SeedFile): string {
  const plain = typeof file === 'string' || Buffer.isBuffer(file);
  const mode = plain ? '100644' : file.mode;
  const content = plain ? file : file.content;
  const sha = mode === '160000' ? content.toString() : git(gitDir, ['hash-object', '-w', '--stdin'], content);
  return `${mode} ${sha}\t${path}\0`;
}
