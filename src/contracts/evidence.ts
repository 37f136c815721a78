/** The evidence bundle as stored: input for the review, not self-certification. Writer and readers share this schema. */
import { z } from 'zod';
import { agentReportSchema } from './agent-report.ts';
import { WORKER_COMMANDS_MAX } from './bounds.ts';
import type { Digest } from '../domain/digest.ts';

export const EVIDENCE_VERSION = 1;

const digest = z.custom<Digest>(value => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value));
const text = z.string();
const count = z.int().nonnegative();

/** `by` names the source: the scheduler observed its commands; the worker's are only what its own events claim. */
const commandSchema = z.strictObject({
  by: z.enum(['scheduler', 'worker']),
  name: text,
  command: text,
  /**
   * `head-with-base-tests`: edited test files as the base has them. `workspace`: the tree at some point during the worker's
   * run.
   */
  on: z.enum(['head', 'base', 'head-with-base-tests', 'workspace']),
  /** `null`: the worker's, or the scheduler's that only count tests on the base. */
  expected: z.enum(['pass', 'fail']).nullable(),
  passed: z.boolean(),
  /** It both passed and failed on the same tree. */
  flaky: z.literal(true).optional(),
  exitCode: z.int().nullable(),
  durationMs: z.number().nonnegative(),
  /** Tests that ran, as the output says. */
  tests: count.optional(),
  output: digest,
});
export type EvidenceCommand = Readonly<z.infer<typeof commandSchema>>;

const setUpSchema = z.strictObject({
  layer: digest,
  on: z.enum(['base', 'head']),
  reused: z.boolean(),
  output: digest,
  connections: digest,
  /** As in `run`. Absent in older bundles. */
  box: text.optional(),
});

/** The commands that a run's own events claim, stored alongside its transcript. */
export const workerCommandsSchema = z
  .array(commandSchema.extend({ by: z.literal('worker') }))
  .max(WORKER_COMMANDS_MAX);

export const evidenceSchema = z.strictObject({
  version: z.literal(EVIDENCE_VERSION),
  issue: text,
  generation: z.int().positive(),
  /** Of the contract as parsed from the issue. */
  contract: digest,
  /** What the run was made for: the digests of issue text and policy, and the base commit. */
  inputs: z.strictObject({ subject: digest, policy: digest, base: text }),
  run: z.strictObject({
    runId: text,
    attempt: z.int().positive(),
    mode: text,
    box: text,
    /** Of the exact prompt. */
    prompt: digest.nullable(),
    usage: z
      .strictObject({ inputTokens: z.number(), outputTokens: z.number(), costUsd: z.number() })
      .nullable(),
  }),
  /** Commits of people that are part of the change, who took them in, and whether GitHub verified their signatures. */
  adopted: z
    .strictObject({
      head: text,
      by: text,
      total: count,
      commits: z.array(z.strictObject({ id: text, by: text, isSigned: z.boolean() })),
    })
    .optional(),
  summary: text,
  commit: text,
  /** The parent of the commit, if the target branch has moved on from the run's base. */
  base: text.optional(),
  /**
   * The commands ran on the merge of the commit into this base, a later commit of the target branch. `patch`: git's patch id of
   * what the merge brings, or null; `sameFiles`: files that both sides changed.
   */
  candidate: z
    .strictObject({ base: text, tree: text, patch: text.nullable(), sameFiles: z.array(text) })
    .optional(),
  files: z.array(z.strictObject({ path: text, status: z.enum(['added', 'modified', 'deleted']) })),
  protectedPaths: z.array(text),
  diff: digest,
  commands: z.array(commandSchema),
  /** The box of the scheduler's commands. Absent in older bundles. */
  verifiedIn: text.optional(),
  /** The set-up below them; its output and its connections are separate artifacts. */
  setUp: setUpSchema.nullable(),
  /** Checks that fail without the change and pass with it; `before` and `after` are digests of their outputs. */
  proven: z.array(z.strictObject({ command: text, before: digest, after: digest })),
  /** How many tests ran without and with the change; `null`: the output does not say so. Absent in older bundles. */
  tests: z
    .array(z.strictObject({ check: text, before: count.nullable(), after: count.nullable() }))
    .optional(),
  skipped: z.array(z.strictObject({ by: z.enum(['scheduler', 'worker']), check: text, why: text })),
  /** Claims of the worker, like `stopConditionsMet`. */
  remainingRisks: z.array(text),
  stopConditionsMet: z.array(text),
  report: agentReportSchema.nullable(),
  transcript: digest.nullable(),
  concerns: z.array(text),
  /** What release verification must still check after the merge. */
  owed: z.array(text),
});
export type EvidenceBundle = Readonly<z.infer<typeof evidenceSchema>>;

/** The published JSON Schema of the bundle, for tools that read it. */
export function evidenceJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(evidenceSchema, { unrepresentable: 'any' });
}
