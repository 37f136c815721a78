/** Permanent failures of effects, by name, and what a person must do about each. */

export const FAILURES = {
  PolicyMissing: 'add .github/signalbox.yml to the default branch (signalbox init writes one), then /retry',
  PolicyInvalid:
    'mend .github/signalbox.yml on the default branch (signalbox policy check names the line), then /retry',
  GitHubUnauthorized: 'give the scheduler a valid GitHub credential, then /retry',
  GitHubForbidden: 'give the credential the permission named here (signalbox doctor lists them), then /retry',
  GitHubNotFound:
    'check that the repository and the issue still exist and are visible to the credential, then /retry',
  GitHubMoved: 'the repository or issue was moved; start it again under its new name',
  GitHubInvalid: 'GitHub refused the request as invalid; see the message, then /retry',
  BranchTaken: 'someone else has that branch; rename or delete it, then /retry',
  BranchMoved: 'the branch has commits that are not ours; take them off it, then /retry',
  HeadMoved: 'the pull request has another head than the approved one; look at it, then /retry',
  NotMergeable: 'solve the conflict or the failing requirement on the pull request, then /retry',
  ApproverLostRole: 'have someone with the needed role approve again, then /retry',
  ReviewDismissed: 'the review that approved it no longer does; approve again, then /retry',
  CommitDiffers: 'the same bytes built another commit; do not publish, inspect the runner host, then /retry',
  ArtifactMissing: 'the artifact store lost what this step needs; /retry runs the agent anew',
  SetUpFailed:
    'read what the set-up said (the message names the artifact), mend its commands or hosts in the policy, then /retry',
  RunnerFailed: 'look at the runner host, then /retry',
  Unexpected: 'this is a defect; see the message and the logs, then /retry',
} as const;

export type FailureName = keyof typeof FAILURES;

export function mendFor(failure: string): string {
  return isFailureName(failure) ? FAILURES[failure] : FAILURES.Unexpected;
}

export function isFailureName(name: string): name is FailureName {
  return Object.hasOwn(FAILURES, name);
}
