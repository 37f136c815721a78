/** A policy, an issue and people, as the rules see them; each test changes only what matters to it. */
import { CONTRACT_FIELDS } from '../../../src/domain/contract-fields.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import type { Mode } from '../../../src/domain/mode.ts';
import type { Account, ObservedIssue, RoleReading } from '../../../src/domain/observation.ts';
import type {
  CallsPolicy,
  ChecksPolicy,
  EvidencePlace,
  HandOverWay,
  MergeMethod,
  Policy,
  ReviewPolicy,
  Role,
  TargetPolicy,
} from '../../../src/domain/policy.ts';
import type { Risk, RiskBar } from '../../../src/domain/risk.ts';
import type { RepositoryFacts } from '../../../src/domain/state/reading.ts';
import type { CheckResult } from '../../../src/domain/state/work.ts';

export const ISSUE = { owner: 'acme', repo: 'shop', number: 7 } as const;
export const START_AT = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
/** Of a review whose suggestions cannot be applied. */
export const REFUSED_SUGGESTIONS = 'sha256:suggestions-that-cannot-be-applied';

export interface PolicyChoice {
  readonly mode?: Mode;
  readonly publish?: 'on-concern' | 'always';
  readonly evidence?: EvidencePlace;
  readonly mergeBy?: 'scheduler' | 'person';
  /** Default `true`. */
  readonly upToDate?: boolean | 'head';
  readonly method?: MergeMethod;
  readonly handOver?: HandOverWay | 'none';
  readonly sameFile?: RiskBar;
  readonly carryOver?: RiskBar;
  readonly line?: false | { readonly ahead: number };
  readonly verify?: 'merge' | 'deployment';
  readonly soakMs?: number;
  readonly signOff?: Risk | 'never';
  readonly owner?: string;
  readonly sources?: Policy['decisions']['sources'];
  readonly costUsdPerIssueMax?: number;
  /** From 22 to 6 o'clock, UTC. */
  readonly quiet?: boolean;
  readonly call?: CallsPolicy['to'];
  /** Default 0: people of these worlds are slow. */
  readonly afterMs?: number;
  readonly target?: TargetPolicy;
  readonly checks?: ChecksPolicy;
  readonly review?: ReviewPolicy;
  readonly draft?: boolean;
  /** Makes another digest of the same rules, as an edit of a comment in the file does. */
  readonly edition?: number;
}

export function policyOf(choice: PolicyChoice = {}): Policy {
  return {
    digest: digestOf({ policy: choice }),
    optIn: { label: 'ai', roleMin: 'triage' },
    decisions: { sources: choice.sources ?? ['github', 'temporal'], roleMin: 'write' },
    defaultMode: choice.mode ?? 'guarded',
    risk: {
      labels: { high: ['security'], medium: ['risky'] },
      words: { high: ['payment'] },
      paths: { high: ['infra/**'], medium: ['db/**'] },
    },
    gates: { startFromRisk: 'medium', publish: choice.publish ?? 'on-concern' },
    agent: { adapter: 'command', model: 'm', prompt: '', instructions: [], context: [] },
    limits: limitsOf(choice),
    ...(choice.target === undefined ? {} : { target: choice.target }),
    ...(choice.checks === undefined ? {} : { checks: choice.checks }),
    change: { allowedPaths: ['**'], protectedPaths: [], filesMax: 10, bytesMax: 1000 },
    setUp: { commands: [], inputs: [], network: [], timeoutMs: 1000, whenInputsChange: 'base' },
    verification: { commands: [], testPaths: [], testCommand: '', timeoutMs: 1000 },
    workspace: { keepOnFailure: false },
    merge: {
      ...{ by: choice.mergeBy ?? 'scheduler', upToDate: choice.upToDate ?? true },
      ...(choice.method === undefined || choice.method === 'merge' ? {} : { method: choice.method }),
      ...(choice.handOver === undefined || choice.handOver === 'none' ? {} : { handOver: choice.handOver }),
      ...(choice.sameFile === undefined ? {} : { sameFile: choice.sameFile }),
      ...(choice.line === undefined ? {} : { line: choice.line }),
    },
    ...(choice.carryOver === undefined ? {} : { approvals: { carryOver: choice.carryOver } }),
    release: {
      verify: choice.verify ?? 'merge',
      environment: 'production',
      soakMs: choice.soakMs ?? 0,
      probes: [],
      signOffFromRisk: choice.signOff ?? 'never',
      owner: choice.owner ?? '',
    },
    escalation: {
      remindAfterMs: 24 * HOUR_MS,
      escalateAfterMs: 48 * HOUR_MS,
      parkAfterMs: 96 * HOUR_MS,
      to: 'lead',
    },
    ...callsOf(choice),
    ...shownOf(choice),
  };
}

