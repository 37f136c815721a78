/** Permanent failures of effects, by name, and what a person must do about each. */

/** What to do out there, before anything is tried again. */
const FIXES = {
  PolicyMissing: 'add .github/signalbox.yml to the default branch (signalbox init writes one)',
  PolicyInvalid: 'fix .github/signalbox.yml on the default branch (signalbox policy check names the line)',
  GitHubUnauthorized: 'give the scheduler a valid GitHub credential',
  GitHubForbidden: 'give the credential the permission named here (signalbox doctor lists them)',
  GitHubNotFound: 'check that the repository and the issue still exist and are visible to the credential',
  GitHubMoved: 'the repository or issue was moved; start it again under its new name',
  GitHubInvalid: 'GitHub refused the request as invalid; see the message',
  BranchTaken: 'someone else has that branch; rename or delete it',
  BranchMoved: 'the branch has commits that are not ours; take them off it',
  HeadMoved: 'the pull request has another head than the approved one; look at it',
  NotMergeable: 'solve the conflict or the failing requirement on the pull request',
  ApproverLostRole: 'have someone with the needed role approve again',
  ReviewDismissed: 'the review that approved it no longer does; approve again',
  CommitDiffers: 'the same bytes built another commit; do not publish, inspect the runner host',
  ArtifactMissing: 'the artifact store lost what this step needs; /retry runs the agent anew',
  SetUpFailed:
    'read what the set-up said (the message names the artifact), fix its commands or hosts in the policy',
  RunnerFailed: 'look at the runner host',
  Unexpected: 'this is a defect; see the message and the logs',
} as const;

export type FailureName = keyof typeof FIXES;

/** Here the fix says all: nothing of what is done out there makes a retry succeed. */
const WITHOUT_RETRY: readonly FailureName[] = ['GitHubMoved', 'ArtifactMissing'];

/** What a held issue asks for. */
export const FAILURES = Object.fromEntries(
  (Object.keys(FIXES) as FailureName[]).map(name => [
    name,
    WITHOUT_RETRY.includes(name) ? FIXES[name] : `${FIXES[name]}, then /retry`,
  ]),
) as Readonly<Record<FailureName, string>>;

export function mendFor(failure: string): string {
  return isFailureName(failure) ? FAILURES[failure] : FAILURES.Unexpected;
}

/** Where no issue is held by it: without the word to type. */
export function fixOf(failure: string): string {
  return isFailureName(failure) ? FIXES[failure] : FIXES.Unexpected;
}

export function isFailureName(name: string): name is FailureName {
  return Object.hasOwn(FIXES, name);
}
