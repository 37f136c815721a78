/** Reads a scenario file: an issue, a policy, and what people, runs and GitHub do, in order. Unknown keys are errors with their line. */
import { stringify } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../../../config/duration.ts';
import { parsePolicyFile } from '../../../config/policy-file.ts';
import { readYaml } from '../../../config/yaml-file.ts';
import { DECISION_KINDS, GATES } from '../../../domain/decision.ts';
import { AGENT_ENDINGS } from '../../../domain/ending.ts';
import { isFailureName } from '../../../domain/failure.ts';
import { type IssueRef, parseIssueRef } from '../../../domain/issue-ref.ts';
import { MODES } from '../../../domain/mode.ts';
import { type Policy, ROLES } from '../../../domain/policy.ts';
import { RISKS } from '../../../domain/risk.ts';

const text = z.string().min(1).max(500);
const login = z.string().regex(/^[A-Za-z0-9-]{1,39}$/, 'expected a GitHub login');
const paths = z.array(text).min(1).max(300);

const decision = z.strictObject({
  kind: z.enum(DECISION_KINDS),
  by: login.default('alice'),
  role: z.enum(ROLES).default('maintain'),
  gate: z.enum(GATES).optional(),
  /** By default the digest that the open gate asks for. */
  digest: text.optional(),
  reason: text.optional(),
  to: login.optional(),
  mode: z.enum(MODES).optional(),
});

const run = z.strictObject({
  ending: z.enum(AGENT_ENDINGS).default('patch'),
  summary: text.optional(),
  costUsd: z.number().min(0).max(10_000).default(0.1),
  raisedRisk: z.enum(RISKS).optional(),
  files: paths.default(['src/main.js']),
  protectedPaths: z.array(text).max(300).default([]),
  /** Names of the policy's commands that fail on the commit. */
  failing: z.array(text).max(50).default([]),
});

const act = z.union([
  z.strictObject({ decide: decision }),
  /** How the next run ends. */
  z.strictObject({ run }),
  /** The next effect of that kind fails permanently. */
  z.strictObject({
    fail: z.strictObject({
      effect: text,
      failure: text.refine(isFailureName, 'expected the name of a failure'),
      message: text,
    }),
  }),
  z.strictObject({
    wait: z
      .string()
      .refine(given => parseDuration(given) !== undefined, 'expected a duration such as 90s, 30m, 2h or 3d'),
  }),
  z.strictObject({ edit: z.strictObject({ title: text.optional() }) }),
  z.strictObject({ label: text }),
  z.strictObject({ unlabel: text }),
  z.strictObject({ issue: z.enum(['closed', 'reopened']) }),
  z.strictObject({
    review: z.strictObject({
      by: login.default('bob'),
      role: z.enum(ROLES).default('write'),
      state: z.enum(['approved', 'changes-requested']),
    }),
  }),
  /** A person's commit on our branch. */
  z.strictObject({ push: z.strictObject({ by: login.default('carol') }) }),
  z.strictObject({ merge: z.strictObject({ by: login.default('alice') }) }),
  z.strictObject({ 'close-pull-request': z.strictObject({ by: login.default('alice') }) }),
  z.strictObject({ deploy: z.enum(['pending', 'success', 'failure']) }),
  z.strictObject({ expect: z.strictObject({ stage: text.optional(), hold: text.optional() }) }),
]);

const scenarioSchema = z.strictObject({
  issue: text.refine(name => parseIssueRef(name) !== undefined, 'expected owner/repo#12'),
  title: text.default('The greeting is stale'),
  mode: z.enum(MODES).optional(),
  risk: z.enum(RISKS).optional(),
  /** Titles of fields that are missing in the contract. */
  missing: z.array(text).max(20).default([]),
  labels: z.array(text).max(50).optional(),
  /** As in .github/signalbox.yml. */
  policy: z.record(z.string(), z.unknown()).default({ version: 1 }),
  story: z.array(act).max(1_000).default([]),
});

export type Act = z.infer<typeof act>;
export type RunPlan = z.infer<typeof run>;

export interface Scenario extends Omit<z.infer<typeof scenarioSchema>, 'issue' | 'policy' | 'story'> {
  readonly issue: IssueRef;
  readonly policy: Policy;
  /** Each act with its text for the output. */
  readonly story: readonly { readonly act: Act; readonly words: string }[];
}

export type ScenarioReading = { readonly scenario: Scenario } | { readonly problems: readonly string[] };

const SCENARIO_CHARS_MAX = 200_000;

/** Reads YAML, of which JSON is a subset. */
export function readScenario(given: string): ScenarioReading {
  const file = readYaml(given, SCENARIO_CHARS_MAX);
  if ('problems' in file)
    return { problems: file.problems.map(({ line, message }) => `${lineText(line)}${message}`) };
  const raw = file.value ?? {};
  const parsed = scenarioSchema.safeParse(raw);
  if (parsed.success) return withPolicy(parsed.data, raw);
  return {
    problems: parsed.error.issues.flatMap(problemsOfAct).map(({ path, message }) => {
      const place = path.join('.');
      return `${lineText(file.lineOf(path))}${place === '' ? '' : `${place}: `}${message}`;
    }),
  };
}

function lineText(line: number | undefined): string {
  return line === undefined ? '' : `line ${line}: `;
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** For an unknown act, the problem itself; for a known act, the problems of that act alone. */
function problemsOfAct(issue: z.core.$ZodIssue): readonly Problem[] {
  if (issue.code !== 'invalid_union') return [issue];
  const branch = issue.errors.find(
    problems => !problems.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0),
  );
  if (branch === undefined) return [{ path: issue.path, message: 'unknown act' }];
  return branch.map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}

function withPolicy(
  data: z.infer<typeof scenarioSchema>,
  raw: { readonly story?: readonly object[] },
): ScenarioReading {
  const issue = parseIssueRef(data.issue);
  const reading = parsePolicyFile(stringify({ version: 1, ...data.policy }));
  if ('problems' in reading)
    return { problems: reading.problems.map(({ path, message }) => `policy.${path}: ${message}`) };
  if (issue === undefined) return { problems: ['issue: expected owner/repo#12'] };
  const story = data.story.map((act, index) => ({ act, words: wordsOf(raw.story?.[index] ?? {}) }));
  return { scenario: { ...data, issue, policy: reading.policy, story } };
}

/** `decide: approve, by: alice`. */
function wordsOf(act: object): string {
  const [[name, given] = ['', '']] = Object.entries(act) as [string, unknown][];
  if (typeof given !== 'object' || given === null) return `${name}: ${String(given)}`;
  const fields = Object.entries(given).map(([key, value]) =>
    key === 'kind' ? String(value) : `${key}: ${String(value)}`,
  );
  return `${name}: ${fields.join(', ')}`;
}