function shownOf({ draft = false, evidence }: PolicyChoice): Pick<Policy, 'pullRequest' | 'evidence'> {
  return {
    ...(draft ? { pullRequest: { draft } } : {}),
    ...(evidence === undefined ? {} : { evidence: { publish: evidence } }),
  };
}

function callsOf({
  quiet = false,
  call,
  afterMs = 0,
  review,
}: PolicyChoice): Pick<Policy, 'calls' | 'review'> {
  const quietHours = { hours: { from: 22 * 60, to: 6 * 60 }, timeZone: 'UTC' };
  return {
    ...(review === undefined ? {} : { review }),
    calls: { afterMs, ...(call === undefined ? {} : { to: call }), ...(quiet ? { quietHours } : {}) },
  };
}

function limitsOf(choice: PolicyChoice): Policy['limits'] {
  return {
    silenceMs: 1000,
    noProgressMs: 1000,
    wallClockMs: 1000,
    tokensMax: 1000,
    costUsdMax: 1,
    attemptsMax: 3,
    lostRunsMax: 2,
    costUsdPerIssueMax: choice.costUsdPerIssueMax ?? 4,
  };
}

export function repositoryAt(head: string): RepositoryFacts {
  return {
    id: 1,
    defaultBranch: 'main',
    head,
    cloneUrl: 'https://git.example/shop.git',
    url: 'https://git.example/shop',
  };
}

export interface Person {
  readonly account: Account;
  readonly role: RoleReading;
}

export function person(login: string, role: Role): Person {
  return { account: { login, type: 'User' }, role: { kind: 'role', role } };
}

/** People whose decisions must never count; the comments of `rewriter` are edited. */
export const NOBODIES = ['robot', 'reader', 'unreadable', 'rewriter'] as const;
export type Nobody = (typeof NOBODIES)[number];

export const PEOPLE: Readonly<Record<Nobody | 'ann' | 'ben', Person>> = {
  ann: person('ann', 'write'),
  ben: person('ben', 'maintain'),
  rewriter: person('rewriter', 'admin'),
  reader: person('reader', 'read'),
  robot: { account: { login: 'robot', type: 'Bot' }, role: { kind: 'role', role: 'admin' } },
  unreadable: {
    account: { login: 'unreadable', type: 'User' },
    role: { kind: 'unreadable', why: 'the answer was 500' },
  },
};
export type Name = keyof typeof PEOPLE;

export function issueOf(change: Partial<ObservedIssue> & { readonly edition?: number } = {}): ObservedIssue {
  const { edition = 1, ...rest } = change;
  const title = rest.title ?? 'Prices are rounded twice';
  return {
    digest: digestOf({ title, edition }),
    title,
    url: 'https://git.example/shop/issues/7',
    author: 'ann',
    state: 'open',
    labels: ['ai'],
    contract: { missing: [], unclear: [], wordRisk: { level: 'low', reasons: [] } },
    edits: { count: 0 },
    optIn: { by: PEOPLE.ann.account, role: PEOPLE.ann.role },
    ...rest,
  };
}

/** A check that passed on the head. */
export function checkOf(part: Partial<CheckResult> = {}): CheckResult {
  return {
    name: 'test',
    command: 'npm test',
    on: 'head',
    expected: 'pass',
    passed: true,
    exitCode: 0,
    durationMs: 1,
    output: 'sha256:o',
    ...part,
  };
}

/** The text of an issue in which no required field is empty, and what follows them. */
export function contractWith(more: string): string {
  const fields = CONTRACT_FIELDS.filter(({ required }) => required).map(({ title }) => `## ${title}\nx`);
  return [...fields, more].join('\n');
}
