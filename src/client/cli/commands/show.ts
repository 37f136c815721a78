/** `show`: one issue, from its workflow's memo, without a worker. */
import type { IssueRef } from '../../../domain/issue-ref.ts';
import { lookAtKnown } from '../../temporal/look.ts';
import { ISSUE_HELP, issueArgument } from '../arguments.ts';
import { type Cli, print, printJson } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { presentPlace } from '../present-place.ts';
import { withTemporal } from '../with-temporal.ts';
import { showLines } from '../render/show.ts';
import { terminalOf } from '../render/terminal.ts';
import { SUMMARIES } from '../summaries.ts';

export const showCommand: CommandFactory = cli =>
  dataCommand({
    name: 'show',
    says: SUMMARIES.show,
    examples: ['show acme/profile#12', 'show acme/profile#12 --json | jq .view.hold'],
  })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .action((issue: IssueRef, options: JsonOption) => show(cli, issue, options));

async function show(cli: Cli, issue: IssueRef, options: JsonOption): Promise<void> {
  await withTemporal(cli, async temporal => {
    const known = await lookAtKnown(temporal, issue);
    const place = await presentPlace(temporal, issue, known);
    if (options.json === true) printJson(cli, { ...known, ...(place === undefined ? {} : { place }) });
    else print(cli, showLines(known, terminalOf(cli), place));
  });
}
