/** Reads the policy file into the domain's policy, or names every problem with its line. */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type Range } from 'yaml';
import { digestOf } from '../domain/digest.ts';
import { MODEL_ALLOWANCES, type Policy } from '../domain/policy.ts';
import { type PolicyFile, policyFileSchema } from './policy-schema.ts';

export const POLICY_PATH = '.github/signalbox.yml';
const POLICY_CHARS_MAX = 100_000;

export interface PolicyProblem {
  readonly line?: number;
  /** `limits.silence`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

export type PolicyReading = { readonly policy: Policy } | { readonly problems: readonly PolicyProblem[] };

/** The digest is over the parsed values, so that a comment in the file voids no approval. */
export function parsePolicyFile(text: string): PolicyReading {
  if (text.length > POLICY_CHARS_MAX)
    return { problems: [{ path: '', message: `longer than ${POLICY_CHARS_MAX} characters` }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(error => ({
        line: lines.linePos(error.pos[0]).line,
        path: '',
        message: firstLine(error.message),
      })),
    };
  }
  const parsed = policyFileSchema.safeParse(document.toJS({ maxAliasCount: 10 }) ?? {});
  if (parsed.success) return { policy: toPolicy(parsed.data) };
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let depth = path.length; depth > 0; depth--) {
      const range = placeOf(document, path.slice(0, depth));
      if (range) return lines.linePos(range[0]).line;
    }
    return undefined;
  };
  return {
    problems: parsed.error.issues.map(issue => {
      // A key that is not known is named beside the path, which is that of the map it stands in.
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      const line = lineOf([...issue.path, ...unknown]);
      return { ...(line === undefined ? {} : { line }), path: issue.path.join('.'), message: issue.message };
    }),
  };
}

/** Of the key where there is one: its value may begin on another line. */
function placeOf(document: Document, path: readonly PropertyKey[]): Range | null | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  const node = pair?.key ?? document.getIn(path, true);
  return isNode(node) ? node.range : undefined;
}

export function problemText(problem: PolicyProblem): string {
  const place = problem.line === undefined ? '' : `line ${problem.line}: `;
  return `${place}${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;
}

function toPolicy(file: PolicyFile): Policy {
  const { change, setup, verification, release, escalation } = file;
  const values: Omit<Policy, 'digest'> = {
    optIn: { label: file.optIn.label, roleMin: file.optIn.role },
    decisions: { sources: file.decisions.sources, roleMin: file.decisions.role },
    defaultMode: file.mode,
    risk: {
      labels: present(file.risk.labels),
      words: present(file.risk.words),
      paths: present(file.risk.paths),
    },
    gates: file.gates,
    agent: toAgent(file.agent),
    limits: toLimits(file.limits),
    change: {
      allowedPaths: change.allowedPaths,
      // What the agents are told is as sensitive as what is run.
      protectedPaths: [...new Set([...change.protectedPaths, ...file.agent.instructions])],
      filesMax: change.files,
      bytesMax: change.bytes,
    },
    setUp: {
      commands: setup.commands,
      inputs: setup.inputs,
      network: setup.network,
      timeoutMs: setup.timeout,
      whenInputsChange: setup.whenInputsChange,
    },
    verification: {
      commands: verification.commands,
      testPaths: verification.testPaths,
      testCommand: verification.testCommand,
      timeoutMs: verification.timeout,
    },
    workspace: file.workspace,
    merge: file.merge,
    release: {
      verify: release.verify,
      environment: release.environment,
      soakMs: release.soak,
      probes: release.probes,
      signOffFromRisk: release.signOffFromRisk,
      owner: release.owner,
    },
    escalation: {
      remindAfterMs: escalation.remindAfter,
      escalateAfterMs: escalation.escalateAfter,
      parkAfterMs: escalation.parkAfter,
      to: escalation.to,
    },
  };
  return { ...values, digest: digestOf(values) };
}

/** In one order and only if there is any, so that the same choice has the same digest as ever. */
function toAgent({ modelMay: named, ...agent }: PolicyFile['agent']): Policy['agent'] {
  const modelMay = MODEL_ALLOWANCES.filter(one => named.includes(one));
  return { ...agent, ...(modelMay.length === 0 ? {} : { modelMay }) };
}

function toLimits(limits: PolicyFile['limits']): Policy['limits'] {
  return {
    silenceMs: limits.silence,
    noProgressMs: limits.noProgress,
    wallClockMs: limits.wallClock,
    tokensMax: limits.tokens,
    costUsdMax: limits.costUsd,
    costUsdPerIssueMax: limits.costUsdPerIssue,
    attemptsMax: limits.attempts,
    lostRunsMax: limits.lostRuns,
  };
}

type RiskLists = PolicyFile['risk']['labels'];

function present(lists: RiskLists): {
  readonly medium?: readonly string[];
  readonly high?: readonly string[];
} {
  return {
    ...(lists.medium === undefined ? {} : { medium: lists.medium }),
    ...(lists.high === undefined ? {} : { high: lists.high }),
  };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
