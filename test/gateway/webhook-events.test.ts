/** The table of events: the look that each one asks for. */
import { describe, expect, test } from '@jest/globals';
import { ZodError } from 'zod';
import { pokesOf } from '../../src/gateway/webhook-events.ts';

const repository = { full_name: 'octo/app' };
const branch = 'ai/issue-7-fix-greeting';
const ours = { ref: branch, sha: 'a'.repeat(40), repo: repository };
const forked = { ...ours, repo: { full_name: 'stranger/app' } };
const pull = (head: object) => ({ number: 12, head });

const map = (name: string, payload: object, ownLogin?: string) =>
  pokesOf({
    name,
    deliveryId: 'd1',
    payload: { repository, ...payload },
    ...(ownLogin === undefined ? {} : { ownLogin }),
  });

const about: [string, object, object[]][] = [
  ['issues', { action: 'labeled', issue: { number: 7 } }, [{ issue: 7, facets: ['issue'], mayBegin: true }]],
  ['issues', { action: 'edited', issue: { number: 7 } }, [{ issue: 7, facets: ['issue'] }]],
  ['issues', { action: 'milestoned', issue: { number: 7 } }, [{ issue: 7, facets: ['issue'] }]],
  ['issues', { action: 'demilestoned', issue: { number: 7 } }, [{ issue: 7, facets: ['issue'] }]],
  ['issue_comment', { issue: { number: 7 } }, [{ issue: 7, facets: ['comments'] }]],
  [
    'issue_comment',
    { issue: { number: 12, pull_request: {} } },
    [{ pull: 12, facets: ['pull-request', 'comments'] }],
  ],
  [
    'pull_request',
    { action: 'closed', pull_request: pull(ours) },
    [{ issue: 7, pull: 12, branch, facets: ['pull-request'] }],
  ],
  [
    'pull_request',
    { action: 'synchronize', pull_request: pull(ours) },
    [{ issue: 7, pull: 12, branch, facets: ['pull-request', 'branch', 'checks'] }],
  ],
  [
    'pull_request',
    { action: 'opened', pull_request: pull(forked) },
    [{ pull: 12, facets: ['pull-request'] }],
  ],
  [
    'pull_request',
    { action: 'opened', pull_request: pull({ ...ours, repo: null }) },
    [{ pull: 12, facets: ['pull-request'] }],
  ],
  [
    'pull_request_review',
    { pull_request: pull(ours) },
    [{ issue: 7, pull: 12, branch, facets: ['pull-request'] }],
  ],
  ['push', { ref: `refs/heads/${branch}` }, [{ issue: 7, branch, facets: ['branch'] }]],
  ['push', { ref: 'refs/heads/main' }, [{ branch: 'main', facets: ['branch'] }]],
  ['push', { ref: 'refs/tags/v1' }, []],
  ['create', { ref: branch, ref_type: 'branch' }, [{ issue: 7, branch, facets: ['branch'] }]],
  ['create', { ref: branch, ref_type: 'tag' }, []],
  [
    'delete',
    { ref: `${branch}-g2`, ref_type: 'branch' },
    [{ issue: 7, branch: `${branch}-g2`, facets: ['branch'] }],
  ],
  [
    'status',
    { branches: [{ name: 'main' }, { name: branch }] },
    [
      { branch: 'main', facets: ['checks'] },
      { issue: 7, branch, facets: ['checks'] },
    ],
  ],
  ['check_suite', { check_suite: { head_branch: branch } }, [{ issue: 7, branch, facets: ['checks'] }]],
  ['check_suite', { check_suite: { head_branch: null } }, []],
  [
    'check_run',
    { check_run: { check_suite: { head_branch: branch } } },
    [{ issue: 7, branch, facets: ['checks'] }],
  ],
  // Of what has only begun, there is nothing to read.
  ['status', { state: 'pending', branches: [{ name: branch }] }, []],
  ['check_suite', { check_suite: { status: 'queued', head_branch: branch } }, []],
  ['check_run', { check_run: { status: 'in_progress', check_suite: { head_branch: branch } } }, []],
  [
    'check_run',
    { check_run: { status: 'completed', check_suite: { status: 'in_progress', head_branch: branch } } },
    [{ issue: 7, branch, facets: ['checks'] }],
  ],
  ['workflow_run', { workflow_run: { head_branch: 'main' } }, [{ branch: 'main', facets: ['checks'] }]],
  // A requested deployment has no result yet; its first status has.
  ['deployment', { deployment: { ref: 'main' } }, []],
  ['deployment_status', { deployment: { ref: 'main' } }, [{ branch: 'main', facets: ['deployments'] }]],
  ['deployment_status', { deployment: { ref: branch } }, [{ issue: 7, branch, facets: ['deployments'] }]],
  // Our own output is not news: our labels, our status comment, the pull request opened from our branch.
  ['issues', { action: 'labeled', label: { name: 'ai:risk-low' }, issue: { number: 7 } }, []],
  [
    'issues',
    { action: 'labeled', label: { name: 'ai' }, issue: { number: 7 } },
    [{ issue: 7, facets: ['issue'], mayBegin: true }],
  ],
  [
    'issue_comment',
    { action: 'edited', comment: { body: 'x <!-- signalbox:status 7.1 -->' }, issue: { number: 7 } },
    [],
  ],
  [
    'issue_comment',
    { action: 'deleted', comment: { body: 'x <!-- signalbox:status 7.1 -->' }, issue: { number: 7 } },
    [{ issue: 7, facets: ['comments'] }],
  ],
  [
    'issue_comment',
    { action: 'deleted', comment: { body: '@ann\n<!-- signalbox:call 7.1.1 -->' }, issue: { number: 7 } },
    [],
  ],
  [
    'issue_comment',
    { action: 'created', comment: { body: '/approve' }, issue: { number: 7 } },
    [{ issue: 7, facets: ['comments'] }],
  ],
  [
    'pull_request_review_comment',
    { action: 'created', comment: { body: 'why?' }, pull_request: pull(ours) },
    [{ issue: 7, pull: 12, branch, facets: ['pull-request'] }],
  ],
  [
    'pull_request_review_comment',
    {
      action: 'created',
      comment: { body: 'done <!-- signalbox:thread 41 -->' },
      pull_request: pull(ours),
    },
    [],
  ],
  [
    'pull_request_review_thread',
    { action: 'resolved', thread: {}, pull_request: pull(ours) },
    [{ issue: 7, pull: 12, branch, facets: ['pull-request'] }],
  ],
  ['label', { action: 'deleted' }, [{ facets: ['issue'] }]],
  ['repository', { action: 'renamed' }, [{ facets: ['issue'] }]],
  ['ping', { zen: 'x' }, []],
  ['star', { action: 'created' }, []],
  ['constructor', {}, []],
];

