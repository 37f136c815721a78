/** Branches, pull requests and deployments against the simulated GitHub over real git. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compare } from '../../src/github/commits.ts';
import { listDeployments } from '../../src/github/deployments.ts';
import { mergePull } from '../../src/github/merge.ts';
import { createPull, findByHead, getPull, updatePull } from '../../src/github/pulls.ts';
import { createRef, getRef, matchingRefs } from '../../src/github/refs.ts';
import { listReviews } from '../../src/github/reviews.ts';
import { where } from '../support/github.ts';
import { openLine, rejects } from './line.ts';
import type { Line } from './line.ts';

let line: Line;
beforeAll(async () => void (line = await openLine()));
afterAll(async () => await line.end());

describe('the claim', () => {
  test('is won by exactly one of several concurrent tries', async () => {
    const sha = await getRef(line.github, { ...where, branch: 'main' });
    if (sha === undefined) throw new Error('no main');
    const branch = 'ai/issue-1-stale';
    const tries = Array.from(
      { length: 8 },
      async () => await createRef(line.github, { ...where, branch, sha }),
    );
    expect((await Promise.all(tries)).sort()).toEqual([
      'created',
      ...Array.from({ length: 7 }, () => 'exists'),
    ]);
    expect(await getRef(line.github, { ...where, branch })).toBe(sha);
    expect(await getRef(line.github, { ...where, branch: 'ai/issue-1' })).toBeUndefined();
    expect(await matchingRefs(line.github, { ...where, prefix: 'ai/issue-' })).toEqual([{ branch, sha }]);
    await rejects(createRef(line.github, { ...where, branch: 'ai/other', sha: '0'.repeat(40) }), 'invalid');
  });
});

describe('a pull request', () => {
  const opened = async (branch: string) => {
    const sha = await line.person('alice').pushCommit({
      branch,
      message: 'change',
      files: { [`${branch}.txt`]: branch },
    });
    const answer = await createPull(line.github, {
      ...where,
      head: branch,
      base: 'main',
      title: branch,
      body: 'why',
    });
    if (answer.kind !== 'created') throw new Error('not created');
    return { sha, number: answer.pull.number };
  };

  test('is opened once, found by its head in every state, and edited', async () => {
    const { sha, number } = await opened('find-me');
    await opened('find-me-not');
    const again = { ...where, head: 'find-me', base: 'main', title: 't', body: 'b' };
    expect(await createPull(line.github, again)).toEqual({ kind: 'exists' });
    expect(await updatePull(line.github, { ...where, number, title: 'new', state: 'closed' })).toMatchObject({
      title: 'new',
      state: 'closed',
      merged: false,
    });
    const found = await findByHead(line.github, { ...where, branch: 'find-me' });
    expect(found).toMatchObject([
      { number, state: 'closed', merged: false, headSha: sha, headRef: 'find-me', baseRef: 'main' },
    ]);
    expect(await findByHead(line.github, { ...where, branch: 'no-such' })).toEqual([]);
  });

  test('is merged only at the approved head', async () => {
    const { sha, number } = await opened('merge-me');
    const merge = { ...where, number, method: 'squash', title: 'Title', message: 'Message' } as const;
    const moved = await line.person('alice').pushCommit({
      branch: 'merge-me',
      message: 'more',
      files: { 'm.txt': 'm' },
    });
    expect(await mergePull(line.github, { ...merge, sha })).toEqual({ kind: 'head-moved' });
    const merged = await mergePull(line.github, { ...merge, sha: moved });
    expect(merged).toMatchObject({ kind: 'merged' });
    if (merged.kind !== 'merged') throw new Error('not merged');
    expect(await getPull(line.github, { ...where, number })).toMatchObject({
      ...{ state: 'closed', merged: true, mergeCommitSha: merged.sha, headSha: moved },
      mergedBy: { login: 'line-bot' },
    });
    expect(await mergePull(line.github, { ...merge, sha: moved })).toMatchObject({ kind: 'not-mergeable' });
    expect(await compare(line.github, { ...where, base: merged.sha, head: 'main' })).toBe('identical');
    expect(await compare(line.github, { ...where, base: moved, head: 'main' })).toBe('diverged');
  });

  test('with a conflict is not mergeable', async () => {
    const before = await line.person('alice').tip('main');
    const sha = await line.person('alice').pushCommit({
      branch: 'clash',
      message: 'c',
      files: { 'README.md': 'mine\n' },
    });
    await line
      .person('alice')
      .pushCommit({ branch: 'main', message: 'm', files: { 'README.md': 'theirs\n' } });
    const created = await createPull(line.github, {
      ...where,
      head: 'clash',
      base: 'main',
      title: 'c',
      body: '',
    });
    if (created.kind !== 'created' || before === undefined) throw new Error('not created');
    const merge = {
      ...where,
      number: created.pull.number,
      sha,
      method: 'merge',
      title: 't',
      message: 'm',
    } as const;
    expect(await mergePull(line.github, merge)).toMatchObject({ kind: 'not-mergeable', again: false });
    expect(await compare(line.github, { ...where, base: before, head: 'main' })).toBe('ahead');
  });

  test('has its reviews, each with the commit it is for', async () => {
    const { sha, number } = await opened('review-me');
    const review = line.person('alice').review(number, 'APPROVED');
    line.person('rita').review(number, 'CHANGES_REQUESTED', { body: 'no' });
    line.person('alice').dismissReview(number, review.id);
    expect(await listReviews(line.github, { ...where, number })).toMatchObject([
      { author: 'alice', authorType: 'User', state: 'DISMISSED', commitId: sha },
      { author: 'rita', state: 'CHANGES_REQUESTED', commitId: sha, body: 'no' },
    ]);
  });

  test('whose merge result is unknown is read back as merged', async () => {
    const { sha, number } = await opened('unknown-merge');
    const path = '/repos/{owner}/{repo}/pulls/{pull_number}/merge';
    const fault = line.simulator.admin.faults.add({ kind: 'execute-then-reset', method: 'PUT', path });
    const merge = { ...where, number, sha, method: 'merge', title: 't', message: 'm' } as const;
    await rejects(mergePull(line.github, merge), 'unknown');
    expect(fault.hits()).toBe(1);
    expect(await getPull(line.github, { ...where, number })).toMatchObject({ merged: true, headSha: sha });
  });
});

test('deployments are listed newest first with their latest status', async () => {
  const sha = await line.person('alice').tip('main');
  if (sha === undefined) throw new Error('no main');
  const first = await line.person('alice').deploy({ environment: 'production', sha, state: 'failure' });
  const second = await line.person('alice').deploy({ environment: 'production', sha });
  await line.person('alice').deploy({ environment: 'staging', sha, state: 'success' });
  line.person('alice').deploymentStatus(first.id, 'inactive');
  const found = await listDeployments(line.github, { ...where, environment: 'production', sha });
  expect(found.map(({ id, state }) => [id, state])).toEqual([
    [second.id, 'none'],
    [first.id, 'inactive'],
  ]);
});
