/** What GitHub reports of one commit's checks: check runs and commit statuses in one form. */
import type { Digest } from './digest.ts';
import type { MergeRules } from './merge-rules.ts';

/** `unclear`: it ended without saying whether the commit is good, for example as cancelled. */
export type CheckState = 'passed' | 'failed' | 'pending' | 'unclear';

export interface RequiredCheck {
  readonly name: string;
  /** Only check runs of this GitHub App count. */
  readonly appId?: number;
  /** Required by the policy; otherwise by the rules of the branch, which GitHub enforces itself. */
  readonly byPolicy?: true;
}

/** The latest report of one name by one App, or as a commit status. */
export interface ReportedCheck {
  readonly name: string;
  readonly source: 'check-run' | 'status';
  /** The slug of the App; absent for a commit status, of which GitHub does not say it. */
  readonly app?: string;
  readonly appId?: number;
  readonly state: CheckState;
  /** GitHub's word for the state. */
  readonly detail: string;
  readonly id: number;
  /** Differs once the check has run again. */
  readonly attempt: string;
  /** Of a failed one: what the next attempt gets, in the artifact store. */
  readonly output?: Digest;
}

/** The newest deployment of one commit to an environment. */
export interface ObservedDeployment {
  /** Of the environment. */
  readonly name: string;
  readonly state: CheckState;
  /** GitHub's word for the state, or that there is none. */
  readonly detail: string;
}

/** The checks of one commit as a look found them: only the required ones. */
export interface ObservedChecks {
  readonly head: string;
  readonly required: readonly RequiredCheck[];
  readonly reported: readonly ReportedCheck[];
  /** Read when a required check failed: the names that fail on the base of the change as well. */
  readonly failingOnBase?: readonly string[];
  /** What the credential may not read. */
  readonly unreadable?: string;
  /** What the rules of the target branch say about merges; absent: nothing. Those that our account may bypass are left out. */
  readonly rules?: MergeRules;
  /** Of the head, to each environment that the rules name; absent without such a rule, and if they cannot be read. */
  readonly deployments?: readonly ObservedDeployment[];
}

/** Of each name, source and App only the latest: it has the highest id. */
export function latestReports<T extends ReportedCheck>(reports: readonly T[]): readonly T[] {
  const latest = new Map<string, T>();
  for (const report of reports) {
    const key = JSON.stringify([report.name, report.source, report.app ?? '']);
    if ((latest.get(key)?.id ?? 0) <= report.id) latest.set(key, report);
  }
  return [...latest.values()];
}

/** The names that only fail among these reports of the base. */
export function failingNames(reports: readonly ReportedCheck[]): readonly string[] {
  const passed = reports.filter(({ state }) => state === 'passed').map(({ name }) => name);
  const failed = reports.filter(({ state }) => state === 'failed').map(({ name }) => name);
  return [...new Set(failed)].filter(name => !passed.includes(name));
}