test.each(about)('%s %j', (name, payload, expected) => {
  expect(map(name, payload)).toEqual(
    expected.map(one => ({ owner: 'octo', repo: 'app', deliveryId: 'd1', ...one })),
  );
});

test('an installation event maps to each of its repositories', () => {
  const payload = { repositories_added: [{ full_name: 'octo/app' }, { full_name: 'octo/other' }] };
  const pokes = pokesOf({ name: 'installation_repositories', deliveryId: 'd1', payload });
  expect(pokes.map(({ repo, facets }) => [repo, facets])).toEqual([
    ['app', ['issue']],
    ['other', ['issue']],
  ]);
});

test('one event results in at most twenty pokes', () => {
  const branches = Array.from({ length: 50 }, (_, index) => ({ name: `b${index}` }));
  expect(map('status', { branches })).toHaveLength(20);
});

describe('our own action', () => {
  const issue = { number: 7 };
  test('as an App is ignored', () => {
    expect(map('issues', { issue, sender: { login: 'Box[bot]', type: 'Bot' } }, 'box[bot]')).toEqual([]);
  });
  test('with a person’s token is not ignored, because the person may have acted', () => {
    expect(map('issues', { issue, sender: { login: 'ann', type: 'User' } }, 'ann')).toHaveLength(1);
  });
  test('as a push of a commit that we built is ignored with any token', () => {
    const pushed = (email: string) => ({
      ref: `refs/heads/${branch}`,
      head_commit: { committer: { email } },
      sender: { login: 'ann', type: 'User' },
    });
    expect(map('push', pushed('signalbox@noreply.invalid'), 'ann')).toEqual([]);
    expect(map('push', pushed('ann@example.com'), 'ann')).toHaveLength(1);
    expect(map('push', { ref: `refs/heads/${branch}`, head_commit: null })).toHaveLength(1);
  });
  test('is distinguished from the action of another bot', () => {
    expect(map('issues', { issue, sender: { login: 'other[bot]', type: 'Bot' } }, 'box[bot]')).toHaveLength(
      1,
    );
  });
});

test.each([
  ['issues', { repository }],
  ['issues', { repository, issue: { number: 'x' } }],
  ['issues', { repository: { full_name: 'no-slash' }, issue: { number: 7 } }],
  ['push', { repository, ref: 5 }],
  ['push', null],
])('a %s payload that does not match its schema is refused: %j', (name, payload) => {
  expect(() => pokesOf({ name, deliveryId: 'd1', payload })).toThrow(ZodError);
});
