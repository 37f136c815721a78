/**
 * What GitHub says when it refuses a push, a branch or a merge, and the failure that each sentence leads to. Order is
 * precedence: what only a change of the commit can fix comes first. Only what a pattern matches is shown to people.
 */
import type { FailureName } from '../domain/failure.ts';

export interface RefusalRule {
  /** Bounded, and without the addresses that GitHub adds. */
  readonly says: RegExp;
  /** Refused while writing our branch: a push, or the claim. */
  readonly branch: FailureName;
  /** Refused while merging. */
  readonly merge: FailureName;
  /** The heading of a list: it says nothing if an entry of the list is known. */
  readonly isHeading?: true;
}

const always = (failure: FailureName): Omit<RefusalRule, 'says'> => ({ branch: failure, merge: failure });
/** On our branch, a rule for the default branch means that it also covers ours. */
const ofTarget: Omit<RefusalRule, 'says'> = { branch: 'BranchRefused', merge: 'MergeRequirementUnmet' };

/** The sentences of rulesets (GH013) and of branch protection (GH006) are the same in git and in the API. */
export const REFUSAL_RULES: readonly RefusalRule[] = [
  { says: /Push cannot contain secrets|GH009: Secrets detected/, ...always('SecretInChange') },
  {
    says: /File [^\n]{1,300} is [\d.]{1,12} [KMG]B; this exceeds GitHub's file size limit of [\d.]{1,12} [KMG]B/,
    ...always('FilesRefused'),
  },
  { says: /GH001: Large files detected/, ...always('FilesRefused') },
  {
    says: /(?:file (?:path|extension|size|name)s?|path length) [^\n]{0,120}(?:restricted|not allowed|exceeds?|larger than|longer than|maximum)[^\n]{0,120}/i,
    ...always('FilesRefused'),
  },
  {
    says: /refusing to allow an? [A-Za-z ]{1,40} to create or update workflow `[^`\n]{1,200}` without `workflows?` (?:scope|permission)/,
    ...always('WorkflowsForbidden'),
  },
  {
    says: /Your push referenced at least \d{1,6} unknown Git LFS objects?/,
    ...always('LfsObjectsMissing'),
  },
  { says: /Commits must have (?:verified|valid) signatures/, ...always('SignatureRequired') },
  {
    says: /Your push would publish a private email address/,
    ...always('CommitTextRefused'),
  },
  {
    says: /(?:Commit messages?|(?:Commit )?author'?s? email|Commit author email|Committer'?s? email)(?: address)? (?:must|may|cannot) [^\n]{1,200}/i,
    ...always('CommitTextRefused'),
  },
  {
    says: /(?:Merge commits|Squash merges|Rebase merges) are not allowed on this repository/,
    ...always('MergeMethodForbidden'),
  },
  {
    says: /This branch must not contain merge commits/,
    branch: 'BranchRefused',
    merge: 'MergeMethodForbidden',
  },
  {
    says: /Changes must be made through the merge queue/,
    branch: 'BranchRefused',
    merge: 'MergeQueueRequired',
  },
  { says: /Auto.?merge is not allowed for this repository/i, ...always('AutoMergeForbidden') },
  { says: /Protected branch rules not configured for this branch/i, ...always('AutoMergeForbidden') },
  {
    says: /No merge queue found[a-z ]{0,40}|Merge queue is not enabled[a-z ]{0,40}/i,
    ...always('MergeQueueMissing'),
  },
  { says: /(?:Branch|Ref) name must [^\n]{1,200}/i, ...always('BranchRefused') },
  { says: /Cannot create ref due to creations being restricted/, ...always('BranchRefused') },
  {
    says: /Cannot (?:update this protected ref|force-push to (?:this|a protected) branch|change this locked branch)/i,
    ...ofTarget,
  },
  { says: /Changes must be made through a pull request/, ...ofTarget },
  { says: /You're not authorized to push to this branch/, ...ofTarget },
  {
    says: /Required (?:status check|workflow|deployment)s? ["'][^"'\n]{1,150}["'] (?:is|are|has|have) [a-z ]{1,40}/,
    ...ofTarget,
  },
  { says: /\d{1,4} of \d{1,4} required (?:status checks|deployments|workflows)[a-z ]{1,60}/, ...ofTarget },
  { says: /At least \d{1,4} approving reviews? (?:is|are) required[a-z ]{0,60}/, ...ofTarget },
  { says: /New changes require approval from someone other than the last pusher/i, ...ofTarget },
  { says: /(?:Waiting on code owner review|Code owner review is required)/i, ...ofTarget },
  { says: /Changes have been requested|Review required|Required pull request reviews missing/i, ...ofTarget },
  { says: /(?:All comments must be resolved|A conversation must be resolved)/i, ...ofTarget },
  {
    says: /(?:Code scanning|Code quality|Deployments?)[a-z ]{1,60}(?:required|expected|results|resolved)[a-z ]{0,40}/i,
    ...ofTarget,
  },
  { says: /Pull Request is still a draft/i, branch: 'PushRefused', merge: 'MergeRequirementUnmet' },
  { says: /(?:This r|R)epository was archived so (?:it )?is read-only/, ...always('RepositoryReadOnly') },
  {
    says: /organization (?:has enabled or enforced SAML SSO|has an IP allow list enabled|forbids access via a [^\n.]{1,60})|Resource protected by organization SAML enforcement/,
    ...always('OrganizationForbids'),
  },
  { says: /GH00[36]: [^\n]{1,200}/, ...ofTarget, isHeading: true },
  { says: /Repository rule violations found/, ...ofTarget, isHeading: true },
];
