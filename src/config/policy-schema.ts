/**
 * The policy file `.github/signalbox.yml`: each field once, with its limits, its default, its meaning and its name in the
 * policy. The reader, the published JSON Schema and the table in docs/policy.md follow from it. Unknown keys are refused.
 */
import { z } from 'zod';
import { promptTemplateProblem } from '../agents/prompt.ts';
import { MODES } from '../domain/mode.ts';
import { omit } from '../domain/omit.ts';
import { MODEL_ALLOWANCES, type ModelAllowance, type PolicyValues } from '../domain/policy.ts';
import { RISKS } from '../domain/risk.ts';
import { defaultProtectedPaths } from '../git/protected-paths.ts';
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
import { as, section } from './policy-section.ts';

const optIn = section({
  label: word.max(50).default('ai').describe('the label that opts an issue in'),
  role: as('roleMin', role.default('triage').describe('the least role of the person who gave it')),
});

const decisions = section({
  sources: z
    .array(z.enum(['github', 'temporal']))
    .min(1)
    .default(['github'])
    .describe(
      'where decisions may come from: `github` (comments and reviews), `temporal` (whoever may reach the namespace)',
    ),
  role: as('roleMin', role.default('write').describe('the least role of a person who decides on GitHub')),
});

const risks = section({
  labels: riskLists.describe(
    'labels that raise the risk to that level; they match whole and without regard to case',
  ),
  words: riskLists.describe(
    'words of the issue that raise the risk to that level; they match whole and without regard to case',
  ),
  paths: riskLists.describe('globs of changed paths that raise the risk to that level'),
});

const gates = section({
  startFromRisk: risk
    .default('medium')
    .describe('from this risk on the start gate is asked in every mode that writes'),
  publish: z
    .enum(['on-concern', 'always'])
    .default('on-concern')
    .describe('`always` asks before every pull request'),
});

const agent = section({
  adapter: z
    .enum(['codex', 'command'])
    .default('codex')
    .describe("`command`: the executable that the runner's `SIGNALBOX_AGENT_COMMAND` names"),
  model: word.max(100).default('gpt-5.5').describe("the only model that the run's requests may name"),
  prompt: z
    .string()
    .default('')
    .describe(
      'a template of the prompt instead of the one that comes with Signalbox; [agents.md](agents.md) names its placeholders, any other is refused',
    ),
  instructions: z
    .array(repositoryFile)
    .max(10)
    .default([])
    .describe(
      'files of the repository whose text every run is given as its rules, up to 64 KiB each. Read at the base, and protected paths',
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
      'what requests to the model may hold beyond text and the tools of Codex, see [below](#requests-to-the-model)',
    ),
})
  .superRefine(({ prompt, instructions }, context) => {
    const problem = promptTemplateProblem(prompt, { hasInstructions: instructions.length > 0 });
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['prompt'], message: problem });
  })
  .transform(({ modelMay, ...rest }) => ({ ...rest, ...inOneOrder(modelMay) }));

/** Only if there is any, so that the digest of a policy without is the same as before there was a choice. */
function inOneOrder(named: readonly ModelAllowance[]): { modelMay?: ModelAllowance[] } {
  const modelMay = MODEL_ALLOWANCES.filter(one => named.includes(one));
  return modelMay.length === 0 ? {} : { modelMay };
}

const limits = section({
  silence: as('silenceMs', duration.prefault('5m').describe('longest time without a byte of output')),
  noProgress: as(
    'noProgressMs',
    duration.prefault('15m').describe('longest time without a command, a change or a message'),
  ),
  wallClock: as('wallClockMs', duration.prefault('45m').describe('longest run')),
  tokens: as(
    'tokensMax',
    z.int().positive().max(1_000_000_000).default(4_000_000).describe('input and output tokens of a run'),
  ),
  costUsd: as('costUsdMax', z.number().positive().max(10_000).default(10).describe('money of a run')),
  costUsdPerIssue: as(
    'costUsdPerIssueMax',
    z.number().positive().max(100_000).default(30).describe('money of all runs of an issue'),
  ),
  attempts: as(
    'attemptsMax',
    z.int().positive().max(20).default(3).describe('runs that ended by themselves'),
  ),
  lostRuns: as(
    'lostRunsMax',
    z
      .int()
      .positive()
      .max(100)
      .default(10)
      .describe('runs, or verifications of one change, that were lost with their host'),
  ),
});

const change = section({
  allowedPaths: list.default(['**']).describe('globs; a change outside is refused. Case must fit exactly'),
  protectedPaths: list
    .default([...defaultProtectedPaths])
    .describe('globs; a change there is asked about at the publish gate. Case does not matter'),
  files: as('filesMax', z.int().positive().max(5_000).default(300).describe('files of a change')),
  bytes: as(
    'bytesMax',
    z
      .int()
      .positive()
      .max(64 * 1024 * 1024)
      .default(5 * 1024 * 1024)
      .describe('bytes of a file, and of all of them together'),
  ),
});

