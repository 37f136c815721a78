/** The rules of a branch: as rulesets, and as the older branch protection. */
import type { Json, Protection, Repository } from '../model.ts';
import { fullName } from '../world.ts';
import { appId } from './checks.ts';

/** The active rules of one branch, in the form of rulesets. */
export function renderRules(repository: Repository, protection: Protection): Json[] {
  const ruleset = rulesetId(repository, protection);
  const origin = {
    ruleset_source_type: 'Repository',
    ruleset_source: fullName(repository),
    ruleset_id: ruleset,
  };
  const { requiredSignatures, restrictCreations, restrictUpdates, linearHistory, mergeQueue } = protection;
  const { requiredDeployments } = protection;
  return [
    ...(requiredSignatures === true ? [{ type: 'required_signatures' }] : []),
    ...(restrictCreations === true ? [{ type: 'creation' }] : []),
    ...(restrictUpdates === true ? [{ type: 'update' }] : []),
    ...(linearHistory === true ? [{ type: 'required_linear_history' }] : []),
    ...deploymentRules(requiredDeployments),
    ...pullRequestRules(protection),
    ...checkRules(protection),
    ...(mergeQueue === true ? [{ type: 'merge_queue', parameters: MERGE_QUEUE }] : []),
    ...messageRules(protection),
  ].map(rule => ({ ...rule, ...origin }));
}

/** One ruleset for each protection, numbered in the order in which they were made. */
function rulesetId({ protections }: Repository, protection: Protection): number {
  return [...protections.values()].indexOf(protection) + 1;
}

export function renderRuleset(repository: Repository, id: number): Json | undefined {
  const [branch, protection] = [...repository.protections][id - 1] ?? [];
  if (branch === undefined || protection === undefined || protection.classic === true) return undefined;
  return {
    id,
    name: `rules of ${branch}`,
    target: 'branch',
    source_type: 'Repository',
    source: fullName(repository),
    enforcement: 'active',
    current_user_can_bypass: protection.bypassed === true ? 'always' : 'never',
    conditions: { ref_name: { include: [branch], exclude: [] } },
    rules: renderRules(repository, protection).map(({ type, parameters }) =>
      parameters === undefined ? { type } : { type, parameters },
    ),
  };
}

const MERGE_QUEUE = {
  check_response_timeout_minutes: 60,
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  merge_method: 'MERGE',
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
};

function deploymentRules(environments: readonly string[] | undefined): Json[] {
  if (environments === undefined) return [];
  const parameters = { required_deployment_environments: environments };
  return [{ type: 'required_deployments', parameters }];
}

function pullRequestRules(protection: Protection): Json[] {
  const { requiredApprovals, refusePush, mergeMethods, threadsResolved, codeOwners } = protection;
  const isNone = [requiredApprovals, refusePush, mergeMethods, threadsResolved, codeOwners].every(
    rule => rule === undefined || rule === false,
  );
  if (isNone) return [];
  const parameters = {
    ...(mergeMethods === undefined ? {} : { allowed_merge_methods: mergeMethods }),
    required_approving_review_count: requiredApprovals ?? 0,
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: codeOwners ?? false,
    require_last_push_approval: false,
    required_review_thread_resolution: threadsResolved ?? false,
  };
  return [{ type: 'pull_request', parameters }];
}

function checkRules({ requiredChecks, checksBy }: Protection): Json[] {
  if (requiredChecks === undefined) return [];
  const by = checksBy === undefined ? {} : { integration_id: appId(checksBy) };
  const checks = requiredChecks.map(context => ({ context, ...by }));
  const parameters = { required_status_checks: checks, strict_required_status_checks_policy: false };
  return [{ type: 'required_status_checks', parameters }];
}

function messageRules({ commitMessagePattern: pattern }: Protection): Json[] {
  if (pattern === undefined) return [];
  return [{ type: 'commit_message_pattern', parameters: { operator: 'regex', pattern, negate: false } }];
}

/** What every reader of a branch sees of its branch protection. */
export function renderBranchProtection(protections: readonly Protection[]): Json {
  const classic = protections.filter(protection => protection.classic === true);
  const contexts = classic.flatMap(({ requiredChecks = [] }) => requiredChecks);
  return {
    enabled: classic.length > 0,
    required_status_checks: {
      enforcement_level: contexts.length === 0 ? 'off' : 'everyone',
      contexts,
      checks: contexts.map(context => ({ context, app_id: null })),
    },
  };
}

/** What an administrator reads of branch protection. */
export function renderProtection(url: string, protection: Protection): Json {
  const { requiredSignatures = false, linearHistory = false, requiredChecks, requiredApprovals } = protection;
  const at = `${url}/protection`;
  return {
    url: at,
    required_signatures: { url: `${at}/required_signatures`, enabled: requiredSignatures },
    enforce_admins: { url: `${at}/enforce_admins`, enabled: true },
    required_linear_history: { enabled: linearHistory },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
    ...(requiredChecks === undefined
      ? {}
      : {
          required_status_checks: {
            url: `${at}/required_status_checks`,
            strict: false,
            contexts: requiredChecks,
            contexts_url: `${at}/required_status_checks/contexts`,
            checks: requiredChecks.map(context => ({ context, app_id: null })),
          },
        }),
    ...(requiredApprovals === undefined
      ? {}
      : {
          required_pull_request_reviews: {
            url: `${at}/required_pull_request_reviews`,
            dismiss_stale_reviews: false,
            require_code_owner_reviews: false,
            required_approving_review_count: requiredApprovals,
            require_last_push_approval: false,
          },
        }),
  };
}
