/**
 * The policy file `.github/signalbox.yml`: each field once, with its limits, default, meaning and name in the policy. Those
 * of `limits` and `change` are in policy-limits.ts, those of the other long sections in files of their own. The parser, the
 * published JSON Schema and the table in docs/policy.md are derived from it. Unknown
 * keys are refused.
 */
import { z } from 'zod';
import { promptTemplateProblem } from '../agents/prompt.ts';
import { MODES } from '../domain/mode.ts';
import { omit } from '../domain/omit.ts';
import { MERGE_METHODS, MODEL_ALLOWANCES, type ModelAllowance, type PolicyValues } from '../domain/policy.ts';
import { RISK_BARS, type RiskBar, RISKS } from '../domain/risk.ts';
import { calls } from './policy-calls.ts';
import { checks } from './policy-checks.ts';
import {
  commands,
  duration,
  host,
  list,
  login,
  repositoryFile,
  risk,
  riskLists,
  role,
  word,
} from './policy-kinds.ts';
import { contractSection } from './policy-contract.ts';
import { escalation } from './policy-escalation.ts';
import { evidence } from './policy-evidence.ts';
import { mergeHandOver, mergeLine, mergeLineOf } from './policy-line.ts';
import { pullRequest } from './policy-pull-request.ts';
import { change, limits } from './policy-limits.ts';
import { review } from './policy-review.ts';
import { as, section } from './policy-section.ts';
import { target } from './policy-target.ts';
import { verificationSection } from './policy-verification.ts';
import { workspaceSection } from './policy-workspace.ts';

const optIn = section({
  label: word.max(50).default('ai').describe('the label that opts an issue in'),
  role: as('roleMin', role.default('triage').describe('the least role of the person who adds the label')),
});

const decisions = section({
  sources: z
    .array(z.enum(['github', 'temporal']))
    .min(1)
    .default(['github'])
    .describe(
      'where decisions can come from: `github` (comments and reviews), `temporal` (everyone with access to the namespace)',
    ),
  role: as('roleMin', role.default('write').describe('the least role of a person who decides on GitHub')),
});

const risks = section({
  labels: riskLists.describe(
    'labels that raise the risk to this level; a label must match completely, case does not matter',
  ),
  words: riskLists.describe(
    'words of the issue that raise the risk to this level, also at the start of a longer word (`passwords`) and in look-alike letters; case does not matter',
  ),
  paths: riskLists.describe(
    'globs of paths that raise the risk to this level when the change touches them or the issue names them',
  ),
});

const gates = section({
  startFromRisk: risk
    .default('medium')
    .describe('from this risk on, the start gate asks in every mode that writes'),
  publish: z
    .enum(['on-concern', 'always'])
    .default('on-concern')
    .describe('`always`: the publish gate asks before every pull request'),
});

const agent = section({
  adapter: z
    .enum(['codex', 'command'])
    .default('codex')
    .describe("`command`: the executable that the runner's `SIGNALBOX_AGENT_COMMAND` names"),
  model: word.max(100).default('gpt-5.5').describe("the only model that a run's requests can name"),
  prompt: z
    .string()
    .default('')
    .describe(
      'a prompt template that replaces the one of Signalbox; [agents.md](agents.md) lists its placeholders, all others are refused',
    ),
  instructions: z
    .array(repositoryFile)
    .max(10)
    .default([])
    .describe(
      'files of the repository with rules for the agent, up to 64 KiB each: every prompt contains their text at the base. They are also protected paths',
    ),
  context: z
    .array(repositoryFile)
    .max(50)
    .default([])
    .describe('files of the repository that every run should read first'),
  modelMay: z
    .array(z.enum(MODEL_ALLOWANCES))
    .max(MODEL_ALLOWANCES.length)
    .default([])
    .describe(
      'what requests to the model can contain besides text and the tools of Codex, see [below](#requests-to-the-model)',
    ),
})
  .superRefine(({ prompt, instructions }, context) => {
    const problem = promptTemplateProblem(prompt, { hasInstructions: instructions.length > 0 });
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['prompt'], message: problem });
  })
  .transform(({ modelMay, ...rest }) => ({ ...rest, ...inOneOrder(modelMay) }));

/** Absent when empty, so that a policy without this field keeps the digest that it had before the field existed. */
function inOneOrder(named: readonly ModelAllowance[]): { modelMay?: ModelAllowance[] } {
  const modelMay = MODEL_ALLOWANCES.filter(one => named.includes(one));
  return modelMay.length === 0 ? {} : { modelMay };
}

const setUp = section({
  commands: commands(20).describe('list of `name` and `run`; they run one after the other in one checkout'),
  inputs: list
    .default([])
    .describe(
      'globs of the files that determine what the commands install, such as lock files; required with commands',
    ),
  network: z
    .array(host)
    .max(100)
    .default([])
    .describe(
      'hosts that the commands can reach: `name` for the ports 80 and 443, `name:port`, or `.domain` for all its subdomains. Empty: no network',
    ),
  timeout: as('timeoutMs', duration.prefault('15m').describe('the time limit of each command')),
  whenInputsChange: z
    .enum(['base', 'run'])
    .default('base')
    .describe(
      'the set-up for the verification of a change to the inputs: `base` uses that of the base, `run` runs it again on the change',
    ),
}).refine(({ commands: named, inputs }) => named.length === 0 || inputs.length > 0, {
  path: ['inputs'],
  message: 'name the files that determine what the commands install, such as package-lock.json',
});

