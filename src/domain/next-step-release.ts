/** After the merge: verifies the release by ancestry, content, deployment and probes, with a sign-off if the policy requires it. */
import { arrivalStep } from './arrival.ts';
import { changeMissing } from './change-missing.ts';
import { isShut } from './gate.ts';
import { blockedHold, gateHold, type HoldStep, releaseOwnerOf } from './hold.ts';
import type { Policy } from './policy.ts';
import { pollMs } from './poll.ts';
import type { IssueState } from './state.ts';
import type { Publication } from './state/publication.ts';
import type { ReleaseFacts } from './state/release.ts';
import type { Step } from './step.ts';
import { targetBranch, targetText } from './target.ts';

/** Poll interval for deployments and probes without a webhook; it grows the longer the release takes. */
const RELEASE_POLL_MS = { min: 60_000, max: 30 * 60_000 } as const;

export function releaseStep(state: IssueState): Step | undefined {
  const { merge, policy, repository } = state;
  if (merge === undefined || policy === undefined || repository === undefined) return undefined;
  if (state.verifiedAt !== undefined)
    return { kind: 'effect', effect: { kind: 'close-issue', reason: 'completed' } };
  if (!mergedWhatWasVerified(state)) {
    return blockedHold(state, {
      reason: 'the merged commit is not the verified commit',
      fix: 'verify the release by hand, then /verify-release',
      who: releaseOwnerOf(state),
    });
  }
  const next = checkOrWait(state, policy, merge.at);
  if (next !== 'check') return next ?? (isShut(state, 'release') ? gateHold(state, 'release') : undefined);
  const into = targetBranch(state) ?? repository.defaultBranch;
  return { kind: 'effect', effect: { kind: 'check-release', merge: merge.commit, into } };
}

/** At the time of the merge there is no deployment yet, and its webhook will announce it. Everything else can be read at once. */
function checkOrWait(state: IssueState, policy: Policy, mergedAt: number): Step | 'check' | undefined {
  const { release, releaseDue } = state;
  const arriving = arrivalStep(state);
  if (arriving !== undefined) return arriving;
  if (releaseDue) return 'check';
  if (release !== undefined) return releaseWait(state, { release, policy, target: targetBranch(state) });
  if (policy.release.verify !== 'deployment') return 'check';
  return { kind: 'wait', for: 'deployment', until: mergedAt + RELEASE_POLL_MS.min };
}

/** The unmet release requirements as text; empty when ancestry, deployment and probes are all good. */
export function releaseOwes({ release, policy, target }: ReleaseRead): readonly string[] {
  const { deployment } = release;
  const deployed = deployment?.state === 'success' && deployment.containsMerge;
  return [
    ...(release.onDefaultBranch ? [] : [`the merge commit on ${targetText(target)}`]),
    ...(policy.release.verify === 'deployment' && !deployed
      ? [`a successful deployment to ${policy.release.environment} that contains the merge`]
      : []),
    ...release.probes.filter(probe => !probe.ok).map(probe => `probe ${probe.url} (found ${probe.found})`),
  ];
}

/** Whether ancestry, deployment, probes, soak and sign-off are all complete. */
export function isReleaseVerified(state: IssueState): boolean {
  const { merge, policy, release } = state;
  if (merge === undefined || policy === undefined || release === undefined || state.releaseDue) return false;
  if (
    !mergedWhatWasVerified(state) ||
    arrivalStep(state) !== undefined ||
    releaseWait(state, { release, policy, target: targetBranch(state) }) !== undefined
  )
    return false;
  return !isShut(state, 'release');
}

/** Only verified commits are pushed, so the merged head must be the pushed one. */
function mergedWhatWasVerified({ merge, pushed }: Publication): boolean {
  return merge !== undefined && merge.head === pushed;
}

export interface ReleaseRead {
  readonly release: ReleaseFacts;
  readonly policy: Policy;
  /** Absent: the default branch. */
  readonly target?: string | undefined;
}

function releaseWait(state: IssueState, read: ReleaseRead): Step | 'check' | undefined {
  const { releaseCheckedAt: checkedAt = state.at } = state;
  const failed = failedDeployment(state, read);
  if (failed !== undefined) return failed;
  const missing = changeMissing(state, read.release);
  if (missing !== undefined) return missing;
  if (releaseOwes(read).length > 0)
    return (
      overdue(state, read) ?? {
        kind: 'wait',
        for: 'deployment',
        until: checkedAt + pausedMs(state, checkedAt),
      }
    );
  const until = soakEnds(state, read);
  if (state.at < until) return { kind: 'wait', for: 'soak', until };
  // A check from before the end of the soak does not show its result.
  return checkedAt < until ? 'check' : undefined;
}

/** A failed deployment of this merge. A failed older deployment does not matter. */
function failedDeployment(state: IssueState, { release, policy }: ReleaseRead): HoldStep | undefined {
  const { deployment } = release;
  if (policy.release.verify !== 'deployment' || deployment?.state !== 'failure' || !deployment.containsMerge)
    return undefined;
  return blockedHold(state, {
    reason: `the deployment to ${policy.release.environment} failed`,
    fix: 'deploy again or revert the merge, then /retry or /verify-release',
    who: releaseOwnerOf(state),
  });
}

/** After `escalation.escalateAfter`, unmet requirements become a hold for the release owner. */
function overdue(state: IssueState, read: ReleaseRead): HoldStep | undefined {
  const { policy } = read;
  if (state.merge === undefined || state.at < state.merge.at + policy.escalation.escalateAfterMs)
    return undefined;
  return blockedHold(state, {
    reason: `the release still needs: ${releaseOwes(read).join('; ')}`,
    fix: 'complete it, then /retry, or /verify-release',
    who: releaseOwnerOf(state),
  });
}

function pausedMs(state: IssueState, checkedAt: number): number {
  return pollMs(checkedAt - (state.merge?.at ?? checkedAt), RELEASE_POLL_MS);
}

/** End of the soak, in epoch milliseconds. It starts with the deployment, or with the merge if none is required. */
function soakEnds(state: IssueState, { release, policy }: ReleaseRead): number {
  const since = policy.release.verify === 'deployment' ? release.deployment?.since : state.merge?.at;
  return (since ?? state.at) + policy.release.soakMs;
}
