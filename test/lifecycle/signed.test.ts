/** A whole life where GitHub takes only signed commits: real processes, of which only the scheduler has the key. */
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { ALL_BRANCHES } from '../../simulator/github/model.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { openSshKey } from '../git/support/open-ssh-key.ts';
import { playLine } from './support/line.ts';
import { keygenProblem } from '../support/ssh-keygen.ts';

const LIMIT_MS = 150_000;
const EMAIL = 'bot@machines.example';
const key = openSshKey(Buffer.alloc(32, 11));

const problem = keygenProblem();

(problem === '' ? test : test.skip)(
  `the signed commit that was verified is the one that is pushed and merged${problem}`,
  async () => {
    const { view, figures } = await playLine({
      timeoutMs: LIMIT_MS,
      stage: {
        values: {
          SIGNALBOX_SIGNING_KEY: key.privateKey,
          SIGNALBOX_COMMIT_NAME: 'Machine',
          SIGNALBOX_COMMIT_EMAIL: EMAIL,
        },
      },
      prepare: ({ github, issue }) => {
        github.admin.addSigningKey('signalbox-bot', key.publicKey, EMAIL);
        github.admin.repositories.protect(repositoryName(issue), ALL_BRANCHES, { requiredSignatures: true });
      },
      inspect: async stage => {
        const { dir } = stage.github.admin.repositories.get(repositoryName(stage.issue));
        const { stdout } = await execa('git', ['--git-dir', dir, 'cat-file', 'commit', 'main^2']);
        expect(stdout).toContain(`committer Machine <${EMAIL}> `);
        expect(stdout).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
      },
    });
    expect(view).toMatchObject({ stage: 'release-verified', runs: 1 });
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1 });
  },
  LIMIT_MS,
);