/** Left out of the parsed policy: without these fields, a policy keeps the digest that it had before they existed. */
const BAR: RiskBar = 'medium';

const merge = section({
  by: z
    .enum(['scheduler', 'person'])
    .default('person')
    .describe(
      '`scheduler` merges the approved commit as `merge.method` says. However a person merges, the tree of the commit that arrives is compared with the verified one',
    ),
  method: z
    .enum(MERGE_METHODS)
    .default('merge')
    .describe(
      'how the scheduler merges; the repository and the rules of the branch must allow it. `merge`: a merge commit keeps the verified commit. `squash` and `rebase`: GitHub makes other commits, and their tree must be the verified one',
    ),
  handOver: mergeHandOver,
  upToDate: z
    .literal([true, 'head', false])
    .default(true)
    .describe(
      '`true`: what a merge makes is verified. If the target branch has moved on, nothing is pushed: the merge of the present branch and the approved head is verified. `head`: for branches whose rules require up-to-date heads; the change is built and verified again on the moved branch, and pushed. `false`: a merge queue takes care of this',
    ),
  sameFile: z
    .enum(RISK_BARS)
    .default(BAR)
    .describe(
      'up to this risk, an approval is also carried over when the target branch changed a file of the change and git merges both',
    ),
  line: mergeLine,
}).transform(({ method, handOver, sameFile, line, ...rest }) => ({
  ...rest,
  ...(method === 'merge' ? {} : { method }),
  ...(handOver === 'none' ? {} : { handOver }),
  ...(sameFile === BAR ? {} : { sameFile }),
  ...mergeLineOf(line),
}));

const approvals = section({
  carryOver: z
    .enum(RISK_BARS)
    .default(BAR)
    .describe(
      'up to this risk, an approval is carried over when the target branch moves, the patch is the same and its evidence has no new concern; `never`: people are asked again each time',
    ),
}).transform(({ carryOver }) => (carryOver === BAR ? {} : { carryOver }));

const release = section({
  verify: z
    .enum(['merge', 'deployment'])
    .default('merge')
    .describe('`deployment`: also requires a successful deployment that contains the merge'),
  environment: word.default('production').describe('the environment whose deployments count'),
  soak: as(
    'soakMs',
    duration.prefault('0s').describe('the wait after the deployment or the merge before the final check'),
  ),
  probes: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(20)
    .default([])
    .describe('URLs that must answer with 2xx'),
  signOffFromRisk: z
    .enum([...RISKS, 'never'])
    .default('medium')
    .describe('from this risk on, the release owner must sign off'),
  owner: login
    .default('')
    .describe(
      'the login of a person; empty: the person who merged, or who approved what a bot merged, otherwise `escalation.to`',
    ),
});

/** Where the file is in a repository. */
export const POLICY_PATH = '.github/signalbox.yml';

export const policyFileSchema = section({
  version: z.literal(1).describe('the version of this format'),
  optIn: optIn.prefault({}),
  decisions: decisions.prefault({}),
  mode: as('defaultMode', z.enum(MODES).default('guarded').describe('the mode of issues that name none')),
  contract: contractSection.prefault({}),
  risk: risks.prefault({}),
  gates: gates.prefault({}),
  agent: agent.prefault({}),
  limits: limits.prefault({}),
  change: change.prefault({}),
  target: target.prefault({}),
  setup: as('setUp', setUp.prefault({})),
  verification: verificationSection.prefault({}),
  workspace: workspaceSection.prefault({}),
  approvals: approvals.prefault({}),
  evidence: evidence.prefault({}),
  pullRequest: pullRequest.prefault({}),
  merge: merge.prefault({}),
  release: release.prefault({}),
  escalation: escalation.prefault({}),
  review: review.prefault({}),
  calls: calls.prefault({}),
  checks: checks.prefault({}),
}).transform(({ target: into, approvals: asked, pullRequest: shown, evidence: published, ...rest }) => {
  const { review: reviewed, calls: called, checks: ofCi, ...file } = rest;
  return {
    ...omit(file, 'version', 'contract'),
    // Absent when empty, so that a policy without these sections keeps the digest that it had before they existed.
    ...(Object.keys(file.contract.headings).length === 0 ? {} : { contract: file.contract }),
    ...(Object.keys(into).length === 0 ? {} : { target: into }),
    ...(Object.keys(asked).length === 0 ? {} : { approvals: asked }),
    ...(Object.keys(reviewed).length === 0 ? {} : { review: reviewed }),
    ...(Object.keys(called).length === 0 ? {} : { calls: called }),
    ...(Object.keys(ofCi).length === 0 ? {} : { checks: ofCi }),
    ...(Object.keys(shown).length === 0 ? {} : { pullRequest: shown }),
    ...published,
    // Rules for the agents are as sensitive as the commands, and so is a file that names commands.
    change: {
      ...file.change,
      protectedPaths: [
        ...new Set([
          ...file.change.protectedPaths,
          ...file.agent.instructions,
          ...(into.policy === 'branch' ? [POLICY_PATH] : []),
        ]),
      ],
    },
  };
}) satisfies z.ZodType<PolicyValues>;

/** The published JSON Schema of the file, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policyFileSchema, { io: 'input' });
}
