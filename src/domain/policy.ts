/** The policy of a repository, as the rules use it. It is read from the default branch; see config/policy-file.ts. */
import type { Digest } from './digest.ts';
import type { Mode } from './mode.ts';
import type { Risk, RiskRules } from './risk.ts';

export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
/** GitHub's repository roles, weakest first. */
export type Role = (typeof ROLES)[number];

export type DecisionSource = 'github' | 'temporal';

/** What requests to the model may hold beyond text and the tools of the box; each gives something away (docs/policy.md). */
export const MODEL_ALLOWANCES = ['own-tools', 'stored-responses', 'web-search', 'remote-images'] as const;
export type ModelAllowance = (typeof MODEL_ALLOWANCES)[number];

export interface VerificationCommand {
  readonly name: string;
  /** Run by `sh -c` in the root of the checkout. */
  readonly run: string;
}

export interface SetUpPolicy {
  /** Run one after the other in one checkout of the base; empty: there is no set-up. */
  readonly commands: readonly VerificationCommand[];
  /** Globs of the tracked files that decide what it leaves, such as lock files. Empty: every file may. */
  readonly inputs: readonly string[];
  /** Hosts it may reach, and no other: `host`, `host:port` or `.domain`. */
  readonly network: readonly string[];
  /** Of each command. */
  readonly timeoutMs: number;
  /** What a change to the inputs is verified with: the set-up of the base, or one run anew on the change. */
  readonly whenInputsChange: 'base' | 'run';
}

export interface RunLimits {
  readonly silenceMs: number;
  readonly noProgressMs: number;
  readonly wallClockMs: number;
  readonly tokensMax: number;
  readonly costUsdMax: number;
}

/** What the file says (its fields and defaults are those of config/policy-schema.ts), under the names that the rules use. */
export interface PolicyValues {
  readonly optIn: { readonly label: string; readonly roleMin: Role };
  readonly decisions: { readonly sources: readonly DecisionSource[]; readonly roleMin: Role };
  readonly defaultMode: Mode;
  readonly risk: RiskRules;
  readonly gates: {
    /** The start gate is asked from this risk on, in every mode that writes. */
    readonly startFromRisk: Risk;
    readonly publish: 'on-concern' | 'always';
  };
  readonly agent: {
    readonly adapter: 'codex' | 'command';
    readonly model: string;
    /** Template of the prompt; empty: the one that comes with Signalbox. */
    readonly prompt: string;
    /** Files of the base whose text every run is given as rules of the repository. */
    readonly instructions: readonly string[];
    /** Files of the base that every run should read first. */
    readonly context: readonly string[];
    /** Absent where nothing is allowed beyond the rules: as in every policy that was stored before there was a choice. */
    readonly modelMay?: readonly ModelAllowance[];
  };
  readonly limits: RunLimits & {
    /** Runs that ended by themselves, per generation. */
    readonly attemptsMax: number;
    /** Runs lost with their host, per generation; counted apart. */
    readonly lostRunsMax: number;
    readonly costUsdPerIssueMax: number;
  };
  readonly change: {
    readonly allowedPaths: readonly string[];
    readonly protectedPaths: readonly string[];
    readonly filesMax: number;
    readonly bytesMax: number;
  };
  readonly setUp: SetUpPolicy;
  readonly verification: {
    readonly commands: readonly VerificationCommand[];
    /** Globs of test files; changed ones are run on the base too and must fail there. */
    readonly testPaths: readonly string[];
    /** Runs the changed tests alone: their paths are appended. Empty: no fail-before check. */
    readonly testCommand: string;
    readonly timeoutMs: number;
  };
  /** What a run left is kept on its runner when it ended badly. */
  readonly workspace: { readonly keepOnFailure: boolean };
  readonly merge: {
    readonly by: 'scheduler' | 'person';
    /** What is merged was verified on the default branch as it is then; absent from policies older than the rule. */
    readonly upToDate?: boolean;
  };
  readonly release: {
    readonly verify: 'merge' | 'deployment';
    readonly environment: string;
    readonly soakMs: number;
    readonly probes: readonly string[];
    /** The owner signs off from this risk on. */
    readonly signOffFromRisk: Risk | 'never';
    readonly owner: string;
  };
  readonly escalation: {
    readonly remindAfterMs: number;
    readonly escalateAfterMs: number;
    readonly parkAfterMs: number;
    readonly to: string;
  };
}

export interface Policy extends PolicyValues {
  readonly digest: Digest;
}
