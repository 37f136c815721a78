/** Permanent failures of effects by name, each with its fix. */

/** What a person must do before a retry. */
const FIXES = {
  PolicyMissing: 'add .github/signalbox.yml to the default branch (signalbox init writes one)',
  PolicyInvalid: 'fix .github/signalbox.yml on the default branch (signalbox policy check names the line)',
  GitHubUnauthorized: 'give the scheduler a valid GitHub credential',
  GitHubForbidden: 'give the credential the permission named here (signalbox doctor lists them)',
  GitHubNotFound: 'check that the repository and the issue still exist and are visible to the credential',
  GitHubMoved: 'the repository or the issue was moved; start it again under its new name',
  TooMuchToRead:
    'delete what does not belong there (the message says whose list it is), or lock the conversation; if these are events, remove the opt-in label and add it again',
  GitHubInvalid: 'GitHub refused the request as invalid; see the message',
  BranchTaken: 'someone else created that branch; rename or delete it',
  BranchMoved: 'the branch has commits that Signalbox did not push; remove them',
  HeadMoved: 'the head of the pull request is not the approved one; check it',
  NotMergeable: 'resolve the conflict or the failing requirement on the pull request',
  ApproverLostRole: 'ask someone with the required role to approve again',
  ReviewDismissed: 'the approving review was dismissed; approve again',
  CommitDiffers: 'the same change produced a different commit; do not publish it, inspect the runner host',
  ArtifactMissing: 'the artifact store lost data that this step needs; /retry runs the agent again',
  SetUpFailed:
    'read the output of the set-up (the message names the artifact), fix its commands or hosts in the policy',
  RunnerFailed: 'check the runner host',
  Unexpected: 'this is a bug in Signalbox; see the message and the logs',
} as const;

export type FailureName = keyof typeof FIXES;

/** The fix is complete without “then /retry”: here a person does nothing first that makes a retry succeed. */
const WITHOUT_RETRY: readonly FailureName[] = ['GitHubMoved', 'ArtifactMissing'];

/** What the hold asks a person to do. */
export const FAILURES = Object.fromEntries(
  (Object.keys(FIXES) as FailureName[]).map(name => [
    name,
    WITHOUT_RETRY.includes(name) ? FIXES[name] : `${FIXES[name]}, then /retry`,
  ]),
) as Readonly<Record<FailureName, string>>;

export function fixForHold(failure: string): string {
  return isFailureName(failure) ? FAILURES[failure] : FAILURES.Unexpected;
}

/** The fix without the `/retry`, for places where no issue is held. */
export function fixOf(failure: string): string {
  return isFailureName(failure) ? FIXES[failure] : FIXES.Unexpected;
}

export function isFailureName(name: string): name is FailureName {
  return Object.hasOwn(FIXES, name);
}
