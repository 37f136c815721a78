/** The failure mapper: Temporal retries an activity's failure, or its name says which help it needs. */
import { describe, expect, test } from '@jest/globals';
import { PermanentFailure, TransientFailure } from '../../src/activities/effect-failure.ts';
import { mapped } from '../../src/activities/failures.ts';
import { ArtifactError } from '../../src/artifacts/port.ts';
import { GitError } from '../../src/git/git-error.ts';
import { GitHubFailure, type GitHubFailureFacts } from '../../src/github/failure.ts';
import { perform } from './support/perform.ts';

const performFailing = async (error: Error, attemptsMax = 1) =>
  await perform(
    mapped(async () => {
      throw error;
    }),
    undefined,
    { attemptsMax },
  );
const github = (facts: Omit<GitHubFailureFacts, 'message' | 'requestRoute'>) =>
  new GitHubFailure({ message: 'said', requestRoute: 'GET /there', ...facts });

describe('a failure that needs a person', () => {
  test.each([
    ['unauthorized', 'GitHubUnauthorized'],
    ['forbidden', 'GitHubForbidden'],
    ['not-found', 'GitHubNotFound'],
    ['gone', 'GitHubNotFound'],
    ['moved', 'GitHubMoved'],
    ['conflict', 'GitHubInvalid'],
    ['invalid', 'GitHubInvalid'],
  ] as const)('of GitHub, %s, is named %s', async (kind, failure) => {
    const { ended } = await performFailing(github({ kind, neededPermissions: 'issues=write' }));
    expect(ended).toEqual({ failure, message: 'GET /there: said (needs issues=write)' });
  });

  test.each([
    [new GitError('auth', 'git fetch failed'), 'GitHubForbidden'],
    [new GitError('moved', 'git fetch failed'), 'GitHubMoved'],
    [new GitError('not-found', 'git fetch failed'), 'GitHubNotFound'],
    [new GitError('bad-input', 'the ref is malformed'), 'Unexpected'],
    [new ArtifactError('missing', 'gone'), 'ArtifactMissing'],
    [new ArtifactError('corrupted', 'changed'), 'ArtifactMissing'],
    [new ArtifactError('not-a-digest', 'odd'), 'ArtifactMissing'],
    [new ArtifactError('too-large', 'huge'), 'Unexpected'],
    [new PermanentFailure('BranchTaken', 'the branch exists'), 'BranchTaken'],
  ])('such as %s is named %s', async (error, failure) => {
    expect((await performFailing(error)).ended).toEqual({ failure, message: error.message });
  });
});

describe('a failure that may still succeed', () => {
  test.each(['not-sent', 'unknown', 'bad-answer'] as const)('of GitHub, %s, is retried', async kind => {
    const { ended, repeated } = await performFailing(github({ kind }), 3);
    expect(ended).toEqual({ stillFailing: `GitHub:${kind}` });
    expect(repeated.map(({ waitMs }) => waitMs)).toEqual([undefined, undefined, undefined]);
  });

  test.each(['network', 'timeout', 'failed'] as const)('of git, %s, is retried', async kind => {
    expect((await performFailing(new GitError(kind, 'git fetch failed'), 2)).repeated).toHaveLength(2);
  });

  test('is retried without end if it is transient', async () => {
    const { ended, repeated } = await performFailing(new TransientFailure('NotYet', 'said'), 9);
    expect(ended).toEqual({ stillFailing: 'NotYet' });
    expect(repeated).toHaveLength(9);
  });

  test('becomes permanent and named at the attempt that gives up', async () => {
    const givingUp = { atAttempt: 3, as: 'GitHubForbidden' } as const;
    const { ended, repeated } = await performFailing(new TransientFailure('NotYet', 'said', givingUp), 9);
    expect(ended).toEqual({ failure: 'GitHubForbidden', message: 'said' });
    expect(repeated).toEqual([
      { failure: 'NotYet', message: 'said' },
      { failure: 'NotYet', message: 'said' },
    ]);
  });

  test('waits as long as GitHub says after a rate limit, every time', async () => {
    const limited = github({ kind: 'rate-limited', retryAfterMs: 17_000 });
    const { repeated } = await performFailing(limited, 3);
    expect(repeated.map(({ waitMs }) => waitMs)).toEqual([17_000, 17_000, 17_000]);
  });

  test('waits longer with each attempt, up to a limit, when GitHub names no time', async () => {
    const limited = github({ kind: 'rate-limited', retryAfterMs: 60_000, retryAfterIsGuess: true });
    const { repeated } = await performFailing(limited, 6);
    expect(repeated.map(({ waitMs = 0 }) => waitMs / 60_000)).toEqual([1, 2, 4, 8, 16, 16]);
  });
});

test('a bug is rethrown unchanged', async () => {
  await expect(performFailing(new TypeError('odd'))).rejects.toThrow(TypeError);
});
