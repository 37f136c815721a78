/** Which checks the rules of a branch require, and what they say about merges. What only an administrator may read of its protection is not needed. */
import { z } from 'zod';
import type { RequiredCheck } from '../domain/check-report.ts';
import type { MergeRules } from '../domain/merge-rules.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { isFailure } from './failure.ts';
import { type BranchRules, joinedRules, mergeRulesOf } from './branch-rules.ts';
import { getRef } from './refs.ts';
import { type BranchOf, listRules, mayBypass, type Ruleset, rulesetsIn } from './rules.ts';

const REQUIRED_MAX = 200;

export interface BranchFacts {
  readonly head: string;
  /** By rules of any kind. */
  readonly isProtected?: true;
  /** Those of branch protection. */
  readonly requiredChecks?: readonly RequiredCheck[];
}

/** Undefined for a branch that does not exist, or not under this name any more. */
export async function branchFacts(
  github: GitHub,
  { owner, repo, branch }: BranchOf,
): Promise<BranchFacts | undefined> {
  try {
    return await ask(github.rest.repos.getBranch({ owner, repo, branch }), BranchAnswer);
  } catch (error) {
    // Of a branch that was renamed, GitHub answers with its new name; its ref is just missing.
    const isRenamed =
      isFailure(error, 'moved') && (await getRef(github, { owner, repo, branch })) === undefined;
    if (!isRenamed && !isFailure(error, 'not-found')) throw error;
    return undefined;
  }
}

/** What all rulesets of a branch ask of its pull requests. */
export interface RulesOfMerges {
  readonly required: readonly RequiredCheck[];
  /** Absent: nothing. */
  readonly rules?: MergeRules;
}

/**
 * One request, and one for each ruleset with a rule that our account may be allowed to bypass. Nothing is asked for where
 * the plan of the repository has no rulesets.
 */
export async function rulesOfMerges(github: GitHub, place: BranchOf): Promise<RulesOfMerges> {
  try {
    const listed = await listRules(github, place);
    const required = listed
      .filter(({ type }) => type === 'required_status_checks')
      .flatMap(({ parameters = {} }) => CheckParameters.parse(parameters).required_status_checks)
      .slice(0, REQUIRED_MAX);
    const rules = await bindingRules(github, place, rulesetsIn(listed));
    return { required, ...(rules === undefined ? {} : { rules }) };
  } catch (error) {
    if (!isFailure(error, 'forbidden', 'not-found')) throw error;
    return { required: [] };
  }
}

async function bindingRules(
  github: GitHub,
  { owner, repo }: BranchOf,
  rulesets: readonly Ruleset[],
): Promise<MergeRules | undefined> {
  const binding: BranchRules[] = [];
  for (const { id, rules } of rulesets) {
    if (mergeRulesOf(rules) === undefined) continue;
    if (id === undefined || !(await mayBypass(github, { owner, repo, id, at: 'merge' }))) binding.push(rules);
  }
  return mergeRulesOf(joinedRules(binding));
}

const CheckParameters = z.object({
  required_status_checks: z
    .array(
      z
        .object({ context: z.string(), integration_id: z.number().nullish() })
        .transform(({ context, integration_id: id }) => required(context, id)),
    )
    .default([]),
});

const ProtectedChecks = z
  .object({
    contexts: z.array(z.string()).default([]),
    checks: z.array(z.object({ context: z.string(), app_id: z.number().nullish() })).optional(),
  })
  .transform(({ contexts, checks }): readonly RequiredCheck[] =>
    (
      checks?.map(({ context, app_id: id }) => required(context, id)) ?? contexts.map(name => ({ name }))
    ).slice(0, REQUIRED_MAX),
  );

/** `protected` counts rulesets too. The checks of branch protection are shown to every reader. */
const BranchAnswer = z
  .object({
    commit: z.object({ sha: z.string() }),
    protected: z.boolean().default(false),
    protection: z.object({ required_status_checks: ProtectedChecks.optional() }).optional(),
  })
  .transform(({ commit, protected: isProtected, protection }): BranchFacts => {
    const requiredChecks = protection?.required_status_checks ?? [];
    return {
      head: commit.sha,
      ...(isProtected ? { isProtected } : {}),
      ...(requiredChecks.length === 0 ? {} : { requiredChecks }),
    };
  });

/** `-1` is GitHub's word for any App. */
function required(name: string, appId: number | null | undefined): RequiredCheck {
  return { name, ...(appId === undefined || appId === null || appId < 0 ? {} : { appId }) };
}
