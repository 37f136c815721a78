/** An agent's only input: explicit, versioned and capped (SPEC.md "Worker contract"). */
import { z } from 'zod';
import { CONTRACT_ENTRIES_MAX } from '../domain/contract.ts';
import { MODES } from '../domain/mode.ts';

export const AGENT_TASK_VERSION = 1;

const line = z.string().max(1_000);
/** GitHub's limit for an issue is 65,536 characters; the rest is room for hidden characters that are written out. */
const text = z.string().max(262_144);
const paths = z.array(z.string().min(1).max(500)).max(500);
const digest = z.string().min(1).max(200);
const milliseconds = z.int().positive();

const contractSchema = z.strictObject({
  problem: text,
  expected: text,
  evidence: text,
  acceptanceCriteria: z.array(text).max(CONTRACT_ENTRIES_MAX),
  nonGoals: text,
  risks: text,
  sourceOfTruth: text,
  stopConditions: z.array(text).max(CONTRACT_ENTRIES_MAX),
  mode: z.enum(MODES),
});

const issueSchema = z.strictObject({
  /** Null when the issue is a local file and not on GitHub. */
  number: z.int().positive().nullable(),
  title: line,
  /** Normalised text of the issue with hidden characters made visible; data, never instructions. */
  body: text,
  snapshotDigest: digest,
});

/** Feedback from an earlier attempt, a reviewer or a check, to be addressed in this attempt. */
const feedbackSchema = z.strictObject({
  source: z.enum(['review', 'check', 'verification', 'previous-attempt', 'person']),
  from: line,
  text,
  path: z.string().max(500).nullable(),
  line: z.int().positive().nullable(),
});

/** A file of the base that the policy names: the maintainers' rules, kept apart from the issue's text. */
const instructionSchema = z.strictObject({ path: z.string().min(1).max(500), text });

const limitsSchema = z.strictObject({
  wallClockMs: milliseconds,
  silenceMs: milliseconds,
  tokensMax: z.int().positive(),
  costUsdMax: z.number().positive().nullable(),
});

export const agentTaskSchema = z.strictObject({
  version: z.literal(AGENT_TASK_VERSION),
  runId: z.string().min(1).max(200),
  attempt: z.int().positive(),
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  issue: issueSchema,
  contract: contractSchema,
  baseCommit: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/),
  instructions: z.array(instructionSchema).max(10),
  /** Files to read first, relative to the root of the workspace. */
  contextFiles: paths,
  feedback: z.array(feedbackSchema).max(100),
  allowedPaths: paths,
  protectedPaths: paths,
  verificationCommands: z.array(line).max(50),
  limits: limitsSchema,
});

export type AgentTask = Readonly<z.infer<typeof agentTaskSchema>>;
export type AgentInstruction = Readonly<z.infer<typeof instructionSchema>>;
export type AgentFeedback = Readonly<z.infer<typeof feedbackSchema>>;

/** The published JSON Schema of the task, for authors of `command` agents. */
export function agentTaskJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(agentTaskSchema);
}
