/** GitHub's forms of the rules of a branch, as facts. Of a type that is not known, only the name is kept. */
import { z } from 'zod';
import type { BranchRules, PullRequestRule } from './branch-rules.ts';

export function ruleOf({ type, parameters = {} }: z.infer<typeof RuleAnswer>): BranchRules {
  switch (type) {
    case 'required_signatures':
      return { signatures: true };
    case 'creation':
      return { creation: true };
    case 'update':
      return { update: true };
    case 'required_linear_history':
      return { linearHistory: true };
    case 'merge_queue':
      return { mergeQueue: true };
    case 'pull_request':
      return { pullRequest: PullRequestParameters.parse(parameters) };
    case 'required_status_checks':
      return CheckParameters.parse(parameters);
    case 'required_deployments':
      return { deployments: DeploymentParameters.parse(parameters).required_deployment_environments };
    default:
      return textRule(type, parameters);
  }
}

const FILE_RULES = [
  'file_path_restriction',
  'max_file_path_length',
  'file_extension_restriction',
  'max_file_size',
];
/** They concern nobody who neither deletes branches nor rewrites them. */
const HARMLESS = ['deletion', 'non_fast_forward'];

function textRule(type: string, parameters: Readonly<Record<string, unknown>>): BranchRules {
  const pattern = PatternParameters.safeParse(parameters);
  if (type.endsWith('_pattern') && pattern.success) return { patterns: [{ type, ...pattern.data }] };
  if (FILE_RULES.includes(type)) return { files: [type] };
  return HARMLESS.includes(type) ? {} : { others: [type] };
}

export const RuleAnswer = z.object({
  type: z.string().max(100),
  parameters: z.record(z.string(), z.unknown()).optional(),
  ruleset_id: z.number().optional(),
});

/** GitHub tells it only to those who can write to the repository. */
export const RulesetAnswer = z.object({ current_user_can_bypass: z.string().max(50).optional() });

const PullRequestParameters = z
  .object({
    required_approving_review_count: z.number().default(0),
    require_code_owner_review: z.boolean().default(false),
    dismiss_stale_reviews_on_push: z.boolean().default(false),
    require_last_push_approval: z.boolean().default(false),
    required_review_thread_resolution: z.boolean().default(false),
    allowed_merge_methods: z.array(z.enum(['merge', 'squash', 'rebase'])).optional(),
  })
  .transform((answer): PullRequestRule => ({
    approvals: answer.required_approving_review_count,
    codeOwners: answer.require_code_owner_review,
    dismissStale: answer.dismiss_stale_reviews_on_push,
    lastPush: answer.require_last_push_approval,
    threadsResolved: answer.required_review_thread_resolution,
    ...(answer.allowed_merge_methods === undefined ? {} : { mergeMethods: answer.allowed_merge_methods }),
  }));

const CheckParameters = z
  .object({
    required_status_checks: z.array(z.object({ context: z.string() })).default([]),
    strict_required_status_checks_policy: z.boolean().default(false),
  })
  .transform(({ required_status_checks: checks, strict_required_status_checks_policy: strict }) =>
    checksRule(
      checks.map(({ context }) => context),
      strict,
    ),
  );

function checksRule(checks: readonly string[], isStrict: boolean): BranchRules {
  return { checks, ...(isStrict ? { upToDate: true } : {}) };
}

const DeploymentParameters = z.object({ required_deployment_environments: z.array(z.string()).default([]) });
const PatternParameters = z.object({
  operator: z.enum(['starts_with', 'ends_with', 'contains', 'regex']),
  pattern: z.string().max(2_000),
  negate: z.boolean().default(false),
});

/** `protected` also counts rulesets; `protection.enabled` does not. */
export const BranchAnswer = z
  .object({
    protected: z.boolean().default(false),
    protection: z.object({ enabled: z.boolean() }).optional(),
  })
  .transform(answer => ({ hasProtection: answer.protection?.enabled ?? answer.protected }));
const Switch = z.object({ enabled: z.boolean() }).default({ enabled: false });
const Reviews = z
  .object({
    required_approving_review_count: z.number().default(0),
    require_code_owner_reviews: z.boolean().default(false),
    dismiss_stale_reviews: z.boolean().default(false),
    require_last_push_approval: z.boolean().default(false),
  })
  .transform(answer => ({
    approvals: answer.required_approving_review_count,
    codeOwners: answer.require_code_owner_reviews,
    dismissStale: answer.dismiss_stale_reviews,
    lastPush: answer.require_last_push_approval,
  }));
export const ProtectionAnswer = z
  .object({
    required_signatures: Switch,
    required_linear_history: Switch,
    required_conversation_resolution: Switch,
    lock_branch: Switch,
    required_status_checks: z
      .object({ strict: z.boolean().default(false), contexts: z.array(z.string()).default([]) })
      .optional(),
    required_pull_request_reviews: Reviews.optional(),
  })
  .transform((answer): BranchRules => {
    const { required_status_checks: checks } = answer;
    return {
      ...(answer.required_signatures.enabled ? { signatures: true } : {}),
      ...(answer.required_linear_history.enabled ? { linearHistory: true } : {}),
      ...(answer.lock_branch.enabled ? { update: true } : {}),
      ...(checks === undefined ? {} : checksRule(checks.contexts, checks.strict)),
      ...reviewRule(answer.required_pull_request_reviews, answer.required_conversation_resolution.enabled),
    };
  });

function reviewRule(
  reviews: z.infer<typeof Reviews> | undefined,
  threadsResolved: boolean,
): Pick<BranchRules, 'pullRequest'> {
  if (reviews === undefined && !threadsResolved) return {};
  const { approvals, codeOwners, dismissStale, lastPush } = reviews ?? Reviews.parse({});
  return { pullRequest: { approvals, codeOwners, dismissStale, lastPush, threadsResolved } };
}
