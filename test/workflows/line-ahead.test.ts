/** On a real server: the next one in the line of merges is verified ahead of its turn, and not again in it. */
import { expect, test } from '@jest/globals';
import { latch } from './support/latch.ts';
import { policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';
import { approve, PATCH } from './support/waiting.ts';

const lives = openLives();
const MOVED = 'b'.repeat(40);

const counts = (log: readonly string[]) =>
  Object.fromEntries(
    ['buildAhead', 'verifyAhead', 'buildCandidate', 'verifyCandidate'].map(name => [
      name,
      log.filter(entry => entry === `${name} ended`).length,
    ]),
  );

test.each([
  ['with it', '{ ahead: 1 }', { buildAhead: 1, verifyAhead: 1, buildCandidate: 1, verifyCandidate: 0 }],
  ['without it', 'true', { buildAhead: 0, verifyAhead: 0, buildCandidate: 1, verifyCandidate: 1 }],
])(
  '%s, the next one is verified once',
  async (_name, line, expected) => {
    const script = { ...PATCH, policy: policyWith({ merge: `{ by: scheduler, line: ${line} }` }) };
    const turn = latch();
    const first = await lives.begin(script);
    await first.to('merge');
    const isInTurn = (activity: string): boolean =>
      activity === 'readPolicy' && first.script.log.includes('joinLine ended');
    first.script.before = activity => (isInTurn(activity) ? turn.opened : undefined);
    await approve(first);
    await first.when('has its turn', ({ line: place }) => place?.turnSince !== undefined);
    const next = await lives.begin(script);
    await next.to('merge');
    // The merge of the first one will move the branch.
    next.script.head = MOVED;
    await approve(next);
    if (expected.verifyAhead > 0)
      await next.when('is verified ahead', () => next.script.log.includes('verifyAhead ended'));
    await next.when('waits', ({ waitingOn }) => waitingOn === 'turn');
    turn.open();
    expect(await first.toEnd()).toMatchObject({ stage: 'release-verified' });
    expect(await next.toEnd()).toMatchObject({ stage: 'release-verified' });
    expect(counts(next.script.log)).toEqual(expected);
  },
  60_000,
);
