/** Reads the rules that GitHub applies to a branch: those of rulesets, and of the older branch protection. */
import { z } from 'zod';
import { ask, askOrUndefined } from './ask.ts';
import { type BranchRules, joinedRules } from './branch-rules.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import { askPages } from './pages.ts';
import { BranchAnswer, ProtectionAnswer, RuleAnswer, ruleOf, RulesetAnswer } from './rule-answers.ts';

export interface BranchOf extends RepositoryName {
  readonly branch: string;
}

/** The rules of one ruleset that apply to the branch. */
export interface Ruleset {
  readonly id: number | undefined;
  readonly rules: BranchRules;
}

/**
 * The rules of all active rulesets for a branch, which need not exist. One request; needs to read metadata only. Rules
 * that our account may bypass are among them.
 */
export async function rulesetsOfBranch(
  github: GitHub,
  { owner, repo, branch }: BranchOf,
): Promise<readonly Ruleset[]> {
  return rulesetsIn(await listRules(github, { owner, repo, branch }));
}

export async function listRules(github: GitHub, { owner, repo, branch }: BranchOf): Promise<readonly Rule[]> {
  return await askPages({
    what: `the rules of ${branch} in ${owner}/${repo}`,
    send: at => github.rest.repos.getBranchRules({ owner, repo, branch, ...at }),
    schema: z.array(RuleAnswer),
  });
}

type Rule = z.infer<typeof RuleAnswer>;

export function rulesetsIn(rules: readonly Rule[]): readonly Ruleset[] {
  const ids = [...new Set(rules.map(rule => rule.ruleset_id))];
  return ids.map(id => ({
    id,
    rules: joinedRules(rules.filter(rule => rule.ruleset_id === id).map(ruleOf)),
  }));
}

/** Whether our account may bypass the ruleset, always or when it merges; false where GitHub does not say so. */
export async function mayBypass(
  github: GitHub,
  { owner, repo, id, at }: RepositoryName & { readonly id: number; readonly at?: 'merge' },
): Promise<boolean> {
  const asked = github.rest.repos.getRepoRuleset({ owner, repo, ruleset_id: id });
  const { current_user_can_bypass: may = 'never' } = (await askOrUndefined(asked, RulesetAnswer)) ?? {};
  return ['always', 'exempt', ...(at === 'merge' ? ['pull_requests_only'] : [])].includes(may);
}

export type Protection =
  | { readonly kind: 'none' }
  /** There is one, but only an administrator can read it. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'rules'; readonly rules: BranchRules };

/** Branch protection, which is not among the rules of rulesets. One or two requests. */
export async function protectionOf(github: GitHub, { owner, repo, branch }: BranchOf): Promise<Protection> {
  const found = await askOrUndefined(github.rest.repos.getBranch({ owner, repo, branch }), BranchAnswer);
  if (found?.hasProtection !== true) return { kind: 'none' };
  try {
    const rules = await ask(github.rest.repos.getBranchProtection({ owner, repo, branch }), ProtectionAnswer);
    return { kind: 'rules', rules };
  } catch (error) {
    if (!isFailure(error, 'forbidden', 'not-found')) throw error;
    return isFailure(error, 'not-found') && /branch not protected/i.test(error.message)
      ? { kind: 'none' }
      : { kind: 'unreadable' };
  }
}