const setUp = section({
  commands: commands(20).describe('each `name` and `run`, one after the other in one checkout'),
  inputs: list
    .default([])
    .describe(
      'globs of the files that decide what the commands leave, such as lock files; required with commands',
    ),
  network: z
    .array(host)
    .max(100)
    .default([])
    .describe(
      'hosts: `name` for the ports 80 and 443, `name:port`, or `.domain` for all below it. None: no network',
    ),
  timeout: as('timeoutMs', duration.prefault('15m').describe('of each command')),
  whenInputsChange: z
    .enum(['base', 'run'])
    .default('base')
    .describe(
      'what a change to the inputs is verified with: the set-up of the base, or one that is run again on the change',
    ),
}).refine(({ commands: named, inputs }) => named.length === 0 || inputs.length > 0, {
  path: ['inputs'],
  message: 'name the files that decide what the commands install, such as package-lock.json',
});

const verification = section({
  commands: commands(50).describe(
    'each `name` and `run` (by `sh -c` in the root of a fresh checkout). None is a concern at the publish gate',
  ),
  testPaths: list.default([]).describe('globs of test files'),
  testCommand: z
    .string()
    .max(2_000)
    .default('')
    .describe('runs the changed tests, whose paths are appended; empty: no fail-before check'),
  timeout: as('timeoutMs', duration.prefault('20m').describe('of each command')),
});

const workspace = section({
  keepOnFailure: z
    .boolean()
    .default(false)
    .describe(
      '`true`: what a run that ended badly left is kept on its runner as an archive below `workspaces/sealed` of the data directory; `show` says where. At most 20 archives, 4 GiB together, 14 days. It holds hostile files: unpack it with `tar --no-same-owner --no-same-permissions` where no tool looks at it by itself',
    ),
});

const merge = section({
  by: z
    .enum(['scheduler', 'person'])
    .default('person')
    .describe(
      '`scheduler` merges what was approved, as a merge commit: the repository must allow those. A person who squashes brings the verified content to the default branch under another commit id',
    ),
  upToDate: z
    .boolean()
    .default(true)
    .describe(
      'a change is merged on the very base that it was verified on: where the default branch has moved on, it is built and verified again, and asked for again. `false` leaves that to branch protection or a merge queue',
    ),
});

const release = section({
  verify: z
    .enum(['merge', 'deployment'])
    .default('merge')
    .describe('`deployment`: also a successful deployment that contains the merge'),
  environment: word.default('production').describe('whose deployments count'),
  soak: as(
    'soakMs',
    duration
      .prefault('0s')
      .describe('everything is read once more so long after the deployment, or the merge'),
  ),
  probes: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(20)
    .default([])
    .describe('URLs that must answer with 2xx'),
  signOffFromRisk: z
    .enum([...RISKS, 'never'])
    .default('medium')
    .describe('from this risk on the release owner signs off'),
  owner: login.default('').describe('a login; empty: whoever merged'),
});

const escalation = section({
  remindAfter: as('remindAfterMs', duration.prefault('1d').describe('of a hold on which nobody acts')),
  escalateAfter: as(
    'escalateAfterMs',
    duration.prefault('3d').describe('from here on it is for `escalation.to`'),
  ),
  parkAfter: as('parkAfterMs', duration.prefault('7d').describe('the last rung')),
  to: login.default('').describe('a login; empty: a maintainer'),
});

export const policyFileSchema = section({
  version: z.literal(1).describe('the version of this format'),
  optIn: optIn.prefault({}),
  decisions: decisions.prefault({}),
  mode: as('defaultMode', z.enum(MODES).default('guarded').describe('for issues that name none')),
  risk: risks.prefault({}),
  gates: gates.prefault({}),
  agent: agent.prefault({}),
  limits: limits.prefault({}),
  change: change.prefault({}),
  setup: as('setUp', setUp.prefault({})),
  verification: verification.prefault({}),
  workspace: workspace.prefault({}),
  merge: merge.prefault({}),
  release: release.prefault({}),
  escalation: escalation.prefault({}),
}).transform(file => ({
  ...omit(file, 'version'),
  // What the agents are told is as sensitive as what is run.
  change: {
    ...file.change,
    protectedPaths: [...new Set([...file.change.protectedPaths, ...file.agent.instructions])],
  },
})) satisfies z.ZodType<PolicyValues>;

/** The published JSON Schema of the file as it is written, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policyFileSchema, { io: 'input' });
}
