/** The report that an agent returns: versioned, capped, and only a claim. A report that does not parse has its own ending. */
import { z } from 'zod';
import { REPORT_BYTES_MAX } from './bounds.ts';
import { RISKS } from '../domain/risk.ts';

export const AGENT_REPORT_VERSION = 1;

export const agentOutcomes = ['patch', 'analysis', 'no-change', 'blocked', 'needs-human'] as const;

const line = z.string().max(1_000);
const text = z.string().max(20_000);
const lines = z.array(z.string().max(4_000)).max(100);
const path = z.string().min(1).max(500);

export const agentReportSchema = z.strictObject({
  version: z.literal(AGENT_REPORT_VERSION),
  outcome: z
    .enum(agentOutcomes)
    .describe(
      'patch: files were changed; analysis: findings only, no files changed; no-change: nothing needs changing; blocked: something is missing; needs-human: a person must decide',
    ),
  summary: z.string().min(1).max(20_000).describe('What a reviewer must know first, in a few sentences'),
  rootCause: z.strictObject({
    text,
    files: z.array(z.strictObject({ path, line: z.int().positive().nullable() })).max(100),
  }),
  changes: z.array(z.strictObject({ path, what: line })).max(500),
  verificationClaimed: z.array(z.strictObject({ command: line, result: line })).max(100),
  skippedChecks: z.array(z.strictObject({ check: line, why: line })).max(100),
  remainingRisks: lines,
  stopConditionsMet: lines,
  questions: lines.describe('For a person, when the outcome is blocked or needs-human'),
  declaredRisk: z
    .enum(RISKS)
    .nullable()
    .describe('Can only raise the risk that is already determined; null to leave it unchanged'),
  releaseNotes: text.describe('What release verification should check after the merge'),
});

export type AgentReport = Readonly<z.infer<typeof agentReportSchema>>;

export type ReportProblem = 'empty' | 'too-large' | 'not-json' | 'schema';

export type ParsedReport =
  | { readonly ok: true; readonly report: AgentReport }
  | { readonly ok: false; readonly problem: ReportProblem; readonly detail: string };

/** Reads a report from the agent's last message. Nothing is repaired: prose around the JSON is `not-json`. */
export function parseReport(source: string): ParsedReport {
  const body = source.trim();
  if (body === '') return refused('empty', 'the agent printed no report');
  const bytes = Buffer.byteLength(body);
  if (bytes > REPORT_BYTES_MAX)
    return refused('too-large', `${bytes} bytes; the limit is ${REPORT_BYTES_MAX}`);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return refused('not-json', 'the last message is not a single JSON document');
  }
  const parsed = agentReportSchema.safeParse(value);
  if (parsed.success) return { ok: true, report: parsed.data };
  const [issue] = parsed.error.issues;
  return refused('schema', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`.slice(0, 300));
}

/** The published JSON Schema of the report. */
export function agentReportJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(agentReportSchema);
}

/**
 * The same schema in the subset that strict structured output accepts: every property required, no additional properties,
 * `null` instead of optional, and no size keywords. `parseReport` checks the sizes.
 */
export function agentReportOutputSchema(): Record<string, unknown> {
  return strictSubset(agentReportJsonSchema()) as Record<string, unknown>;
}

function refused(problem: ReportProblem, detail: string): ParsedReport {
  return { ok: false, problem, detail };
}

const keptKeywords = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'anyOf',
  'enum',
  'description',
]);

function strictSubset(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strictSubset);
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'const') out['enum'] = [value];
    else if (key === 'properties') out[key] = mapValues(value as Record<string, unknown>, strictSubset);
    else if (key === 'enum' || key === 'required') out[key] = value;
    else if (keptKeywords.has(key)) out[key] = strictSubset(value);
  }
  return out;
}

function mapValues(
  record: Record<string, unknown>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
