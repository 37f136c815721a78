/** The policy file `.github/signalbox.yml`: its fields, their limits and defaults. Unknown keys are refused. */
import { z } from 'zod';
import { promptTemplateProblem } from '../agents/prompt.ts';
import { hostEntryProblem } from '../box/egress/allow-list.ts';
import { MODES } from '../domain/mode.ts';
import { MODEL_ALLOWANCES, ROLES } from '../domain/policy.ts';
import { RISKS } from '../domain/risk.ts';
import { defaultProtectedPaths } from '../git/protected-paths.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';

const duration = z
  .string()
  .regex(DURATION_FORM, 'a duration such as 90s, 30m, 2h or 3d')
  .transform(text => parseDuration(text) ?? 0);

const word = z.string().min(1).max(200);
const list = z.array(word).max(200);
const role = z.enum(ROLES);
const risk = z.enum(RISKS);
const login = z.string().regex(/^[A-Za-z0-9-]{0,39}$/, 'a GitHub login');

const repositoryFile = z
  .string()
  .max(500)
  .regex(
    /^(?!\.{0,2}\/)(?!.*\/(?:\.{0,2}\/|\.{0,2}$))[\w@+., /-]+$/,
    'the plain path of a file, from the root of the repository',
  );
const host = word.superRefine((text, context) => {
  const problem = hostEntryProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});
const commands = (most: number) =>
  z
    .array(z.strictObject({ name: word, run: z.string().min(1).max(2_000) }))
    .max(most)
    .default([]);

const riskLists = z.strictObject({ medium: list.optional(), high: list.optional() }).prefault({});

export const policyFileSchema = z.strictObject({
  version: z.literal(1),
  optIn: z.strictObject({ label: word.max(50).default('ai'), role: role.default('triage') }).prefault({}),
  decisions: z
    .strictObject({
      sources: z
        .array(z.enum(['github', 'temporal']))
        .min(1)
        .default(['github']),
      role: role.default('write'),
    })
    .prefault({}),
  mode: z.enum(MODES).default('guarded'),
  risk: z.strictObject({ labels: riskLists, words: riskLists, paths: riskLists }).prefault({}),
  gates: z
    .strictObject({
      startFromRisk: risk.default('medium'),
      publish: z.enum(['on-concern', 'always']).default('on-concern'),
    })
    .prefault({}),
  agent: z
    .strictObject({
      adapter: z.enum(['codex', 'command']).default('codex'),
      model: word.max(100).default('gpt-5.5'),
      prompt: z.string().default(''),
      instructions: z.array(repositoryFile).max(10).default([]),
      context: z.array(repositoryFile).max(50).default([]),
      modelMay: z.array(z.enum(MODEL_ALLOWANCES)).max(MODEL_ALLOWANCES.length).default([]),
    })
    .superRefine(({ prompt, instructions }, context) => {
      const problem = promptTemplateProblem(prompt, { hasInstructions: instructions.length > 0 });
      if (problem !== undefined) context.addIssue({ code: 'custom', path: ['prompt'], message: problem });
    })
    .prefault({}),
  limits: z
    .strictObject({
      silence: duration.prefault('5m'),
      noProgress: duration.prefault('15m'),
      wallClock: duration.prefault('45m'),
      tokens: z.int().positive().max(1_000_000_000).default(4_000_000),
      costUsd: z.number().positive().max(10_000).default(10),
      costUsdPerIssue: z.number().positive().max(100_000).default(30),
      attempts: z.int().positive().max(20).default(3),
      lostRuns: z.int().positive().max(100).default(10),
    })
    .prefault({}),
  change: z
    .strictObject({
      allowedPaths: list.default(['**']),
      protectedPaths: list.default([...defaultProtectedPaths]),
      files: z.int().positive().max(5_000).default(300),
      bytes: z
        .int()
        .positive()
        .max(64 * 1024 * 1024)
        .default(5 * 1024 * 1024),
    })
    .prefault({}),
  setup: z
    .strictObject({
      commands: commands(20),
      inputs: list.default([]),
      network: z.array(host).max(100).default([]),
      timeout: duration.prefault('15m'),
      whenInputsChange: z.enum(['base', 'run']).default('base'),
    })
    .refine(({ commands: named, inputs }) => named.length === 0 || inputs.length > 0, {
      path: ['inputs'],
      message: 'name the files that decide what the commands install, such as package-lock.json',
    })
    .prefault({}),
  verification: z
    .strictObject({
      commands: commands(50),
      testPaths: list.default([]),
      testCommand: z.string().max(2_000).default(''),
      timeout: duration.prefault('20m'),
    })
    .prefault({}),
  workspace: z.strictObject({ keepOnFailure: z.boolean().default(false) }).prefault({}),
  merge: z
    .strictObject({
      by: z.enum(['scheduler', 'person']).default('person'),
      upToDate: z.boolean().default(true),
    })
    .prefault({}),
  release: z
    .strictObject({
      verify: z.enum(['merge', 'deployment']).default('merge'),
      environment: word.default('production'),
      soak: duration.prefault('0s'),
      probes: z
        .array(z.url({ protocol: /^https?$/ }))
        .max(20)
        .default([]),
      signOffFromRisk: z.enum([...RISKS, 'never']).default('medium'),
      owner: login.default(''),
    })
    .prefault({}),
  escalation: z
    .strictObject({
      remindAfter: duration.prefault('1d'),
      escalateAfter: duration.prefault('3d'),
      parkAfter: duration.prefault('7d'),
      to: login.default(''),
    })
    .prefault({}),
});

export type PolicyFile = z.infer<typeof policyFileSchema>;

/** The published JSON Schema of the file as it is written, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policyFileSchema, { io: 'input' });
}
