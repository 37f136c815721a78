/** The policy of a repository, as the rules use it. config/policy-file.ts reads it from the default branch. */
import type { HeadingMap } from './contract-headings.ts';
import type { Digest } from './digest.ts';
import type { CallTarget } from './mention.ts';
import type { Mode } from './mode.ts';
import type { Risk, RiskBar, RiskRules } from './risk.ts';

/** GitHub's ways of merging a pull request. */
export const MERGE_METHODS = ['merge', 'squash', 'rebase'] as const;
export type MergeMethod = (typeof MERGE_METHODS)[number];

export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
/** GitHub's repository roles, weakest first. */
export type Role = (typeof ROLES)[number];

export type DecisionSource = 'github' | 'temporal';

/** What model requests may contain beyond text and the tools of the box. Each has a cost in safety (docs/policy.md). */
export const MODEL_ALLOWANCES = ['own-tools', 'stored-responses', 'web-search', 'remote-images'] as const;
export type ModelAllowance = (typeof MODEL_ALLOWANCES)[number];

export interface VerificationCommand {
  readonly name: string;
  /** Run by `sh -c` in the root of the checkout. */
  readonly run: string;
}

export interface SetUpPolicy {
  /** Run in order in one checkout of the base. Empty: no set-up. */
  readonly commands: readonly VerificationCommand[];
  /** Globs of tracked files that affect the result, such as lock files. Empty: every file does. */
  readonly inputs: readonly string[];
  /** The only hosts that it can reach: `host`, `host:port` or `.domain`. */
  readonly network: readonly string[];
  /** For each command. */
  readonly timeoutMs: number;
  /** The set-up used to verify a change of the inputs: that of the base, or a new one on the change. */
  readonly whenInputsChange: 'base' | 'run';
}

/** Where changes go. Each field is absent if the policy does not name it. */
export interface TargetPolicy {
  /** Absent: the default branch. */
  readonly branch?: string;
  /** The branch for issues with the label; case does not matter. */
  readonly byLabel?: Readonly<Record<string, string>>;
  /** The branch for issues of the milestone with this title; case does not matter. */
  readonly byMilestone?: Readonly<Record<string, string>>;
  /** `branch`: the policy file on the target branch says which commands are run there. Absent: only that of the default branch. */
  readonly policy?: 'branch';
}

export interface RunLimits {
  readonly silenceMs: number;
  readonly noProgressMs: number;
  readonly wallClockMs: number;
  readonly tokensMax: number;
  readonly costUsdMax: number;
}

export interface QuietHours {
  /** Minutes after midnight. From a later one to an earlier one: over midnight. Absent: no hours of every day. */
  readonly hours?: { readonly from: number; readonly to: number };
  /** Saturday and Sunday too. */
  readonly weekends?: true;
  /** A name of the time zone database. */
  readonly timeZone: string;
}

/** Whoever is there answers a gate within this time, and a program does: then nobody is called, and nothing is requested. */
export const CALL_AFTER_MS = 10_000;

/** Who is called to a hold, and when. Each field is absent when it has its default. */
export interface CallsPolicy {
  /** From the start of a hold. Absent: CALL_AFTER_MS. */
  readonly afterMs?: number;
  /** Absent: the person who opted in. Empty: nobody is mentioned. */
  readonly to?: readonly CallTarget[];
  /** Of the pull request, at the merge gate. */
  readonly reviewers?: readonly CallTarget[];
  /** Of the issue. */
  readonly assign?: readonly CallTarget[];
  readonly quietHours?: QuietHours;
}

/** What reviews of the pull request lead to. Each field is absent when it has its default. */
export interface ReviewPolicy {
  /** Logins of bots, such as `helper[bot]`, whose words are taken as those of reviewers. Absent: none. */
  readonly bots?: readonly string[];
  /** Threads are resolved when they are answered. Absent: people do it. */
  readonly resolveThreads?: true;
  /** A review that consists of suggestions is applied as it was written, without the agent. Absent: the agent gets it. */
  readonly suggestions?: true;
}

/** The time that CI has for the required checks of one commit. */
export const CHECKS_PATIENCE_MS = 2 * 3_600_000;

/** Which checks of CI count, and how long. Each field is absent when it has its default. */
export interface ChecksPolicy {
  /** Besides those that the rules of the branch require. */
  readonly required?: readonly string[];
  /** Slugs of the GitHub Apps whose check runs count. Absent: every report counts. */
  readonly apps?: readonly string[];
  /** Absent: CHECKS_PATIENCE_MS. */
  readonly patienceMs?: number;
  /** Absent: a failed check is run again once. */
  readonly rerun?: false;
}

export const HAND_OVER_WAYS = ['queue', 'auto-merge'] as const;
/** To the merge queue of the branch, or to auto-merge, which merges when the rules of the branch are met. */
export type HandOverWay = (typeof HAND_OVER_WAYS)[number];

export const EVIDENCE_PLACES = ['status', 'check'] as const;
/** On the commit: a commit status, or a check run, which only an App can write. */
export type EvidencePlace = (typeof EVIDENCE_PLACES)[number];

