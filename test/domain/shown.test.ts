/** What GitHub should show of an issue: only while it stands for a while, and the same labels that are written. */
import { expect, test } from '@jest/globals';
import { LABEL_PREFIX, projection } from '../../src/domain/projection.ts';
import { shownOf } from '../../src/domain/shown.ts';
import { viewOf } from '../../src/domain/view.ts';
import { flow } from './life/acts.ts';
import { policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { World } from './life/world.ts';

const ISSUE = { number: 7 };
const VIEW = {
  policy: 'sha256:p',
  subject: 'sha256:s',
  hold: null,
  waitingOn: 'run-agent',
  risk: { level: 'low', reasons: [] },
  generation: 2,
} as const;
const HOLD = { kind: 'gate', gate: 'merge', who: 'someone', what: 'approve', why: [] } as const;

test.each([
  ['run-agent', true],
  ['deployment', true],
  ['soak', true],
  ['nothing', true],
  ['look', false],
  ['effect', false],
  ['verify-change', false],
  ['push-commit', false],
  ['close-issue', false],
])('while it waits for %s: %s', (waitingOn, shown) => {
  expect(shownOf(ISSUE, { ...VIEW, waitingOn }) !== undefined).toBe(shown);
});

test('a hold is shown, whoever must act', () => {
  expect(shownOf(ISSUE, { ...VIEW, hold: HOLD, waitingOn: 'someone' })).toEqual({
    labels: [`${LABEL_PREFIX}risk-low`, `${LABEL_PREFIX}gate-merge`],
    marker: '<!-- signalbox:status 7.2 -->',
  });
});

test.each([{ policy: null }, { subject: null }])('nothing is shown before all was read: %j', missing => {
  expect(shownOf(ISSUE, { ...VIEW, hold: HOLD, ...missing })).toBeUndefined();
});

test('labels and marker are those that the projection writes', () => {
  const world = new World(newGitHub({ policy: policyOf({ signOff: 'low', owner: 'ann' }) }));
  flow(world);
  const { labels, marker } = projection(world.state);
  expect(shownOf(world.state.issue, viewOf(world.state))).toEqual({ labels, marker });
});
