/** Several approved changes of one repository, with real processes: merged one at a time, also when one fails in the middle. */
import { expect, test } from '@jest/globals';
import { VERIFIED } from '../../scripts/bench/line.ts';
import { type Moment, playMany } from '../../scripts/bench/many.ts';
import { latch } from '../workflows/support/latch.ts';

const LIMIT_MS = 400_000;
const PARTS = 4;
/** Passes alone, and fails together with any other part. */
const LONER = 2;
const KILLS = 2;
const lonerTest = `import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
test('there is one part only', () => {
  assert.equal(readdirSync('src').filter(name => name.startsWith('part-')).length, 1);
});`;

test(
  'approved changes are merged one at a time; one that fails in its turn lets the next ones pass; kills lose nobody',
  async () => {
    const merged = latch();
    const lonerWaits = latch();
    let kills = 0;
    const answer = async ({ part, hold, chapter, people }: Moment): Promise<void> => {
      // The first is merged alone; then the loner is approved, then the others.
      if (hold.gate === 'merge' && part === LONER) await merged.opened;
      if (hold.gate === 'merge' && part > LONER) await lonerWaits.opened;
      const isNew = hold.why.some(why => why.startsWith('merged into the moved branch'));
      if (isNew && part !== LONER) throw new Error(`part ${part} fails: ${hold.why.join('; ')}`);
      await (isNew ? people.cancel('it does not go together') : people.approve(chapter.view, hold));
    };
    const { causes, ends } = await playMany({
      ...{ issues: PARTS, upToDate: 'true', answer },
      adds: part => (part === LONER ? { 'test/loner.test.js': lonerTest } : {}),
      onChapter: ({ view, records }, { stack }) => {
        if (view.merge !== null) merged.open();
        const isWaiting = records.some(({ cause }) => cause.startsWith('joined the line'));
        if (view.title === `Part ${LONER}` && isWaiting) lonerWaits.open();
        if (isWaiting && kills < KILLS && stack.supervisor.kill('scheduler', 'SIGKILL') !== undefined)
          kills += 1;
      },
    });
    expect(ends.toSorted()).toEqual([
      'cancelled',
      'release-verified',
      'release-verified',
      'release-verified',
    ]);
    expect(ends[LONER - 1]).toBe('cancelled');
    expect(kills).toBe(KILLS);
    const all = causes.flat();
    const verified = all.filter(cause => VERIFIED.test(cause)).length;
    // Each change alone, and each but the first in its turn.
    expect(verified).toBeLessThanOrEqual(2 * PARTS - 1);
    expect(all.filter(cause => cause.startsWith('left the line')).length).toBeGreaterThanOrEqual(PARTS);
  },
  LIMIT_MS,
);
