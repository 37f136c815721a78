/** `audit`: every transition with its actor, and whether the chain of records is complete. */
import { type IssueRef, issueName } from '../../../domain/issue-ref.ts';
import { lookAtIssue, unknownIssue } from '../../temporal/look.ts';
import { countArgument, ISSUE_HELP, issueArgument } from '../arguments.ts';
import { anchorProblem, anchorsOf, confirmedBy } from '../audit-anchor.ts';
import { archivedLives, auditRecords, chainProblem, type AuditReading } from '../audit-records.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { CliError, EXIT } from '../exit.ts';
import { auditLines } from '../render/record.ts';
import { terminalOf } from '../render/terminal.ts';
import { count } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

interface AuditOptions extends JsonOption {
  readonly verify?: boolean;
  readonly generation?: number;
}

export const auditCommand: CommandFactory = cli =>
  dataCommand({
    name: 'audit',
    says: SUMMARIES.audit,
    examples: ['audit acme/profile#12', 'audit acme/profile#12 --verify', 'audit acme/profile#12 --json'],
  })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .option('--verify', 'Verify the hash chain of the records to its end')
    .option('--generation <number>', 'Show an earlier generation, from the archive', countArgument)
    .action((issue: IssueRef, options: AuditOptions) => audit(cli, issue, options));

async function audit(cli: Cli, issue: IssueRef, options: AuditOptions): Promise<void> {
  const reading = await readAudit(cli, issue, options);
  const { problem, confirmed } = options.verify === true ? await verified(cli, reading) : NOT_VERIFIED;
  if (options.json === true) printJson(cli, jsonOf(reading, options, problem));
  else print(cli, auditLines(reading.records, terminalOf(cli)));
  if (problem !== undefined) throw new CliError(EXIT.no, `cannot verify the audit: ${problem}`);
  if (options.verify === true)
    say(
      cli,
      `audit verified: ${count(reading.records.length, 'record')}, head ${headOf(reading)}${confirmed}`,
    );
}

/** The workflow holds the end of the chain; for a life that Temporal has forgotten, the status comment does. */
async function verified(cli: Cli, reading: AuditReading): Promise<Verdict> {
  const problem = chainProblem(reading);
  if (problem !== undefined || reading.held !== undefined) return { problem, confirmed: '' };
  const anchors = await anchorsOf(cli, reading);
  return { problem: anchorProblem(reading, anchors), confirmed: confirmedBy(anchors) };
}

interface Verdict {
  readonly problem: string | undefined;
  /** What holds the end of the chain instead of the workflow. */
  readonly confirmed: string;
}
const NOT_VERIFIED: Verdict = { problem: undefined, confirmed: '' };

/** From the workflow; from the store alone for an earlier generation, or when Temporal has deleted the workflow. */
async function readAudit(cli: Cli, issue: IssueRef, { generation }: AuditOptions): Promise<AuditReading> {
  const known = generation === undefined ? await presentAudit(cli, issue) : undefined;
  if (known !== undefined) return known;
  const lives = await archivedLives(cli, issue);
  const life = lives.findLast(one => generation === undefined || one.generation === generation);
  if (life !== undefined) return life;
  if (generation === undefined) throw unknownIssue(issue);
  const has = lives.map(one => one.generation).join(', ');
  throw new CliError(
    EXIT.unknown,
    `${issueName(issue)} has no archive of generation ${generation} (archived: ${has === '' ? 'none' : has})`,
  );
}

/** `undefined` when Temporal has no such workflow. */
async function presentAudit(cli: Cli, issue: IssueRef): Promise<AuditReading | undefined> {
  return await withTemporal(cli, async temporal => {
    const known = await lookAtIssue(temporal, issue);
    if (known.kind === 'unknown') return undefined;
    const { view } = known;
    if (view === undefined)
      throw new CliError(EXIT.no, `${known.issue} has no audit records: no scheduler has run it yet`);
    return await auditRecords(cli, { temporal, issue, known: { ...known, view } });
  });
}

function headOf({ records, held }: AuditReading): string {
  return held?.head ?? records.at(-1)?.hash ?? '';
}

function jsonOf(reading: AuditReading, { verify }: AuditOptions, problem: string | undefined) {
  const { issue, generation, records, held } = reading;
  const verdict = verify === true ? { whole: problem === undefined, problem: problem ?? null } : {};
  const from = held === undefined ? 'archive' : 'workflow';
  return { issue, generation, from, head: headOf(reading), ...verdict, records };
}
