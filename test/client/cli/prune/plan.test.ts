/** What `prune` would do, for every combination of place, need and age. */
import { expect, test } from '@jest/globals';
import type { ArtifactDigest, StoredArtifact } from '../../../../src/artifacts/port.ts';
import { prunePlan, TRASH_MS } from '../../../../src/client/cli/prune/plan.ts';

const DAY_MS = 86_400_000;
const NOW = 1_000 * DAY_MS;
const digest: ArtifactDigest = `sha256:${'a'.repeat(64)}`;
const aged = (ageMs: number, isInTrash: boolean): StoredArtifact => ({
  digest,
  bytes: 1,
  isInTrash,
  sinceMs: NOW - ageMs,
});

test.each`
  place      | needed   | age                | does
  ${'shelf'} | ${false} | ${30 * DAY_MS + 1} | ${'discard'}
  ${'shelf'} | ${false} | ${30 * DAY_MS}     | ${''}
  ${'shelf'} | ${true}  | ${999 * DAY_MS}    | ${''}
  ${'trash'} | ${false} | ${TRASH_MS}        | ${''}
  ${'trash'} | ${false} | ${TRASH_MS + 1}    | ${'remove'}
  ${'trash'} | ${true}  | ${0}               | ${'restore'}
  ${'trash'} | ${true}  | ${999 * DAY_MS}    | ${'restore'}
`('$place, needed: $needed, $age ms old: $does', ({ place, needed, age, does }) => {
  const plan = prunePlan({
    stored: [aged(age as number, place === 'trash')],
    needed: new Set(needed === true ? [digest] : []),
    nowMs: NOW,
    olderThanMs: 30 * DAY_MS,
  });
  expect((['discard', 'restore', 'remove'] as const).filter(what => plan[what].length > 0)).toEqual(
    does === '' ? [] : [does],
  );
});

test('a copy in the trash is never brought back over the one in its place', () => {
  const both = [aged(0, false), aged(TRASH_MS + 1, true)];
  const plan = prunePlan({ stored: both, needed: new Set([digest]), nowMs: NOW, olderThanMs: DAY_MS });
  expect(plan).toEqual({ discard: [], restore: [], remove: [both[1]] });
});
