/** The start of a run by hand: bases, issues from files and from GitHub, and every reason to refuse the start. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGitHub } from '../../../simulator/github/server.ts';
import { expectOneLine } from '../../client/cli/support/cli.ts';
import { fakeToken } from '../../git/corpus.ts';
import { json, withServer } from '../../github/tiny-server.ts';
import {
  commitAll,
  type Desk,
  git,
  openDesk,
  POLICY,
  reporting,
  resultOf,
  workInProgress,
} from './support/desk.ts';
import { change, type HandRun, handRunner } from './support/hand-run.ts';

let desk: Desk;
let handRun: HandRun;
beforeAll(async () => {
  desk = await openDesk();
  workInProgress(desk.repo);
  handRun = handRunner(desk);
});
afterAll(() => desk.folder.remove());

describe('the base is', () => {
  test('any named commit, also of a linked worktree or a bare repository; without a policy nothing is verified', async () => {
    const other = desk.folder.file('other');
    git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', desk.repo, other);
    git(other, 'checkout', '--quiet', '-b', 'no-policy');
    rmSync(join(other, '.github'), { recursive: true });
    const bare = commitAll(other, 'no policy');
    git(other, 'checkout', '--quiet', 'main');
    git(other, 'worktree', 'add', '--quiet', desk.folder.file('linked'), 'no-policy');
    git(
      desk.folder.path,
      'clone',
      '--quiet',
      '--no-hardlinks',
      '--bare',
      other,
      desk.folder.file('bare.git'),
    );
    const places = [
      ['--repo', join(other, 'src'), '--base', 'no-policy'],
      ['--repo', desk.folder.file('linked')],
      ['--repo', desk.folder.file('bare.git'), '--base', bare],
    ];
    for (const place of places) {
      const ran = await handRun([...place, '--json', '--agent', desk.agent(change)]);
      expect(ran.stderr).toContain('using the defaults, which have no verification command');
      expect([ran.code, resultOf(ran)]).toMatchObject([
        1,
        {
          base: bare,
          policy: { from: 'defaults' },
          checks: [],
          why: expect.stringContaining('no verification command was run'),
        },
      ]);
    }
  });

  test('used in the mode that the issue names, with a new folder next to the repository', async () => {
    const own = desk.folder.file('own/repository');
    git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', desk.repo, own);
    const args = [
      '--repo',
      '.',
      '--issue',
      desk.issueFile,
      '--agent',
      desk.agent(reporting({ outcome: 'blocked' })),
    ];
    const ran = await desk.run(args, { workingDirectory: own });
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringMatching(/^issue\.md {2}failed: [^]*\nevidence: \S+\n$/),
    ]);
    const [, folder = ''] = /^evidence: (\S+)$/m.exec(ran.stdout) ?? [];
    expect(folder).toMatch(/\/own\/signalbox-repository-the-greeting-does-not[\w-]*-\d{8}T\d{6}Z$/);
    expect(git(own, 'status', '--porcelain')).toBe('');
  });
});

describe('a run by hand refuses to start with', () => {
  const agent = 'command:/bin/true';
  const usage = 2;
  test.each([
    [
      'an unknown option value of --agent',
      ['--agent', 'robot'],
      usage,
      /--agent robot is not valid\. Fix: use codex, command/,
    ],
    ['a missing executable', ['--agent', 'command:./missing'], 1, /is not executable: .*chmod \+x/],
    ['no command agent in the settings', ['--agent', 'command'], 1, /set SIGNALBOX_AGENT_COMMAND/],
    ['no model key for Codex', [], usage, /no model key is set. Fix: set SIGNALBOX_MODEL_KEY/],
    [
      'a folder without a repository',
      ['--repo', '/usr', '--agent', agent],
      usage,
      /\/usr is not a git repository/,
    ],
    ['an unknown base', ['--base', 'gone', '--agent', agent], usage, /has no commit gone/],
    [
      'a base of another form',
      ['--base', 'HEAD~1', '--agent', agent],
      usage,
      /--base HEAD~1 is not valid\. Fix: name a branch/,
    ],
    ['a missing issue file', ['--issue', 'gone.md', '--agent', agent], usage, /cannot read gone\.md/],
    [
      'a URL that is not an issue',
      ['--issue', 'https://github.com/a/b', '--agent', agent],
      usage,
      /is not the URL of an issue/,
    ],
    [
      'an unknown value of --mode',
      ['--mode', 'bold'],
      usage,
      /Use one of auto-run, guarded, analysis, spike/,
    ],
  ])('%s', async (_, args, ...[code, says]) => {
    const ran = await handRun(args);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toMatch(/unexpected|\n\s+at /);
    expect(existsSync(ran.out)).toBe(false);
  });

  test('an incomplete contract, and names each field', async () => {
    const file = desk.file('short.md', '# Short\n\n## Problem and scenario\nIt fails.\n\n## Mode\nbold\n');
    const ran = await handRun(['--issue', file, '--agent', agent]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /^base: .*\nmissing: Expected\n[^]*missing: Stop conditions\nunclear: Mode: [^]*incomplete: 8 problems\n$/,
    );
    expect(existsSync(ran.out)).toBe(false);
  });

  test('a secret in the issue, which it does not repeat', async () => {
    const leaky = readFileSync(desk.issueFile, 'utf8').replace(/^## .*\n/m, `$&\nUse ${fakeToken}.\n`);
    const file = desk.file('leaky.md', leaky);
    const ran = await handRun(['--issue', file, '--agent', agent]);
    expect(ran.code).toBe(1);
    expectOneLine(ran, /leaky\.md contains what looks like a secret \(GitHub token\)/);
    expect(ran.stderr).not.toContain(fakeToken.slice(4));
    expect(existsSync(ran.out)).toBe(false);
  });

  test('a folder in the repository, or a folder that is not empty', async () => {
    for (const out of [join(desk.repo, 'evidence'), desk.repo, desk.folder.path]) {
      const ran = await handRun(['--out', out, '--agent', agent]);
      expect([ran.code, ran.stderr]).toEqual([usage, expect.stringMatching(/choose another --out\n$/)]);
    }
  });

  test('an invalid policy', async () => {
    const other = desk.folder.file('broken');
    git(desk.folder.path, 'clone', '--quiet', '--no-hardlinks', desk.repo, other);
    writeFileSync(join(other, '.github/signalbox.yml'), `${POLICY}colour: red\n`);
    commitAll(other, 'broken');
    const ran = await handRun(['--repo', other, '--agent', agent]);
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringMatching(/cannot use \S*signalbox\.yml at the base: .*colour/),
    ]);
    expect(existsSync(ran.out)).toBe(false);
  });
});

describe('an issue on GitHub', () => {
  test('is read with the configured token, and its number is in branch and commit', async () => {
    const users = [{ login: 'rosa', token: 'rosa-token' }];
    const github = await startGitHub({ dataDir: desk.folder.file('github'), users });
    try {
      await github.admin.createRepository({
        owner: 'rosa',
        name: 'cards',
        files: { 'README.md': '# Cards\n' },
      });
      const [title = '', ...body] = readFileSync(desk.issueFile, 'utf8').split('\n');
      github.admin.as('rosa', 'rosa/cards').openIssue({ title: title.slice(2), body: body.join('\n') });
      const settings = { GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: 'rosa-token' };
      const url = 'https://github.com/rosa/cards/issues/1';
      const ran = await handRun(['--issue', url, '--json', '--agent', desk.agent(change)], settings);
      const { branch, issue, outcome } = resultOf(ran);
      expect([ran.code, outcome, issue]).toEqual([0, 'verified', 'rosa/cards#1']);
      expect(branch?.name).toMatch(/^ai\/issue-1-the-greeting/);
      expect(git(branch?.repository ?? '', 'log', '-1', '--format=%b', 'HEAD')).toContain(
        'For issue rosa/cards#1,',
      );
      const task = await handRun(['--issue', 'rosa/cards#7', '--agent', agentOf()], settings);
      expect(task.code).toBe(3);
      expectOneLine(task, /no such issue or repository/);
      const denied = await handRun(['--issue', url, '--agent', agentOf()], {
        ...settings,
        GITHUB_TOKEN: 'bad',
      });
      expect([denied.code, denied.stderr]).toEqual([1, expect.stringContaining('set GITHUB_TOKEN')]);
    } finally {
      await github.close();
    }
    const gone = await handRun(['--issue', 'rosa/cards#1', '--agent', agentOf()], {
      GITHUB_API_URL: github.apiUrl,
    });
    expect(gone.code).toBe(4);
    expectOneLine(gone, /GitHub/);
  });

  test('in a public repository is read without a token', async () => {
    const body = readFileSync(desk.issueFile, 'utf8');
    const issue = {
      id: 7,
      number: 3,
      title: 'Public',
      body,
      state: 'open',
      user: { login: 'rosa', type: 'User' },
    };
    const rest = {
      labels: [],
      comments: 0,
      html_url: 'https://github.com/a/b/issues/3',
      created_at: '',
      updated_at: '',
    };
    await withServer(
      (_asked, response) => json(response, 200, { ...issue, ...rest }),
      async ({ url, asked }) => {
        const ran = await handRun(['--issue', 'a/b#3', '--agent', agentOf()], { GITHUB_API_URL: url });
        expect(ran.stdout).toMatch(/^a\/b#3 {2}failed: the agent found nothing to change/);
        expect(asked).toMatchObject([{ method: 'GET', url: '/repos/a/b/issues/3' }]);
        expect(asked[0]?.headers).not.toHaveProperty('authorization');
      },
    );
  });

  const agentOf = (): string => desk.agent(reporting({ outcome: 'no-change' }));
});
