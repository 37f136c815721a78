/** A scenario file: an issue, a policy, and what people, runs and GitHub do, in order. Unknown words are refused by line. */
import { isNode, LineCounter, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../../../config/duration.ts';
import { parsePolicyFile } from '../../../config/policy-file.ts';
import { DECISION_KINDS, GATES } from '../../../domain/decision.ts';
import { ENDINGS } from '../../../domain/ending.ts';
import { isFailureName } from '../../../domain/failure.ts';
import { type IssueRef, parseIssueRef } from '../../../domain/issue-ref.ts';
import { MODES } from '../../../domain/mode.ts';
import { type Policy, ROLES } from '../../../domain/policy.ts';
import { RISKS } from '../../../domain/risk.ts';

const text = z.string().min(1).max(500);
const login = z.string().regex(/^[A-Za-z0-9-]{1,39}$/, 'a GitHub login');
const paths = z.array(text).min(1).max(300);

const decision = z.strictObject({
  kind: z.enum(DECISION_KINDS),
  by: login.default('alice'),
  role: z.enum(ROLES).default('maintain'),
  gate: z.enum(GATES).optional(),
  /** Else the one that is asked at that moment, as a person would copy it. */
  digest: text.optional(),
  reason: text.optional(),
  to: login.optional(),
  mode: z.enum(MODES).optional(),
});

const run = z.strictObject({
  ending: z.enum(ENDINGS).default('patch'),
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
  /** How the next run that starts will go. */
  z.strictObject({ run }),
  /** The next effect of that kind fails for good. */
  z.strictObject({
    fail: z.strictObject({
      effect: text,
      failure: text.refine(isFailureName, 'the name of a failure'),
      message: text,
    }),
  }),
  z.strictObject({
    wait: z
      .string()
      .refine(given => parseDuration(given) !== undefined, 'a duration such as 90s, 30m, 2h or 3d'),
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
  /** Somebody else's commit on our branch. */
  z.strictObject({ push: z.strictObject({ by: login.default('carol') }) }),
  z.strictObject({ merge: z.strictObject({ by: login.default('alice') }) }),
  z.strictObject({ 'close-pull-request': z.strictObject({ by: login.default('alice') }) }),
  z.strictObject({ deploy: z.enum(['pending', 'success', 'failure']) }),
  z.strictObject({ expect: z.strictObject({ stage: text.optional(), hold: text.optional() }) }),
]);

const scenarioSchema = z.strictObject({
  issue: text.refine(name => parseIssueRef(name) !== undefined, 'owner/repo#12'),
  title: text.default('The greeting is stale'),
  mode: z.enum(MODES).optional(),
  risk: z.enum(RISKS).optional(),
  /** Titles of fields that the contract does not have. */
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
  /** Each act with the words that the file has for it. */
  readonly story: readonly { readonly act: Act; readonly words: string }[];
}

export type ScenarioReading = { readonly scenario: Scenario } | { readonly problems: readonly string[] };

const SCENARIO_CHARS_MAX = 200_000;

/** YAML or JSON, which is YAML too. */
export function readScenario(given: string): ScenarioReading {
  if (given.length > SCENARIO_CHARS_MAX)
    return { problems: [`longer than ${SCENARIO_CHARS_MAX} characters`] };
  const lines = new LineCounter();
  const document = parseDocument(given, { lineCounter: lines, strict: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined)
    return { problems: [`line ${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0] ?? ''}`] };
  const raw: unknown = document.toJS({ maxAliasCount: 10 }) ?? {};
  const parsed = scenarioSchema.safeParse(raw);
  if (parsed.success) return whole(parsed.data, raw as { readonly story?: readonly object[] });
  const lineOf = (path: readonly PropertyKey[]): string => {
    const node = document.getIn(path, true);
    return isNode(node) && node.range ? `line ${lines.linePos(node.range[0]).line}: ` : '';
  };
  return {
    problems: parsed.error.issues.flatMap(meant).map(({ path, message }) => {
      const place = path.join('.');
      return `${lineOf(path)}${place === '' ? '' : `${place}: `}${message}`;
    }),
  };
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of the acts that there are, the one whose name was given; its own problems say what is wrong. */
function meant(issue: z.core.$ZodIssue): readonly Problem[] {
  if (issue.code !== 'invalid_union') return [issue];
  const branch = issue.errors.find(
    problems => !problems.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0),
  );
  if (branch === undefined) return [{ path: issue.path, message: 'no act has this name' }];
  return branch.map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}

function whole(
  data: z.infer<typeof scenarioSchema>,
  raw: { readonly story?: readonly object[] },
): ScenarioReading {
  const issue = parseIssueRef(data.issue);
  const reading = parsePolicyFile(stringify({ version: 1, ...data.policy }));
  if ('problems' in reading)
    return { problems: reading.problems.map(({ path, message }) => `policy.${path}: ${message}`) };
  if (issue === undefined) return { problems: ['issue: owner/repo#12'] };
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
