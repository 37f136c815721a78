/** What must be known before a release counts as verified. */
import type { IssueState } from '../../../src/domain/state.ts';
import { must } from './invariants.ts';

/** For a release that is verified by the rules, not by a decision of its owner. */
export function checkVerified(state: IssueState, isSignedOff: boolean): void {
  const { merge, pushed, release, policy, releaseCheckedAt = 0, at } = state;
  const seen = (holds: boolean, what: string): void => must('6 release', holds, `verified although ${what}`);
  seen(merge !== undefined, 'nothing is merged');
  seen(merge?.head === pushed, 'another head was merged');
  seen(release !== undefined && !state.releaseDue, 'there is unread news');
  seen(release?.onDefaultBranch === true, 'the merge is not on the default branch');
  seen((release?.missing ?? []).length === 0, 'its change is not there');
  seen(release?.probes.every(({ ok }) => ok) === true, 'a probe failed');
  const byDeployment = policy?.release.verify === 'deployment';
  const deployed = release?.deployment?.state === 'success' && release.deployment.containsMerge;
  seen(!byDeployment || deployed, 'it is not deployed');
  const since = byDeployment ? release?.deployment?.since : merge?.at;
  const soaked = (since ?? Infinity) + (policy?.release.soakMs ?? 0);
  seen(at >= soaked, 'the soak is not over');
  seen(releaseCheckedAt >= soaked, 'it was not checked after the soak');
  seen(isSignedOff, 'there is no sign-off');
}
