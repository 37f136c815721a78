/** The rules of a run by hand. It uses the same tables as an issue, but has no claim, no gates and no publishing. */
import type { Contract } from './contract.ts';
import { ENDING_RULES } from './ending.ts';
import { sequelIn } from './facts.ts';
import type { Mode } from './mode.ts';
import type { Policy } from './policy.ts';
import { declaredRisk, entryRiskOf, type RiskJudgement, riskOfPaths, riskOfText, worse } from './risk.ts';
import type { CheckResult, Refusal, RunEnd } from './state/work.ts';

/** The mode from the command line, else from the contract, else from the policy. */
export function modeByHand(asked: Mode | undefined, contract: Contract, policy: Policy): Mode {
  return asked ?? contract.mode ?? policy.defaultMode;
}

export interface IssueByHand {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

/** The minimum risk, before there is a change. */
export function entryRiskByHand(issue: IssueByHand, contract: Contract, { risk }: Policy): RiskJudgement {
  const { labels, title, body } = issue;
  const wordRisk = riskOfText(`${title}\n${body}`, risk);
  return entryRiskOf({ labels, wordRisk, declaredRisk: contract.declaredRisk }, risk);
}

/** The worst of the minimum risk, the real change and the risk that the agent reported. */
export function riskByHand(
  floor: RiskJudgement,
  done: { readonly paths: readonly string[]; readonly end: Pick<RunEnd, 'raisedRisk'> },
  { risk }: Policy,
): RiskJudgement {
  return [floor, riskOfPaths(done.paths, risk), declaredRisk(done.end.raisedRisk, 'the agent')].reduce(worse);
}

export interface DoneByHand {
  readonly mode: Mode;
  readonly end: Pick<RunEnd, 'ending'>;
  readonly refusals: readonly Refusal[];
  /** The checks of the commit; `undefined` without a commit. */
  readonly checks: readonly CheckResult[] | undefined;
}

export interface Verdict {
  /** `verified`: a change was built and checked. `delivered`: a report. `no`: neither; `why` gives the reason. */
  readonly outcome: 'verified' | 'delivered' | 'no';
  readonly why: string;
}

/** Only a change whose checks all gave the expected result is verified. A person can still take another one. */
export function verdictByHand({ mode, end, refusals, checks }: DoneByHand): Verdict {
  const [refusal] = refusals;
  if (refusal !== undefined)
    return { outcome: 'no', why: `the change was refused: ${refusal.path}: ${refusal.reason}` };
  if (checks !== undefined) return verdictOnChecks(checks);
  const isDelivered = sequelIn(mode, end.ending) === 'deliver';
  return { outcome: isDelivered ? 'delivered' : 'no', why: ENDING_RULES[end.ending].meaning };
}

function verdictOnChecks(checks: readonly CheckResult[]): Verdict {
  const odd = checks.find(check => check.passed !== (check.expected === 'pass'));
  if (odd !== undefined) {
    const did = odd.passed ? 'passed' : 'failed';
    const place = odd.on === 'base' ? 'base' : 'head';
    return { outcome: 'no', why: `${odd.name} ${did} on ${place}, but should ${odd.expected} there` };
  }
  if (!checks.some(check => check.on === 'head'))
    return { outcome: 'no', why: 'no verification command was run; add them to verification.commands' };
  return { outcome: 'verified', why: 'all checks gave the expected result' };
}
