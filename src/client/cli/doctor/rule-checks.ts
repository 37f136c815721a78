/** Reads the rules and settings of a repository and reports what they will refuse. */
import type { CommitMaker } from '../../../config/commit-settings.ts';
import { COMMIT_IDENTITY } from '../../../domain/commit-identity.ts';
import { claimBranchName } from '../../../domain/branch.ts';
import type { Policy } from '../../../domain/policy.ts';
import { type BranchRules, joinedRules } from '../../../github/branch-rules.ts';
import type { GitHub } from '../../../github/client.ts';
import type { RepositoryName } from '../../../github/credential.ts';
import type { Repository } from '../../../github/repository.ts';
import { mayBypass, protectionOf, rulesetsOfBranch } from '../../../github/rules.ts';
import type { RepositoryCheck } from '../repository-checks.ts';
import { targetBranches } from '../target-checks.ts';
import { type RuleFacts, type RuleFinding, ruleFindings } from './rule-findings.ts';

export interface RuleQuestion {
  readonly repository: Repository;
  readonly policy: Policy | undefined;
  /** As the settings of this host say; undefined: they are wrong. */
  readonly maker: CommitMaker | undefined;
}

/**
 * One request for the rules of our own branches. Two for each target branch, one more where it is protected, and one for
 * each ruleset that applies.
 */
export async function ruleChecks(
  github: GitHub,
  question: RuleQuestion,
): Promise<readonly RepositoryCheck[]> {
  const { owner, repo, defaultBranch } = question.repository;
  const rulesOf = bindingRules(github, { owner, repo });
  const own = await rulesOf(OWN_BRANCH);
  const findings: RuleFinding[] = [];
  const unread: RepositoryCheck[] = [];
  for (const targetBranch of targetBranches(question.policy?.target ?? {}, defaultBranch)) {
    const protection = await protectionOf(github, { owner, repo, branch: targetBranch });
    const ofProtection = protection.kind === 'rules' ? [protection.rules] : [];
    const target = joinedRules([await rulesOf(targetBranch), ...ofProtection]);
    if (protection.kind === 'unreadable') unread.push(unreadable(targetBranch));
    findings.push(...ruleFindings(factsOf(question, { targetBranch, rules: { target, own } })));
  }
  // What is said of our own branches and of the repository is the same for each target branch.
  const distinct = findings.filter(({ what }, at) => findings.findIndex(other => other.what === what) === at);
  const checks = distinct.map(({ what, fix, isCertain }) => ({
    ...{ name: 'rules', ok: false, found: what, fix, required: isCertain },
  }));
  return checks.length + unread.length === 0 ? [NOTHING_FOUND] : [...checks, ...unread];
}

const OWN_BRANCH = claimBranchName({ issueNumber: 1, generation: 1 }, 'x');

function factsOf(
  { repository: { mergeMethods, allowAutoMerge }, policy, maker }: RuleQuestion,
  found: Pick<RuleFacts, 'targetBranch' | 'rules'>,
): RuleFacts {
  return {
    ...found,
    ...{ ownBranch: OWN_BRANCH, isSigned: maker?.sign !== undefined },
    ...(mergeMethods === undefined ? {} : { mergeMethods }),
    commitEmail: maker?.identity.email ?? COMMIT_IDENTITY.email,
    ...(allowAutoMerge === undefined ? {} : { allowAutoMerge }),
    ...(policy === undefined ? { method: 'merge' } : mergeOf(policy)),
  };
}

function mergeOf({
  merge,
  evidence,
}: Policy): Pick<RuleFacts, 'mergeBy' | 'upToDate' | 'method' | 'handOver' | 'isEvidencePublished'> {
  const { by: mergeBy, upToDate = false, method = 'merge', handOver } = merge;
  return {
    ...{ mergeBy, upToDate, method },
    ...(handOver === undefined ? {} : { handOver }),
    ...(evidence === undefined ? {} : { isEvidencePublished: true }),
  };
}

/** Without the rules that our account may bypass; each ruleset is asked for once. */
function bindingRules(github: GitHub, place: RepositoryName): (branch: string) => Promise<BranchRules> {
  const bypassed = new Map<number, boolean>();
  return async branch => {
    const binding: BranchRules[] = [];
    for (const { id, rules } of await rulesetsOfBranch(github, { ...place, branch })) {
      const mayIgnore = id !== undefined && (bypassed.get(id) ?? (await mayBypass(github, { ...place, id })));
      if (id !== undefined) bypassed.set(id, mayIgnore);
      if (!mayIgnore) binding.push(rules);
    }
    return joinedRules(binding);
  };
}

const NOTHING_FOUND: RepositoryCheck = {
  name: 'rules',
  ok: true,
  found: 'none refuses the branches, commits and merges of Signalbox',
  required: false,
};

function unreadable(branch: string): RepositoryCheck {
  return {
    name: 'rules',
    ok: false,
    found: `${branch} has branch protection, which this credential cannot read`,
    fix: 'run doctor once with the token of an administrator (“Administration: Read-only”), or move the protection to a ruleset, which everybody can read',
    required: false,
  };
}
