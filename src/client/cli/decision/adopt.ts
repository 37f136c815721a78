/** `adopt`: takes a head of the branch, or shows its commits and has the person confirm it. */
import type { DecisionRequest } from '../../../domain/decision.ts';
import { namesHead, shortHead } from '../../../domain/foreign-head.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import type { ForeignView } from '../../../domain/view.ts';
import { ClientProblem } from '../../temporal/client-problem.ts';
import type { KnownIssue } from '../../temporal/look.ts';
import { type Cli, paintFor } from '../cli.ts';
import { withTemporal } from '../with-temporal.ts';
import { confirm } from '../confirm.ts';
import { foreignCommitLines } from '../render/foreign.ts';
import type { DecideFlags } from './delivery.ts';
import { deliver, runningIssue } from './take.ts';

export interface AdoptFlags extends DecideFlags {
  readonly head?: string;
  readonly yes?: boolean;
}

export async function adopt(cli: Cli, issue: IssueRef, flags: AdoptFlags): Promise<void> {
  await withTemporal(cli, async temporal => {
    const known = await runningIssue(temporal, issue);
    const found = adoptableHead(known, flags.head);
    const head = shortHead(found.head);
    if (flags.head === undefined)
      await confirm(cli, {
        lines: foreignCommitLines(known.issue, found, paintFor(cli.stderr, cli.environment)),
        isAgreed: flags.yes === true,
        asked: `Adopt ${head}?`,
        refusal: 'not adopted: not confirmed',
        options: `--head ${head} (or --yes for the head that the branch has)`,
      });
    const request: DecisionRequest = { kind: 'adopt', head };
    await deliver({ cli, temporal, known, call: { issue, request, flags } });
  });
}

/** The head of others on the branch. Refuses one that cannot be adopted or is not the named one. */
export function adoptableHead(
  { view, issue }: Pick<KnownIssue, 'view' | 'issue'>,
  named: string | undefined,
): ForeignView {
  const found = view?.foreign;
  if (found === undefined)
    throw movedOn(`${issue} has no commits by others on its branch, as far as Signalbox has read it`);
  const head = shortHead(found.head);
  if (found.problem !== null) throw movedOn(`the head ${head} cannot be adopted: ${found.problem}`);
  if (named !== undefined && !namesHead(named, found.head))
    throw movedOn(`the head of the branch is ${head}, not ${named.slice(0, 12)}`);
  return found;
}

function movedOn(message: string): ClientProblem {
  return new ClientProblem('moved-on', message);
}
