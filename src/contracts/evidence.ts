/** The evidence bundle as it lies in the artifact store: review input, not self-certification. One schema for who writes and who reads it. */
import { z } from 'zod';
import { agentReportSchema } from './agent-report.ts';
import type { Digest } from '../domain/digest.ts';

export const evidenceVersion = 1;

const digest = z.custom<Digest>(value => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value));
const text = z.string();

/** Whoever ran it says so: the scheduler saw its commands end, of the worker's we have what its own events claim. */
const commandSchema = z.strictObject({
  by: z.enum(['scheduler', 'worker']),
  name: text,
  command: text,
  /** `workspace`: somewhere in the middle of the worker's run. */
  on: z.enum(['head', 'base', 'workspace']),
  expected: z.enum(['pass', 'fail']).nullable(),
  passed: z.boolean(),
  /** It came out both ways on the same tree. */
  flaky: z.literal(true).optional(),
  exitCode: z.int().nullable(),
  durationMs: z.number().nonnegative(),
  output: digest,
});
export type EvidenceCommand = Readonly<z.infer<typeof commandSchema>>;

const setUpSchema = z.strictObject({
  layer: digest,
  on: z.enum(['base', 'head']),
  reused: z.boolean(),
  output: digest,
  connections: digest,
  /** As in `run`; bundles of before it was kept lack it. */
  box: text.optional(),
});

/** What a run's own events claim of its commands, kept beside its transcript. */
export const workerCommandsSchema = z.array(commandSchema.extend({ by: z.literal('worker') })).max(500);

export const evidenceSchema = z.strictObject({
  version: z.literal(evidenceVersion),
  issue: text,
  generation: z.int().positive(),
  /** Of the contract as it was read from the issue. */
  contract: digest,
  /** What it was all made for: the digests of issue text and policy, and the base commit. */
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
  summary: text,
  commit: text,
  /** The parent of the commit, where the default branch had moved on from the run's own base. */
  base: text.optional(),
  files: z.array(z.strictObject({ path: text, status: z.enum(['added', 'modified', 'deleted']) })),
  protectedPaths: z.array(text),
  diff: digest,
  commands: z.array(commandSchema),
  /** Which box held the scheduler's commands; bundles of before it was kept lack it. */
  verifiedIn: text.optional(),
  /** What lay below them; its output and its connections are artifacts of their own. */
  setUp: setUpSchema.nullable(),
  /** Checks that failed before the change and pass after it; the digests are those of their outputs. */
  proven: z.array(z.strictObject({ command: text, before: digest, after: digest })),
  skipped: z.array(z.strictObject({ by: z.enum(['scheduler', 'worker']), check: text, why: text })),
  /** In the worker's words, as are the stop conditions it says it met. */
  remainingRisks: z.array(text),
  stopConditionsMet: z.array(text),
  report: agentReportSchema.nullable(),
  transcript: digest.nullable(),
  concerns: z.array(text),
  /** What release verification will still have to see after the merge. */
  owed: z.array(text),
});
export type EvidenceBundle = Readonly<z.infer<typeof evidenceSchema>>;

/** The published JSON Schema of the bundle, for tools that read it. */
export function evidenceJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(evidenceSchema, { unrepresentable: 'any' });
}