/** How the pull request looks. Each field is absent when it has its default. */
export interface PullRequestPolicy {
  /** The form of its title, with placeholders. */
  readonly title?: string;
  /** It is a draft until the required checks of CI have passed on its head. Absent: people see it as ready at once. */
  readonly draft?: true;
}

/** The values of the policy file under the names that the rules use. Fields and defaults are in config/policy-schema.ts. */
export interface PolicyValues {
  readonly optIn: { readonly label: string; readonly roleMin: Role };
  readonly decisions: { readonly sources: readonly DecisionSource[]; readonly roleMin: Role };
  readonly defaultMode: Mode;
  /** Absent when nothing is mapped, as in all policies stored before this field existed. */
  readonly contract?: { readonly headings: HeadingMap };
  readonly risk: RiskRules;
  readonly gates: {
    /** In modes that can write, the start gate is required from this risk on. */
    readonly startFromRisk: Risk;
    readonly publish: 'on-concern' | 'always';
  };
  readonly agent: {
    readonly adapter: 'codex' | 'command';
    readonly model: string;
    /** Template of the prompt. Empty: the built-in one. */
    readonly prompt: string;
    /** Files of the base whose text every run gets as rules of the repository. */
    readonly instructions: readonly string[];
    /** Files of the base that every run should read first. */
    readonly context: readonly string[];
    /** Absent when nothing extra is allowed, as in all policies stored before this field existed. */
    readonly modelMay?: readonly ModelAllowance[];
  };
  readonly limits: RunLimits & {
    /** Runs that ended on their own, per generation. */
    readonly attemptsMax: number;
    /** Runs lost with their host, per generation; counted separately. */
    readonly lostRunsMax: number;
    readonly costUsdPerIssueMax: number;
  };
  readonly change: {
    readonly allowedPaths: readonly string[];
    readonly protectedPaths: readonly string[];
    readonly filesMax: number;
    readonly bytesMax: number;
    /** Absent: commits have no `Signed-off-by`. */
    readonly signOff?: boolean;
  };
  /** Absent: the default branch, for every issue. */
  readonly target?: TargetPolicy;
  readonly setUp: SetUpPolicy;
  readonly verification: {
    readonly commands: readonly VerificationCommand[];
    /** Globs of test files. Changed ones also run on the base and must fail there. */
    readonly testPaths: readonly string[];
    /** Runs only the changed tests: their paths are appended. Empty: no fail-before check. */
    readonly testCommand: string;
    /** Runs one test file: `{file}`, `{folder}` and `{name}` are replaced. Absent: `testCommand` with the path. */
    readonly testFileCommand?: string;
    /** Globs of the files that decide what the commands do. Absent: those of git/command-inputs.ts. */
    readonly inputs?: readonly string[];
    readonly timeoutMs: number;
  };
  readonly workspace: {
    /** Whether the runner keeps the workspace of a failed run. */
    readonly keepOnFailure: boolean;
    /** Agents get the base commit without its history. Absent: with it. */
    readonly history?: 'shallow';
    /** The limit of the history's pack; absent: that of git/history.ts. */
    readonly historyBytesMax?: number;
  };
  /** Where the evidence is shown besides the pull request. Absent: nowhere. */
  readonly evidence?: { readonly publish: EvidencePlace };
  /** Absent when all its fields have their defaults, as in all policies stored before it existed. */
  readonly pullRequest?: PullRequestPolicy;
  readonly merge: {
    readonly by: 'scheduler' | 'person';
    /** Of a merge by the scheduler. Absent: merge. */
    readonly method?: MergeMethod;
    /** GitHub merges what the scheduler hands over. Absent: the scheduler merges. */
    readonly handOver?: HandOverWay;
    /**
     * Whether what a merge makes must be verified on the latest target branch; `head`: the head itself is built there. Absent
     * in policies older than the rule.
     */
    readonly upToDate?: boolean | 'head';
    /** Up to this risk, an approval stays although the target branch changed files of the change. Absent: medium. */
    readonly sameFile?: RiskBar;
    /**
     * `false`: approved changes do not wait for each other. Absent: they are merged one at a time where the rules allow it.
     * `ahead`: how many places after the turn are verified ahead, from 1 to 3.
     */
    readonly line?: false | { readonly ahead: number };
  };
  /** Absent when all its fields are, as in all policies stored before it existed. */
  readonly approvals?: {
    /** Up to this risk, an approval stays when the target branch moves below an equal patch. Absent: medium. */
    readonly carryOver?: RiskBar;
  };
  readonly release: {
    readonly verify: 'merge' | 'deployment';
    readonly environment: string;
    readonly soakMs: number;
    readonly probes: readonly string[];
    /** The owner must sign off from this risk on. */
    readonly signOffFromRisk: Risk | 'never';
    readonly owner: string;
  };
  readonly escalation: {
    readonly remindAfterMs: number;
    readonly escalateAfterMs: number;
    readonly parkAfterMs: number;
    readonly to: string;
  };
  /** Absent when all its fields are, as in all policies stored before it existed. */
  readonly review?: ReviewPolicy;
  /** Absent when all its fields are, as in all policies stored before it existed. */
  readonly calls?: CallsPolicy;
  /** Absent when all its fields are, as in all policies stored before it existed. */
  readonly checks?: ChecksPolicy;
}

export interface Policy extends PolicyValues {
  readonly digest: Digest;
}
