/** Delivers one decision to the issue over the right route, and prints the result. */
import { type IssueRef, issueName } from '../../../domain/issue-ref.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { decide, ended } from '../../temporal/decide.ts';
import { type KnownIssue, lookAtKnown } from '../../temporal/look.ts';
import { type Cli, print, printJson } from '../cli.ts';
import { withTemporal } from '../with-temporal.ts';
import { CliError, EXIT } from '../exit.ts';
import { personsGitHub } from '../github.ts';
import { plain } from '../render/text.ts';
import { decideByComment } from './comment.ts';
import type { DecisionCall, Delivery } from './delivery.ts';
import { personName } from './person.ts';
import { type DecisionRoute, routeFor } from './route.ts';

/** Looks up the issue, then delivers the decision. */
export async function takeDecision(cli: Cli, call: DecisionCall): Promise<void> {
  await withTemporal(cli, async temporal => {
    const known = await runningIssue(temporal, call.issue);
    await deliver({ cli, temporal, known, call });
  });
}

/** Throws `ClientProblem` when the issue has no workflow, or its workflow has ended. */
export async function runningIssue(temporal: Temporal, issue: IssueRef): Promise<KnownIssue> {
  const known = await lookAtKnown(temporal, issue);
  if (known.kind === 'closed') throw ended(issue, known.view?.stage ?? known.status.toLowerCase());
  return known;
}

export async function deliver(delivery: Delivery): Promise<void> {
  const { cli, known, call } = delivery;
  const github = personsGitHub(cli);
  const route = routeFor({ asked: call.flags.via, hasToken: github !== undefined, view: known.view });
  if (route === 'temporal') {
    printOutcome(delivery, { via: route, ...(await overTemporal(delivery)) });
    return;
  }
  if (github === undefined)
    throw new CliError(EXIT.usage, {
      what: '--via github needs your GitHub token',
      fix: 'set GITHUB_TOKEN, or use --via temporal',
    });
  const outcome = await decideByComment({ ...delivery, github });
  printOutcome(delivery, { via: route, ...outcome });
}

interface Outcome {
  readonly taken: string;
  readonly comment?: string;
}

async function overTemporal({ cli, temporal, known, call }: Delivery): Promise<Outcome> {
  const { issue, request, flags } = call;
  const by = await personName(cli, flags.by);
  const seen = known.view === undefined ? {} : { generation: known.view.generation };
  return await decide(temporal, { issue, request, by, ...seen, signal: cli.signal });
}

function printOutcome({ cli, call }: Delivery, outcome: Outcome & { readonly via: DecisionRoute }): void {
  const issue = issueName(call.issue);
  if (call.flags.json === true) {
    printJson(cli, { issue, decision: call.request, ...outcome });
    return;
  }
  const where = outcome.comment === undefined ? '' : `  ${plain(outcome.comment)}`;
  print(cli, [`${issue}: ${plain(outcome.taken)}${where}`]);
}
