/** GitHub's refusals, in its own words: each leads to a failure with its fix, and only what is safe is shown. */
import { describe, expect, test } from '@jest/globals';
import type { FailureName } from '../../src/domain/failure.ts';
import { pushRefusal, refusalIn } from '../../src/github/refusals.ts';

/** As `readPushResult` gives it: the summary of the ref, then the lines of the server. */
const RULES = 'push declined due to repository rule violations';
const heading = (ref: string): string =>
  `error: GH013: Repository rule violations found for refs/heads/${ref}.\nReview all repository rules at https://github.com/acme/cards/rules?ref=refs%2Fheads%2F${ref}`;
const protectedBranch = (...said: readonly string[]): string =>
  [
    'protected branch hook declined',
    'error: GH006: Protected branch update failed for refs/heads/ai/x.',
    ...said,
  ].join('\n');

/** Push protection, as GitHub prints it, with the address that would allow the secret. */
const PUSH_PROTECTION = `${RULES}
${heading('ai/issue-1-x')}
- GITHUB PUSH PROTECTION
—————————————————————————————————————————
Resolve the following violations before pushing again
- Push cannot contain secrets
(?) Learn how to resolve a blocked push
https://docs.github.com/code-security/secret-scanning/working-with-secret-scanning-and-push-protection/working-with-push-protection-from-the-command-line#resolving-a-blocked-push
—— Linear API Key ——————————————————————
locations:
- commit: 4f21c0d8b1a54e0f9c3d2b7a6e5f4c3d2b1a0f9e
path: src/redaction/scrub.test.ts:42
- commit: 4f21c0d8b1a54e0f9c3d2b7a6e5f4c3d2b1a0f9e
path: docs/example.md:7
(?) To push, remove secret from commit(s) or follow this URL to allow the secret.
https://github.com/acme/cards/security/secret-scanning/unblock-secret/2xYzAbC`;

