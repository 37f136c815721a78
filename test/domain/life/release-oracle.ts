/** What must have been seen before a release counts as verified. */
import type { IssueState } from '../../../src/domain/state.ts';
import { must } from './invariants.ts';

/** Dated by itself, not by the hand of its owner: the sign-off is looked for where approvals are. */
export function checkVerified(state: IssueState, isSignedOff: boolean): void {
  const { merge, pushed, release, policy, releaseCheckedAt = 0, at } = state;
  const seen = (holds: boolean, what: string): void => must('6 release', holds, `verified although ${what}`);
  seen(merge !== undefined, 'nothing is merged');
  seen(merge?.head === pushed, 'another head was merged');
  seen(release !== undefined && !state.releaseDue, 'there is news of it');
  seen(release?.onDefaultBranch === true, 'the merge is not on the default branch');
  seen(release?.probes.every(({ ok }) => ok) === true, 'a probe failed');
  const byDeployment = policy?.release.verify === 'deployment';
  const deployed = release?.deployment?.state === 'success' && release.deployment.containsMerge;
  seen(!byDeployment || deployed, 'it is not deployed');
  const since = byDeployment ? release?.deployment?.since : merge?.at;
  const soaked = (since ?? Infinity) + (policy?.release.soakMs ?? 0);
  seen(at >= soaked, 'it did not soak');
  seen(releaseCheckedAt >= soaked, 'nobody looked after the soak');
  seen(isSignedOff, 'nobody signed it off');
}
