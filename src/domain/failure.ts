/** Permanent failures of effects by name, each with its fix. */

/** What a person must do before a retry. */
const FIXES = {
  PolicyMissing: 'add .github/signalbox.yml to the default branch (signalbox init writes one)',
  PolicyInvalid: 'fix .github/signalbox.yml on the branch named here (signalbox policy check names the line)',
  GitHubUnauthorized: 'give the scheduler a valid GitHub credential',
  GitHubForbidden: 'give the credential the permission named here (signalbox doctor lists them)',
  GitHubNotFound: 'check that the repository and the issue still exist and are visible to the credential',
  GitHubMoved: 'the repository or the issue was moved; start it again under its new name',
  TooMuchToRead:
    'delete what does not belong there (the message says whose list it is), or lock the conversation; if these are events, remove the opt-in label and add it again',
  GitHubInvalid: 'GitHub refused the request as invalid; see the message',
  BranchTaken: 'someone else created that branch; rename or delete it',
  BranchBlocked: 'rename or delete the branch that is in the way (the message names it)',
  BranchMoved: 'the branch was deleted; create it again at the commit named here',
  HistoryTooLarge:
    'set workspace.history to shallow in .github/signalbox.yml (agents then see the base commit only), or raise workspace.historyBytes',
  RepositoryUnsupported: 'use a repository with SHA-1 object names, as on GitHub; others are not supported',
  HeadMoved: 'the head of the pull request is not the approved one; check it',
  NotMergeable: 'resolve the conflict or the failing requirement on the pull request',
  SignatureRequired:
    'the rules of the repository require signed commits: set SIGNALBOX_SIGNING_KEY_FILE and SIGNALBOX_COMMIT_EMAIL for the scheduler (docs/github-rules.md), or let its account bypass the rule',
  CommitTextRefused:
    'set SIGNALBOX_COMMIT_NAME and SIGNALBOX_COMMIT_EMAIL for the scheduler to what the rule accepts, or exempt the account of Signalbox from the rule for commit messages and e-mail addresses',
  SecretInChange:
    'find out where the agent gets the secret (the issue or the repository) and remove it there; the next attempt gets the message',
  FilesRefused: 'change the rule or the issue, if these files are wanted; the next attempt gets the message',
  LfsObjectsMissing: 'push the missing Git LFS objects to the repository (git lfs push --all)',
  WorkflowsForbidden:
    'give the credential the permission to change workflows (App or fine-grained token: “Workflows: Read and write”; classic token: the scope “workflow”)',
  BranchRefused:
    'the rules of the repository do not let Signalbox write its branch: exclude ai/** from that ruleset or branch protection, or let its account bypass it',
  HookRefused: 'fix what the pre-receive hook of the server reports',
  PushRefused: 'fix what the message says',
  RepositoryReadOnly: 'unarchive or unlock the repository',
  OrganizationForbids:
    'authorize the token for the single sign-on of the organization, use a kind of token that it allows, or add the address of this host to its IP allow list',
  MergeMethodForbidden:
    'set merge.method in the policy to a way that the repository and the rules of the branch allow (a linear history forbids merge commits), or allow this one there',
  MergeQueueRequired:
    'set merge.handOver: queue in the policy, or merge.by: person and let people add pull requests to the queue, or let the account of Signalbox bypass the rule',
  MergeQueueMissing:
    'the target branch has no merge queue: require one in its rules, or remove merge.handOver from the policy',
  AutoMergeForbidden:
    'allow auto-merge in the settings of the repository and require something in the rules of the branch, or remove merge.handOver from the policy',
  MergeRequirementUnmet: 'meet the requirement on the pull request that the message names',
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
const WITHOUT_RETRY: readonly FailureName[] = ['GitHubMoved', 'RepositoryUnsupported', 'ArtifactMissing'];

/** What the hold asks a person to do. */
export const FAILURES = Object.fromEntries(
  (Object.keys(FIXES) as FailureName[]).map(name => [
    name,
    WITHOUT_RETRY.includes(name) ? FIXES[name] : `${FIXES[name]}, then /retry`,
  ]),
) as Readonly<Record<FailureName, string>>;

/**
 * What a `/retry` does besides asking for the same again. `rebuild`: the same change becomes another commit, with the
 * settings of the scheduler as they are then. `anew`: another attempt. `anew-told`: another attempt, which gets the message.
 */
export type RetrySequel = 'rebuild' | 'anew' | 'anew-told';

const SEQUELS: Readonly<Partial<Record<FailureName, RetrySequel>>> = {
  // Only another run can replace what the artifact store lost.
  ArtifactMissing: 'anew',
  SignatureRequired: 'rebuild',
  CommitTextRefused: 'rebuild',
  SecretInChange: 'anew-told',
  FilesRefused: 'anew-told',
};

export function retrySequel(failure: string): RetrySequel | undefined {
  return isFailureName(failure) ? SEQUELS[failure] : undefined;
}

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
