/** `evidence`: the evidence bundle for the reviewer, from the artifact store. */
import { evidenceSchema } from '../../../contracts/evidence.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import { type KnownIssue, lookAtKnown } from '../../temporal/look.ts';
import { ISSUE_HELP, issueArgument } from '../arguments.ts';
import { artifactText } from '../artifacts.ts';
import { type Cli, print, printJson } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { CliError, EXIT } from '../exit.ts';
import { evidenceLines } from '../render/evidence.ts';
import { terminalOf } from '../render/terminal.ts';
import { plainLines } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

interface EvidenceOptions extends JsonOption {
  readonly diff?: boolean;
}

export const evidenceCommand: CommandFactory = cli =>
  dataCommand({
    name: 'evidence',
    says: SUMMARIES.evidence,
    examples: [
      'evidence acme/profile#12',
      'evidence acme/profile#12 --diff',
      'evidence acme/profile#12 --json',
    ],
  })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .option('--diff', 'Print the diff of the change instead')
    .action((issue: IssueRef, options: EvidenceOptions) => evidence(cli, issue, options));

async function evidence(cli: Cli, issue: IssueRef, options: EvidenceOptions): Promise<void> {
  const known = await withTemporal(cli, temporal => lookAtKnown(temporal, issue));
  await (options.diff === true ? printDiff(cli, known, options) : printBundle(cli, known, options));
}

async function printDiff(cli: Cli, { issue, view }: KnownIssue, options: EvidenceOptions): Promise<void> {
  const digest = view?.change?.diff;
  if (digest === undefined) throw new CliError(EXIT.no, `${issue} has no change yet`);
  const diff = await artifactText(cli, digest, 'the diff');
  if (options.json === true) printJson(cli, { issue, digest, diff });
  else cli.stdout.write(cli.stdout.isTTY === true ? plainLines(diff) : diff);
}

async function printBundle(cli: Cli, { issue, view }: KnownIssue, options: EvidenceOptions): Promise<void> {
  const digest = view?.evidence?.digest;
  if (digest === undefined) throw new CliError(EXIT.no, `${issue} has no evidence yet`);
  const bundle = evidenceSchema.parse(JSON.parse(await artifactText(cli, digest, 'the evidence')));
  if (options.json === true) printJson(cli, { digest, ...bundle });
  else print(cli, evidenceLines(bundle, digest, terminalOf(cli)));
}
