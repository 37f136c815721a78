/** How long it waits, what is read again, and what lasts long enough to be projected. */
import type { Digest } from '../../../../src/domain/digest.ts';
import type { EventBody } from '../../../../src/domain/event.ts';
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import { visible } from '../../../../src/domain/invisible.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { isLasting } from '../../../../src/domain/upkeep.ts';
import { policyOf } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, check, type Probe, Scene } from '../scene.ts';

const MINUTE_MS = 60_000;

/** The time until the next check of the release, this long after the merge. */
function waitedMs(state: IssueState, sinceMergeMs: number): number {
  const checkedAt = (state.merge?.at ?? 0) + sinceMergeMs;
  const step = nextStep({ ...state, at: checkedAt, releaseCheckedAt: checkedAt, releaseDue: false });
  return step.kind === 'wait' ? (step.until ?? 0) - checkedAt : 0;
}

export const TIME_PROBES: readonly Probe[] = [
  check('deployments are polled less often over time', () => {
    const { state } = new Scene({ ...AUTO, verify: 'deployment' })
      .until()
      .act('the wait is over')
      .flow().world;
    for (const [sinceMinutes, minutes] of [
      [1, 1],
      [20, 5],
      [40, 10],
      [600, 30],
    ] as const) {
      const isRight = waitedMs(state, sinceMinutes * MINUTE_MS) === minutes * MINUTE_MS;
      must(
        '19 read',
        isRight,
        `${sinceMinutes} minutes after the merge it is not polled every ${minutes} minutes`,
      );
    }
  }),
  check('the policy is read again', () => {
    const { state } = new Scene(AUTO).until('merge').world;
    const { repository } = state;
    if (repository === undefined) throw new Error('no repository was read');
    const records = (digest: Digest): number => {
      const sent = { kind: 'read-policy', because: 'it was last read before the approval' } as const;
      const read: EventBody = { type: 'policy-read', policy: { ...policyOf(AUTO), digest }, repository };
      return evolve({ ...state, sent }, { ...read, at: state.at }).audit.nextSeq - state.audit.nextSeq;
    };
    const { digest } = state.policy ?? policyOf(AUTO);
    must('16 audit', records(digest) === 0, 'an unchanged policy leaves a record');
    must('16 audit', records('sha256:another') > 0, 'a changed policy leaves no record');
  }),
  check('lasting steps are projected', () => {
    for (const kind of ['run-agent', 'verify-change', 'push-commit'] as const) {
      const { state } = new Scene(AUTO).untilEffect(kind).world;
      const isLong = isLasting(state, nextStep(state));
      must('21 quiet', isLong === (kind !== 'push-commit'), `${kind} is projected: ${isLong}`);
    }
    const moved = new Scene(AUTO).until('merge').github({ base: 'base-2' }).approve();
    const { state } = moved.untilEffect('verify-candidate').world;
    must('21 quiet', isLasting(state, nextStep(state)), 'VERIFYING.verify-candidate is not lasting');
  }),
  check('an invisible character is named', () => {
    must('14 inert', visible('a\u202Eb') === 'a⟦U+202E⟧b', 'an invisible character is not named');
    must('14 inert', visible('a\r\nb\n\tc') === 'a\nb\n\tc', 'a line end is named');
  }),
];
