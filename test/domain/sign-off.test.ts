/** The sign-off is what `git commit --signoff` writes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { withSignOff } from '../../src/domain/commit-identity.ts';
import { commitMessageFor } from '../../src/domain/pull-request-text.ts';

const identity = { name: 'Ann Machine', email: 'ann@example.com' };

test.each([
  commitMessageFor({ title: 'Add the card', issue: 'acme/cards#12', runId: '12.1' }),
  commitMessageFor({ title: 'Fix: a title with a colon', issue: 'acme/cards#12', runId: '12.1' }),
  'Only a title\n',
])('adds the same lines as git: %j', message => {
  const dir = mkdtempSync(join(tmpdir(), 'sign-off-'));
  try {
    const git = (...args: readonly string[]): string =>
      execFileSync('git', [...args], {
        cwd: dir,
        env: {
          ...{ PATH: process.env['PATH'] ?? '', HOME: dir, GIT_CONFIG_NOSYSTEM: '1' },
          ...{ GIT_AUTHOR_NAME: identity.name, GIT_AUTHOR_EMAIL: identity.email },
          ...{ GIT_COMMITTER_NAME: identity.name, GIT_COMMITTER_EMAIL: identity.email },
        },
      }).toString();
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--signoff', '-m', message);
    const [, body = ''] = git('cat-file', 'commit', 'HEAD').split(/\n\n([\s\S]*)/);
    expect(withSignOff(message, identity)).toBe(body);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
