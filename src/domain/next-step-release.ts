/** After the merge: the release is verified from ancestry, deployment and probes, and signed off where policy says. */
import { isShut } from './gate.ts';
import { blockedHold, gateHold, type HoldStep, releaseOwnerOf } from './hold.ts';
import type { Policy } from './policy.ts';
import type { IssueState } from './state.ts';
import type { Publication } from './state/publication.ts';
import type { ReleaseFacts } from './state/release.ts';
import type { Step } from './step.ts';

/** How often deployments and probes are looked at without a webhook: seldomer, the longer it takes. */
const RELEASE_POLL_MS = { min: 60_000, max: 30 * 60_000 } as const;

export function releaseStep(state: IssueState): Step | undefined {
  const { merge, policy, repository } = state;
  if (merge === undefined || policy === undefined || repository === undefined) return undefined;
  if (state.verifiedAt !== undefined)
    return { kind: 'effect', effect: { kind: 'close-issue', reason: 'completed' } };
  if (!mergedWhatWasVerified(state)) {
    return blockedHold(state, {
      reason: 'what was merged is not the commit that was verified',
      mend: 'verify the release by hand, then /verify-release',
      who: releaseOwnerOf(state),
    });
  }
  const next = checkOrWait(state, policy, merge.at);
  if (next !== 'check') return next ?? (isShut(state, 'release') ? gateHold(state, 'release') : undefined);
  const into = repository.defaultBranch;
  return { kind: 'effect', effect: { kind: 'check-release', merge: merge.commit, into } };
}

/** A deployment tells of itself, and in the moment of the merge there is none; what else counts can be read at once. */
function checkOrWait(state: IssueState, policy: Policy, mergedAt: number): Step | 'check' | undefined {
  const { release, releaseDue } = state;
  if (releaseDue) return 'check';
  if (release !== undefined) return releaseWait(state, { release, policy });
  if (policy.release.verify !== 'deployment') return 'check';
  return { kind: 'wait', for: 'deployment', until: mergedAt + RELEASE_POLL_MS.min };
}

/** What the release still owes, in plain words; empty when ancestry, deployment and probes all agree. */
export function releaseOwes(release: ReleaseFacts, policy: Policy): readonly string[] {
  const { deployment } = release;
  const deployed = deployment?.state === 'success' && deployment.containsMerge;
  return [
    ...(release.onDefaultBranch ? [] : ['the merge commit on the default branch']),
    ...(policy.release.verify === 'deployment' && !deployed
      ? [`a successful deployment to ${policy.release.environment} that contains the merge`]
      : []),
    ...release.probes.filter(probe => !probe.ok).map(probe => `probe ${probe.url} (found ${probe.found})`),
  ];
}

/** Ancestry, deployment, probes, soak and sign-off all agree: the milestone may be dated. */
export function isReleaseVerified(state: IssueState): boolean {
  const { merge, policy, release } = state;
  if (merge === undefined || policy === undefined || release === undefined || state.releaseDue) return false;
  if (!mergedWhatWasVerified(state) || releaseWait(state, { release, policy }) !== undefined) return false;
  return !isShut(state, 'release');
}

/** Only what was verified is ever pushed. */
function mergedWhatWasVerified({ merge, pushed }: Publication): boolean {
  return merge !== undefined && merge.head === pushed;
}

interface Read {
  readonly release: ReleaseFacts;
  readonly policy: Policy;
}

function releaseWait(state: IssueState, read: Read): Step | 'check' | undefined {
  const { releaseCheckedAt: checkedAt = state.at } = state;
  const failed = failedDeployment(state, read);
  if (failed !== undefined) return failed;
  if (releaseOwes(read.release, read.policy).length > 0)
    return (
      overdue(state, read) ?? { kind: 'wait', for: 'deployment', until: checkedAt + pollMs(state, checkedAt) }
    );
  const until = soakEnds(state, read);
  if (state.at < until) return { kind: 'wait', for: 'soak', until };
  // What was seen before the soak says nothing about how it ended.
  return checkedAt < until ? 'check' : undefined;
}

/** Of this merge; that an older deployment failed says nothing. */
function failedDeployment(state: IssueState, { release, policy }: Read): HoldStep | undefined {
  const { deployment } = release;
  if (policy.release.verify !== 'deployment' || deployment?.state !== 'failure' || !deployment.containsMerge)
    return undefined;
  return blockedHold(state, {
    reason: `the deployment to ${policy.release.environment} failed`,
    mend: 'deploy again, or revert the merge; then /retry, or /verify-release',
    who: releaseOwnerOf(state),
  });
}

/** What nobody brings about by itself in all this time is for the release owner to see to. */
function overdue(state: IssueState, { release, policy }: Read): HoldStep | undefined {
  if (state.merge === undefined || state.at < state.merge.at + policy.escalation.escalateAfterMs)
    return undefined;
  return blockedHold(state, {
    reason: `the release still owes: ${releaseOwes(release, policy).join('; ')}`,
    mend: 'see to it, then /retry, or /verify-release',
    who: releaseOwnerOf(state),
  });
}

function pollMs(state: IssueState, checkedAt: number): number {
  const quarter = (checkedAt - (state.merge?.at ?? checkedAt)) / 4;
  return Math.min(RELEASE_POLL_MS.max, Math.max(RELEASE_POLL_MS.min, quarter));
}

/** When the soak ends, in epoch milliseconds; it begins with the deployment, or with the merge where none is asked. */
function soakEnds(state: IssueState, { release, policy }: Read): number {
  const since = policy.release.verify === 'deployment' ? release.deployment?.since : state.merge?.at;
  return (since ?? state.at) + policy.release.soakMs;
}
