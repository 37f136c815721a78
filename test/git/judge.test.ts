/** Hostile changes are refused, their benign twins are accepted, protected paths are named. Uses real trees and real git. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WantedEntry } from '../../src/git/change-entries.ts';
import type { Refusal } from '../../src/domain/state/work.ts';
import type { ChangeJudgement } from '../../src/git/judge-change.ts';
import { judgeCommit } from '../../src/git/judge-commit.ts';
import type { Mirror } from '../../src/git/mirror.ts';
import { ensureMirror } from '../../src/git/mirror.ts';
import { defaultProtectedPaths } from '../../src/git/protected-paths.ts';
import { buildCommit, disposeQuarantine } from '../../src/git/quarantine.ts';
import type { SeedFile } from '../support/git-repos.ts';
import { commitFiles, git, scratchDir } from '../support/git-repos.ts';
import { benignChanges } from './corpus-benign.ts';
import { contentPairs } from './corpus-contents.ts';
import { pathPairs } from './corpus-paths.ts';
import { baseFiles, corpusLimits, fakeToken, file, gone } from './corpus.ts';

const pairs = [...pathPairs, ...contentPairs];

const scratch = scratchDir();
let mirror: Mirror;
let base: string;

beforeAll(async () => {
  mirror = await ensureMirror({ root: join(scratch.dir, 'mirrors'), key: '1' });
  base = commitFiles(mirror.gitDir, { ref: 'refs/heads/main', files: baseFiles });
});

afterAll(() => scratch.remove());

interface Outcome {
  readonly refusals: readonly Refusal[];
  readonly protectedPaths: readonly string[];
}

const policy = { allowedPaths: [], protectedPaths: defaultProtectedPaths };

/** As for a manifest: builds the change in a quarantine, then judges its tree. */
async function judge(
  entries: readonly WantedEntry[],
  allowedPaths: readonly string[] = [],
  protectedPaths: readonly string[] = defaultProtectedPaths,
): Promise<Outcome> {
  const built = await buildCommit({
    mirror,
    base,
    entries,
    message: 'm',
    when: new Date(0),
    limits: corpusLimits,
  });
  if (built.kind === 'refused') return { refusals: built.refusals, protectedPaths: [] };
  const { objectDirectory } = built.quarantine;
  try {
    return await judgeCommit({
      mirror,
      objectDirectory,
      base,
      commit: built.commit,
      limits: corpusLimits,
      policy: { allowedPaths, protectedPaths },
    });
  } finally {
    await disposeQuarantine(built.quarantine);
  }
}

/** Counted over the whole corpus and printed: both error counts must be 0. */
const counted = { hostile: 0, hostileAccepted: 0, benign: 0, benignRefused: 0 };

function count(kind: 'hostile' | 'benign', { refusals }: Outcome): void {
  counted[kind] += 1;
  if (kind === 'hostile' && refusals.length === 0) counted.hostileAccepted += 1;
  if (kind === 'benign' && refusals.length > 0) counted.benignRefused += 1;
}

afterAll(() => {
  const { hostile, hostileAccepted, benign, benignRefused } = counted;
  process.stdout.write(
    `changes: ${hostileAccepted} of ${hostile} hostile accepted, ${benignRefused} of ${benign} benign refused\n`,
  );
});

describe('changes as manifests', () => {
  test('the corpus has at least 80 pairs', () => expect(pairs.length).toBeGreaterThanOrEqual(80));

  test.each(pairs)(
    '$name is refused, and its benign twin is accepted',
    async ({ hostile, benign, reason }) => {
      const [bad, good] = await Promise.all([judge(hostile), judge(benign)]);
      count('hostile', bad);
      count('benign', good);
      expect(bad.refusals.map(refusal => refusal.reason).join('\n')).toMatch(reason);
      expect(JSON.stringify(bad)).not.toContain(fakeToken.slice(4)); // a finding never contains the secret
      expect(good.refusals).toEqual([]);
    },
  );
});

test('the corpus has at least 40 benign changes', () =>
  expect(benignChanges.length).toBeGreaterThanOrEqual(40));

test.each(benignChanges)('benign change is accepted without a gate: $name', async ({ entries }) => {
  const outcome = await judge(entries);
  count('benign', outcome);
  expect(outcome).toMatchObject({ refusals: [], protectedPaths: [] });
});

test.each([
  '.github/workflows/ci.yml',
  '.github/workflows/new.yml',
  '.github/signalbox.yml',
  'CODEOWNERS',
  'docs/CODEOWNERS',
  'AGENTS.md',
  'pkg/agents.md',
  'CLAUDE.md',
  '.codex/config.toml',
  'pkg/.agents/skills/x',
  '.claude/settings.json',
  '.husky/pre-commit',
  'pkg/.gitattributes',
  '.npmrc',
  '.vscode/tasks.json',
  '.mcp.json',
  '.pre-commit-config.yaml',
])('the protected path %s is reported for approval, not refused', async path => {
  expect(await judge([file(path), file('src/app.js')])).toMatchObject({
    refusals: [],
    protectedPaths: [path],
  });
});

test('a deletion and a rename of a protected path are reported', async () => {
  expect(await judge([gone('AGENTS.md')])).toMatchObject({ refusals: [], protectedPaths: ['AGENTS.md'] });
  const moved = [gone('.github/workflows/ci.yml'), file('ci.yml', 'on: push\n')];
  expect(await judge(moved)).toMatchObject({ refusals: [], protectedPaths: ['.github/workflows/ci.yml'] });
});