const PUSHES: readonly (readonly [string, string, FailureName, string])[] = [
  [
    'unsigned commits',
    `${RULES}\n${heading('ai/x')}\n- Commits must have verified signatures.\nFound 1 violation:\n027faa7121ee9df79db623e1a2848d2cc88a8dba`,
    'SignatureRequired',
    'Commits must have verified signatures',
  ],
  [
    'unsigned commits and a pull request: the commit must change first',
    `${RULES}\n${heading('main')}\n- Changes must be made through a pull request.\n- Commits must have verified signatures.\nFound 1 violation:\nf0ce362543087fd58d68f479a6cbd65bd0d7c26b`,
    'SignatureRequired',
    'Commits must have verified signatures; Changes must be made through a pull request',
  ],
  [
    'unsigned commits under branch protection',
    protectedBranch('error: Commits must have verified signatures.'),
    'SignatureRequired',
    'Commits must have verified signatures',
  ],
  [
    'push protection',
    PUSH_PROTECTION,
    'SecretInChange',
    'Push cannot contain secrets; Linear API Key at src/redaction/scrub.test.ts:42, docs/example.md:7',
  ],
  [
    'push protection of older servers',
    'pre-receive hook declined\nerror: GH009: Secrets detected! This push failed.\nGITHUB PUSH PROTECTION\n—— GitHub Personal Access Token ——————————————————————\nlocations:\n- commit: 8728dbe67\npath: README.md:4',
    'SecretInChange',
    'GH009: Secrets detected; GitHub Personal Access Token at README.md:4',
  ],
  [
    'a large file',
    "pre-receive hook declined\nerror: Trace: 3539f6eaf2da6d14bbb65f8b9db2f684f713c6d5732665c678bdc1bb29d18696\nerror: See https://gh.io/lfs for more information.\nerror: File Archiv.zip is 120.17 MB; this exceeds GitHub's file size limit of 100.00 MB\nerror: GH001: Large files detected. You may want to try Git Large File Storage - https://git-lfs.github.com.",
    'FilesRefused',
    "File Archiv.zip is 120.17 MB; this exceeds GitHub's file size limit of 100.00 MB; GH001: Large files detected",
  ],
  [
    'LFS objects that nobody pushed',
    "pre-receive hook declined\nerror: GH008: Your push referenced at least 1 unknown Git LFS object:\ncd0e6edf7a48b6b12ca737319acdc0ec1e4ff8918a264499d7e60bfc558c4341\nTry to push them with 'git lfs push --all'.",
    'LfsObjectsMissing',
    'Your push referenced at least 1 unknown Git LFS object',
  ],
  [
    'a private e-mail address',
    'push declined due to email privacy restrictions\nerror: GH007: Your push would publish a private email address.\nYou can make your email public or disable this protection by visiting:\nhttp://github.com/settings/emails',
    'CommitTextRefused',
    'Your push would publish a private email address',
  ],
  [
    'a pattern for commit messages',
    `${RULES}\n${heading('ai/x')}\n- Commit message must match a given regex pattern: ^feat\nFound 1 violation:\n027faa7121ee9df79db623e1a2848d2cc88a8dba`,
    'CommitTextRefused',
    'Commit message must match a given regex pattern: ^feat',
  ],
  [
    'a pattern for e-mail addresses',
    `${RULES}\n${heading('ai/x')}\n- Committer email must end with @example.com`,
    'CommitTextRefused',
    'Committer email must end with @example.com',
  ],
  [
    'a pattern for branch names',
    `${RULES}\n${heading('ai/x')}\n- Branch name must match a given regex pattern: ^(feature|fix)/`,
    'BranchRefused',
    'Branch name must match a given regex pattern: ^(feature|fix)/',
  ],
  [
    'restricted creation',
    `${RULES}\n${heading('ai/x')}\n- Cannot create ref due to creations being restricted.`,
    'BranchRefused',
    'Cannot create ref due to creations being restricted',
  ],
  [
    'rules of the default branch that cover ours',
    `${RULES}\n${heading('ai/x')}\n- Changes must be made through a pull request.\n- Required status check "Verify src/ vs non-src/ Separation" is expected.`,
    'BranchRefused',
    'Changes must be made through a pull request; Required status check "Verify src/ vs non-src/ Separation" is expected',
  ],
  [
    'a merge queue',
    `${RULES}\n${heading('ai/x')}\n- Changes must be made through the merge queue`,
    'BranchRefused',
    'Changes must be made through the merge queue',
  ],
  [
    'several checks of branch protection',
    protectedBranch('- 3 of 3 required status checks are expected.'),
    'BranchRefused',
    '3 of 3 required status checks are expected',
  ],
  [
    'a review of branch protection',
    protectedBranch('error: At least 1 approving review is required by reviewers with write access.'),
    'BranchRefused',
    'At least 1 approving review is required by reviewers with write access',
  ],
  [
    'a restricted branch',
    protectedBranch(
      "error: You're not authorized to push to this branch. Visit https://docs.github.com/articles/about-protected-branches/ for more information.",
    ),
    'BranchRefused',
    "You're not authorized to push to this branch",
  ],
  [
    'a locked branch',
    protectedBranch('error: Cannot change this locked branch'),
    'BranchRefused',
    'Cannot change this locked branch',
  ],
  [
    'a force push',
    'protected branch hook declined\nerror: GH003: Sorry, force-pushing to main is not allowed.',
    'BranchRefused',
    'GH003: Sorry, force-pushing to main is not allowed.',
  ],
  [
    'workflow files without the permission, by an App',
    `${RULES}\n${heading('ai/x')}\n- refusing to allow a GitHub App to create or update workflow \`.github/workflows/build.yml\` without \`workflows\` permission`,
    'WorkflowsForbidden',
    'refusing to allow a GitHub App to create or update workflow `.github/workflows/build.yml` without `workflows` permission',
  ],
  [
    'workflow files without the scope, by a token',
    'refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope',
    'WorkflowsForbidden',
    'refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope',
  ],
  [
    'restricted files',
    `${RULES}\n${heading('ai/x')}\n- File extension exe is restricted`,
    'FilesRefused',
    'File extension exe is restricted',
  ],
  [
    'an archived repository',
    'This repository was archived so it is read-only.',
    'RepositoryReadOnly',
    'This repository was archived so it is read-only',
  ],
  [
    'single sign-on',
    "The 'acme' organization has enabled or enforced SAML SSO.\nTo access this repository, you must use the HTTPS remote with a personal access token or SSH with an SSH key and passphrase that has been authorized for this organization.",
    'OrganizationForbids',
    'organization has enabled or enforced SAML SSO',
  ],
  [
    'the hook of a company',
    'pre-receive hook declined\nNo ticket in the branch name, see https://wiki.example/x?token=1',
    'HookRefused',
    'pre-receive hook declined; No ticket in the branch name, see',
  ],
  [
    'a rule that is not known',
    `${RULES}\n${heading('ai/x')}\n- Something new is wanted.`,
    'BranchRefused',
    'Repository rule violations found',
  ],
  [
    'words that are not known',
    'deletion of the current branch prohibited',
    'PushRefused',
    'deletion of the current branch prohibited',
  ],
];

