/** The contract of the issue, read with the headings of the policy. A run starts only with a complete one. */
import { CliError, EXIT } from '../../client/cli/exit.ts';
import type { HandAsk, HandHooks } from '../../client/cli/run/by-hand.ts';
import { type Contract, parseContract } from '../../domain/contract.ts';
import { otherTextLine, otherTextOf } from '../../domain/other-text.ts';
import type { Policy } from '../../domain/policy.ts';

/** Names each missing or unclear field. A mode on the command line replaces one that is unclear. */
export function completeContract({ issue, mode }: HandAsk, policy: Policy, { say }: HandHooks): Contract {
  const { headings = {} } = policy.contract ?? {};
  const reading = parseContract(issue.body, { known: issue.known, headings });
  const { contract, missing, unclear, unclearMode, other } = reading;
  const open = mode === undefined ? unclear : unclear.filter(text => text !== unclearMode);
  const problems = [...missing.map(title => `missing: ${title}`), ...open.map(text => `unclear: ${text}`)];
  const otherText = otherTextOf(other);
  if (otherText !== undefined) say(otherTextLine(otherText));
  for (const problem of problems) say(problem);
  if (problems.length > 0) {
    const many = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    throw new CliError(EXIT.no, `the contract of ${issue.name} is incomplete: ${many}`);
  }
  return contract;
}