test.each([
  [
    'a pure rename',
    [gone('src/app.js'), file('.github/workflows/x.yml', 'export const app = 1;\n')],
    '.github/workflows/x.yml',
  ],
  ['a pure copy', [file('.husky/pre-push', 'export const app = 1;\n')], '.husky/pre-push'],
  ['a change of mode only', [file('AGENTS.md', 'Be kind.\n', '100755')], 'AGENTS.md'],
  ['a path in another case', [file('.GitHub/Workflows/x.yml')], '.GitHub/Workflows/x.yml'],
] as const)('%s at a protected path is reported or refused', async (_name, entries, path) => {
  const { refusals, protectedPaths } = await judge(entries);
  // A path that folds to a directory of the base is refused.
  expect([...protectedPaths, ...refusals.map(refusal => refusal.path)]).toContain(path);
});

test('lock files are protected in every directory, but only when the policy names them', async () => {
  const entries = [file('package-lock.json', '{}\n'), file('pkg/yarn.lock', 'x\n')];
  const locks = ['**/package-lock.json', '**/yarn.lock'];
  expect((await judge(entries)).protectedPaths).toEqual([]);
  expect((await judge(entries, [], [...defaultProtectedPaths, ...locks])).protectedPaths).toEqual([
    'package-lock.json',
    'pkg/yarn.lock',
  ]);
});

test('a path outside the allowed paths is refused, also one in another case; a path inside is accepted', async () => {
  expect((await judge([file('docs/a.md')], ['src/**'])).refusals).toEqual([
    { path: 'docs/a.md', reason: 'outside the allowed paths' },
  ]);
  expect((await judge([gone('README.md')], ['src/**'])).refusals).toHaveLength(1);
  expect((await judge([file('src/a.JS')], ['src/**/*.js'])).refusals).toHaveLength(1);
  expect((await judge([file('src/a.js')], ['src/**/*.js'])).refusals).toEqual([]);
});

/** Trees that no manifest can produce: the judgement does not depend on how the tree was made. */
describe('changes as trees', () => {
  let counter = 0;

  function judgeTree(files: Readonly<Record<string, SeedFile>>): Promise<ChangeJudgement> {
    counter += 1;
    const ref = `refs/hostile/${counter}`;
    git(mirror.gitDir, ['update-ref', ref, base]);
    return judgeCommit({
      mirror,
      base,
      commit: commitFiles(mirror.gitDir, { ref, files }),
      limits: corpusLimits,
      policy,
    });
  }

  /** One entry at the top of a tree, with a name that git's index would reject. */
  function judgeName(name: Buffer | string): Promise<ChangeJudgement> {
    const blob = git(mirror.gitDir, ['hash-object', '-w', '--stdin'], 'x');
    const line = Buffer.concat([Buffer.from(`100644 blob ${blob}\t`), Buffer.from(name), Buffer.from([0])]);
    const tree = git(mirror.gitDir, ['mktree', '-z'], line);
    const commit = git(mirror.gitDir, ['commit-tree', tree, '-p', base, '-m', 'm']);
    return judgeCommit({
      mirror,
      base,
      commit,
      limits: corpusLimits,
      policy: { ...policy, protectedPaths: [] },
    });
  }

  test.each([
    ['new symbolic link', { evil: { mode: '120000', content: '/etc/passwd' } }, /symbolic link/],
    ['retargeted symbolic link', { link: { mode: '120000', content: '/etc/passwd' } }, /symbolic link/],
    [
      'file turned into a symbolic link',
      { 'README.md': { mode: '120000', content: '/etc/passwd' } },
      /symbolic link/,
    ],
    ['symbolic link turned into a file', { link: 'x' }, /symbolic link/],
    ['new nested repository', { evil: { mode: '160000', content: 'd'.repeat(40) } }, /nested repository/],
    [
      'retargeted nested repository',
      { 'vendor/lib': { mode: '160000', content: 'd'.repeat(40) } },
      /nested repository/,
    ],
    [
      'directory turned into a nested repository',
      { 'src/util': { mode: '160000', content: 'd'.repeat(40) } },
      /nested repository/,
    ],
  ] as const)('%s is refused', async (_name, files, reason) => {
    expect((await judgeTree(files)).refusals.map(refusal => refusal.reason).join('\n')).toMatch(reason);
  });

  test('positive control: a regular file added the same way is accepted', async () => {
    expect((await judgeTree({ evil: '/etc/passwd' })).refusals).toEqual([]);
    // This tree removes the base's symbolic link and nested repository, which is refused. Its new name is not.
    expect((await judgeName('fine')).refusals.map(refusal => refusal.path)).not.toContain('fine');
  });

  test.each([['.git'], ['.GIT'], ['a\nb'], ['git~1'], ['a\\b'], [Buffer.from([0x61, 0xff, 0xfe])]])(
    'name %j is refused',
    async name => {
      const refused = (await judgeName(name)).refusals.filter(
        refusal => !['link', 'vendor/lib'].includes(refusal.path),
      );
      expect(refused.length).toBeGreaterThan(0);
    },
  );

  test('a tree with a missing blob is refused, because its size is unknown', async () => {
    const tree = git(mirror.gitDir, ['mktree', '-z', '--missing'], `100644 blob ${'e'.repeat(40)}\tghost\0`);
    const commit = git(mirror.gitDir, ['commit-tree', tree, '-p', base, '-m', 'm']);
    const judgement = await judgeCommit({ mirror, base, commit, limits: corpusLimits, policy });
    expect(judgement.refusals.map(refusal => refusal.path)).toContain('ghost');
  });
});
