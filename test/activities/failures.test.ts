/** The failure mapper: Temporal retries an activity's failure, or its name says which help it needs. */
import { describe, expect, test } from '@jest/globals';
import { PermanentFailure, TransientFailure } from '../../src/activities/effect-failure.ts';
import { LONG_WAIT } from '../../src/contracts/names.ts';
import { mapped } from '../../src/activities/failures.ts';
import { ArtifactError, StoreFailure } from '../../src/artifacts/port.ts';
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
    ['Repository was archived so is read-only.', 'RepositoryReadOnly'],
    [
      'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
      'OrganizationForbids',
    ],
    [
      'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
      'OrganizationForbids',
    ],
    ['Resource not accessible by personal access token', 'GitHubForbidden'],
  ])('that forbids with the words “%s” is named %s', async (message, failure) => {
    const facts = { kind: 'forbidden', message, requestRoute: 'PUT /there' } as const;
    expect((await performFailing(new GitHubFailure(facts))).ended).toMatchObject({ failure });
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

describe('a bug', () => {
  test.each([
    [
      'Command failed: chown -- /srv/data/ws/a /srv/data/ws/b\nchown: no such file',
      'Command failed: chown -- …/a …/b\nchown: no such file',
    ],
    [
      "ENOENT: no such file or directory, open '/home/ops/.signalbox/x.json'",
      "ENOENT: no such file or directory, open '…/x.json'",
    ],
    [
      'GET /repos failed: https://api.github.com/repos/a/b and/or /tmp',
      'GET /repos failed: https://api.github.com/repos/a/b and/or /tmp',
    ],
  ])('%j names no folder of the host', async (message, shown) => {
    const thrown = await mapped(() => Promise.reject(new Error(message)))(undefined).catch(
      (error: unknown) => error,
    );
    expect((thrown as Error).message).toBe(shown);
  });
});

describe('a failure that may still succeed', () => {
  test.each(['not-sent', 'unknown', 'bad-answer'] as const)('of GitHub, %s, is retried', async kind => {
    const { ended, repeated } = await performFailing(github({ kind }), 3);
    expect(ended).toEqual({ stillFailing: `GitHub:${kind}` });
    expect(repeated.map(({ waitMs }) => waitMs)).toEqual([undefined, undefined, undefined]);
  });

  test('of the artifact store is retried with its line', async () => {
    const denied = new StoreFailure('denied', { what: 'the bucket denies it', fix: 'allow it' });
    const { ended, repeated } = await performFailing(denied, 2);
    expect(ended).toEqual({ stillFailing: 'Store:denied' });
    expect(repeated).toHaveLength(2);
  });

  test.each(['network', 'timeout', 'failed'] as const)('of git, %s, is retried', async kind => {
    expect((await performFailing(new GitError(kind, 'git fetch failed'), 2)).repeated).toHaveLength(2);
  });

  test('is retried as often as the workflow wants if it is transient', async () => {
    const { ended, repeated } = await performFailing(new TransientFailure('NotYet', 'said'), 9);
    expect(ended).toEqual({ stillFailing: 'NotYet' });
    expect(repeated).toHaveLength(9);
  });

  test('becomes permanent and named at the attempt that gives up', async () => {
    const how = { givingUp: { atAttempt: 3, as: 'GitHubForbidden' } } as const;
    const { ended, repeated } = await performFailing(new TransientFailure('NotYet', 'said', how), 9);
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

  test('asks the workflow to wait when GitHub says long, with the cause and the time', async () => {
    const limited = github({ kind: 'rate-limited', retryAfterMs: 40 * 60_000, hourIsUsedUp: true });
    const thrown = await mapped(() => Promise.reject(limited))(undefined).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      ...{ type: LONG_WAIT, nonRetryable: false, nextRetryDelay: 40 * 60_000 },
      ...{ details: [{ afterMs: 40 * 60_000 }] },
      message: "GitHub's requests of this hour are used up (GET /there: said)",
    });
    // Control: a short wait is Temporal's.
    const short = await performFailing(github({ kind: 'rate-limited', retryAfterMs: 119_000 }), 1);
    expect(short.ended).toEqual({ stillFailing: 'GitHub:rate-limited' });
  });

  test('names no folder of the host when git or the store fails', async () => {
    const { repeated } = await performFailing(new GitError('network', 'cannot read /srv/data/mirror'), 1);
    expect(repeated[0]?.message).toBe('cannot read …/mirror');
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
