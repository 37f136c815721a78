/** An agent's only input: explicit, versioned and capped (SPEC.md "Worker contract"). */
import { z } from 'zod';
import {
  ISSUE_BODY_CHARS_MAX,
  ISSUE_LINES_MAX,
  ISSUE_TITLE_CHARS_MAX,
  FILTERED_FILES_MAX,
  POLICY_COMMAND_CHARS_MAX,
  TASK_PATH_CHARS_MAX,
} from './bounds.ts';
import { MODES } from '../domain/mode.ts';

export const AGENT_TASK_VERSION = 1;

const line = z.string().max(1_000);
const text = z.string().max(ISSUE_BODY_CHARS_MAX);
const items = z.array(text).max(ISSUE_LINES_MAX);
const paths = z.array(z.string().min(1).max(TASK_PATH_CHARS_MAX)).max(500);
const digest = z.string().min(1).max(200);
const milliseconds = z.int().positive();

const contractSchema = z.strictObject({
  problem: text,
  expected: text,
  evidence: text,
  acceptanceCriteria: items,
  nonGoals: text,
  risks: text,
  sourceOfTruth: text,
  stopConditions: items,
  mode: z.enum(MODES),
  /** What people wrote outside of all fields; data like the rest of the issue. */
  otherText: text,
});

const issueSchema = z.strictObject({
  /** Null when the issue is a local file and not on GitHub. */
  number: z.int().positive().nullable(),
  title: z.string().max(ISSUE_TITLE_CHARS_MAX),
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
  /** Files that git stores through a filter, such as Git LFS, as `pattern (filter)`. Their content cannot be changed. */
  filteredFiles: z.array(line).max(FILTERED_FILES_MAX).optional(),
  /** Absent: the workspace has the history of the base commit. */
  history: z.literal('shallow').optional(),
  verificationCommands: z.array(z.string().max(POLICY_COMMAND_CHARS_MAX)).max(50),
  limits: limitsSchema,
});

export type AgentTask = Readonly<z.infer<typeof agentTaskSchema>>;
export type AgentInstruction = Readonly<z.infer<typeof instructionSchema>>;
export type AgentFeedback = Readonly<z.infer<typeof feedbackSchema>>;

/** The published JSON Schema of the task, for authors of `command` agents. */
export function agentTaskJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(agentTaskSchema);
}
