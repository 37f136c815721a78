/** Each gate through the real workflow on a real server: the next activity starts only after a person's approval. */
import { describe, expect, test } from '@jest/globals';
import { GATES, GATE_JUDGEMENT, type Gate } from '../../src/domain/decision.ts';
import type { Script } from '../client/temporal/script.ts';
import { type Life, policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

interface Case {
  /** Leads to this gate. */
  readonly script: Partial<Script>;
  /** The first activity after it. */
  readonly next: string;
}

const CASES: Readonly<Record<Gate, Case>> = {
  start: { script: {}, next: 'claimBranch' },
  publish: { script: { concerns: ['the linter was skipped'] }, next: 'pushCommit' },
  merge: { script: {}, next: 'mergePullRequest' },
  release: {
    script: { policy: policyWith({ release: '{ verify: merge, signOffFromRisk: low, owner: alice }' }) },
    next: 'closeIssue',
  },
};

async function arrive(gate: Gate): Promise<Life> {
  const life = await lives.begin(CASES[gate].script);
  await life.to(gate);
  return life;
}

const digestAt = async (life: Life): Promise<string> => (await life.view()).hold?.digest ?? '';

describe.each(GATES)('the gate %s', gate => {
  const { next } = CASES[gate];
  const began = (life: Life): boolean => life.script.log.includes(`${next} began`);

  test('refuses an approval without a digest, with a stale digest or for another gate; the right digest opens it', async () => {
    const life = await arrive(gate);
    const digest = await digestAt(life);
    const other = gate === 'merge' ? 'start' : 'merge';
    expect(await life.refused({ kind: 'approve' })).toMatchObject({ code: 'no-digest' });
    const stale = await life.refused({ kind: 'approve', digest: 'abcdef012345' });
    expect(stale.code).toBe('stale-digest');
    expect(stale.message).toContain(digest.slice('sha256:'.length, 'sha256:'.length + 12));
    expect(await life.refused({ kind: 'approve', gate: other, digest })).toMatchObject({
      code: 'wrong-gate',
    });
    expect(began(life)).toBe(false);
    expect(await life.decide({ kind: 'approve', gate, digest })).toBe('/approve by alice');
    await life.toEnd();
    expect(began(life)).toBe(true);
    const record = (await life.records()).find(({ cause }) => cause === `/approve at the ${gate} gate`);
    expect(record).toMatchObject({
      actor: { kind: 'person', login: 'alice', how: 'temporal' },
      judgement: GATE_JUDGEMENT[gate],
      digests: { approved: digest },
    });
  });

  test('is opened by the signal approve; a stale or malformed signal is recorded and opens nothing', async () => {
    const life = await arrive(gate);
    await life.signal('approve', { digest: 'abcdef012345', by: 'mallory' });
    await life.when(
      'refuses mallory',
      ({ refusedDecision }) => refusedDecision?.includes('mallory') === true,
    );
    await life.signal('approve', 'just do it');
    await life.when(
      'refuses the malformed signal',
      ({ refusedDecision }) => refusedDecision?.includes('name what you approve') === true,
    );
    expect(began(life)).toBe(false);
    await life.signal('approve', { digest: await digestAt(life), by: 'alice' });
    await life.toEnd();
    expect(began(life)).toBe(true);
    const causes = (await life.records()).map(({ cause }) => cause);
    expect(causes.filter(cause => cause.startsWith('refused /approve'))).toHaveLength(2);
  });

  test('blocks the issue when it is rejected; a retry leads to it again', async () => {
    const life = await arrive(gate);
    await life.decide({ kind: 'reject', reason: 'not like this' });
    const blocked = await life.held('blocked');
    expect(blocked.hold?.why.join()).toContain(`alice rejected at the ${gate} gate: not like this`);
    expect(await life.refused({ kind: 'reject' })).toMatchObject({ code: 'wrong-gate' });
    expect(began(life)).toBe(false);
    await life.decide({ kind: 'retry' });
    const again = await life.atGate(gate);
    // A rejected change leads to another run with the reason as a lesson. At the other gates there is no change to redo.
    const runs = { start: 0, publish: 2, merge: 2, release: 1 }[gate];
    expect(again.runs).toBe(runs);
    if (runs === 2)
      expect(life.script.inputs['runAgent']?.at(-1)).toMatchObject({
        effect: { attempt: 2, lessons: expect.arrayContaining([expect.stringContaining('not like this')]) },
      });
  });
});

/** Not at the release gate: after the merge, an edit of the issue has no effect. */
test.each(['start', 'publish', 'merge'] as const)(
  'editing the issue at the gate %s changes the digest, and the old one is stale',
  async gate => {
    const life = await arrive(gate);
    const before = await digestAt(life);
    life.script.issue = { digest: `sha256:${'e'.repeat(64)}` };
    await life.poke();
    const view = await life.when(
      'at the gate again',
      ({ hold, runs }) =>
        hold?.gate !== undefined && hold.digest !== before && runs === (gate === 'start' ? 0 : 1),
    );
    expect(await life.refused({ kind: 'approve', digest: before })).toMatchObject({ code: 'stale-digest' });
    // The start approval was also for the old text.
    expect(view.hold?.gate).toBe('start');
  },
);

test('a merge that is reverted in the soak is no release: the owner is asked, until the change is back', async () => {
  const release = '{ verify: merge, signOffFromRisk: never, soak: 3s, owner: alice }';
  const life = await lives.begin({ policy: policyWith({ release }) });
  await life.to('merge');
  await life.decide({ kind: 'approve', digest: await digestAt(life) });
  await life.when('soaking', ({ stage }) => stage === 'merged');
  const lost = { where: 'default-branch', commit: 'f'.repeat(40), how: 'gone' } as const;
  life.script.release = { missing: [{ ...lost, paths: ['src/greeting.js'], pathsInAll: 1 }] };
  const held = await life.held('blocked');
  expect(held).toMatchObject({ stage: 'merged', verifiedAt: null, hold: { who: 'alice' } });
  expect(held.hold?.why.join()).toContain('the merged change was taken back');
  expect(life.script.inputs['checkRelease']?.at(-1)).toMatchObject({ change: held.pullRequest?.head });
  life.script.release = {};
  await life.decide({ kind: 'retry' });
  expect((await life.toEnd()).stage).toBe('release-verified');
});
