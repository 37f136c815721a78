/** Each gate through the real workflow on a real server: what stands behind it is done after a person's yes, and only then. */
import { describe, expect, test } from '@jest/globals';
import { GATES, GATE_JUDGEMENT, type Gate } from '../../src/domain/decision.ts';
import type { Script } from '../client/temporal/script.ts';
import { type Life, policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

interface Case {
  /** Makes this gate be asked. */
  readonly script: Partial<Script>;
  /** The first activity behind it. */
  readonly behind: string;
}

const CASES: Readonly<Record<Gate, Case>> = {
  start: { script: {}, behind: 'claimBranch' },
  publish: { script: { concerns: ['the linter was skipped'] }, behind: 'pushCommit' },
  merge: { script: {}, behind: 'mergePullRequest' },
  release: {
    script: { policy: policyWith({ release: '{ verify: merge, signOffFromRisk: low, owner: alice }' }) },
    behind: 'closeIssue',
  },
};

async function arrive(gate: Gate): Promise<Life> {
  const life = await lives.begin(CASES[gate].script);
  await life.to(gate);
  return life;
}

const digestAt = async (life: Life): Promise<string> => (await life.view()).hold?.digest ?? '';

describe.each(GATES)('the gate %s', gate => {
  const { behind } = CASES[gate];
  const began = (life: Life): boolean => life.script.log.includes(`${behind} began`);

  test('no digest, a stale digest and another gate are refused by name; the right digest opens it', async () => {
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

  test('the signal approve opens it; one with a stale digest or without any form is recorded and opens nothing', async () => {
    const life = await arrive(gate);
    await life.signal('approve', { digest: 'abcdef012345', by: 'mallory' });
    await life.when(
      'refuses mallory',
      ({ refusedDecision }) => refusedDecision?.includes('mallory') === true,
    );
    await life.signal('approve', 'just do it');
    await life.when(
      'refuses the signal without form',
      ({ refusedDecision }) => refusedDecision?.includes('name what you approve') === true,
    );
    expect(began(life)).toBe(false);
    await life.signal('approve', { digest: await digestAt(life), by: 'alice' });
    await life.toEnd();
    expect(began(life)).toBe(true);
    const causes = (await life.records()).map(({ cause }) => cause);
    expect(causes.filter(cause => cause.startsWith('refused /approve'))).toHaveLength(2);
  });

  test('rejected, nothing behind it is done; a retry leads to it again', async () => {
    const life = await arrive(gate);
    await life.decide({ kind: 'reject', reason: 'not like this' });
    const blocked = await life.held('blocked');
    expect(blocked.hold?.why.join()).toContain(`alice rejected at the ${gate} gate: not like this`);
    expect(await life.refused({ kind: 'reject' })).toMatchObject({ code: 'wrong-gate' });
    expect(began(life)).toBe(false);
    await life.decide({ kind: 'retry' });
    const again = await life.atGate(gate);
    // A rejected change is made anew, and the agent is told why; before a change and after the merge there is none to make.
    const runs = { start: 0, publish: 2, merge: 2, release: 1 }[gate];
    expect(again.runs).toBe(runs);
    if (runs === 2)
      expect(life.script.inputs['runAgent']?.at(-1)).toMatchObject({
        effect: { attempt: 2, lessons: expect.arrayContaining([expect.stringContaining('not like this')]) },
      });
  });
});

/** After the merge the text binds nobody any more: what was merged is merged. */
test.each(['start', 'publish', 'merge'] as const)(
  'an edited issue makes another digest at the gate %s: the old one is stale',
  async gate => {
    const life = await arrive(gate);
    const before = await digestAt(life);
    life.script.issue = { digest: `sha256:${'e'.repeat(64)}` };
    await life.poke();
    const view = await life.when(
      'at the gate anew',
      ({ hold, runs }) =>
        hold?.gate !== undefined && hold.digest !== before && runs === (gate === 'start' ? 0 : 1),
    );
    expect(await life.refused({ kind: 'approve', digest: before })).toMatchObject({ code: 'stale-digest' });
    // The approval of the start was for the old text too.
    expect(view.hold?.gate).toBe('start');
  },
);