describe('a refused push', () => {
  test.each(PUSHES)('%s', (...[, said, failure, why]) => {
    expect(pushRefusal(said)).toEqual({ failure, why });
  });

  test('never shows the address that allows a secret, nor a token that a hook repeats', () => {
    expect(pushRefusal(PUSH_PROTECTION).why).not.toMatch(/https?:|unblock/);
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const said = `pre-receive hook declined\nline 4 contains ${token}`;
    expect(pushRefusal(said).why).not.toContain(token);
    expect(pushRefusal(said).why).toContain('line 4 contains');
  });

  test('is bounded, whatever the server writes', () => {
    for (const said of ['x'.repeat(1_000_000), `- File ${'a '.repeat(500_000)}`, '\n'.repeat(100_000)])
      expect(pushRefusal(`hook declined\n${said}`).why.length).toBeLessThanOrEqual(601);
  });
});

const MERGES: readonly (readonly [string, FailureName])[] = [
  ['Merge commits are not allowed on this repository.', 'MergeMethodForbidden'],
  ['Squash merges are not allowed on this repository.', 'MergeMethodForbidden'],
  ['Repository rule violations found This branch must not contain merge commits.', 'MergeMethodForbidden'],
  ['Repository rule violations found Changes must be made through the merge queue', 'MergeQueueRequired'],
  ['Pull request Auto merge is not allowed for this repository', 'AutoMergeForbidden'],
  ['Pull request Protected branch rules not configured for this branch', 'AutoMergeForbidden'],
  ["No merge queue found for branch 'main'", 'MergeQueueMissing'],
  ['Required status check "build" is expected.', 'MergeRequirementUnmet'],
  ['2 of 3 required status checks have not succeeded: 1 expected.', 'MergeRequirementUnmet'],
  ['At least 1 approving review is required by reviewers with write access.', 'MergeRequirementUnmet'],
  ['Changes have been requested.', 'MergeRequirementUnmet'],
  ['Waiting on code owner review from acme/owners.', 'MergeRequirementUnmet'],
  ['A conversation must be resolved before this pull request can be merged.', 'MergeRequirementUnmet'],
  [
    "You're not authorized to push to this branch. Visit https://docs.github.com for more.",
    'MergeRequirementUnmet',
  ],
  ['Pull Request is still a draft', 'MergeRequirementUnmet'],
  ['Repository rule violations found Commits must have verified signatures.', 'SignatureRequired'],
];

describe('a refused merge', () => {
  test.each(MERGES)('%s', (said, failure) => {
    expect(refusalIn(said, 'merge')).toMatchObject({ failure });
  });

  test.each([
    'Pull Request is not mergeable',
    'Merge conflict',
    'Base branch was modified. Review and try the merge again.',
  ])('is not explained by a rule: %s', said => {
    expect(refusalIn(said, 'merge')).toBeUndefined();
  });
});
