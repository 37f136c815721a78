/** `logs`: the transcript of a run. */
import type { IssueRef } from '../../../domain/issue-ref.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { type KnownIssue, lookAtKnown } from '../../temporal/look.ts';
import { endedRuns, type RunEnding } from '../../temporal/runs.ts';
import { countArgument, ISSUE_HELP, issueArgument } from '../arguments.ts';
import { artifactText } from '../artifacts.ts';
import { type Cli, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { CliError, EXIT } from '../exit.ts';
import { terminalOf } from '../render/terminal.ts';
import { count, plain, plainLines } from '../render/text.ts';
import { nowLine } from '../render/watch.ts';
import { poll } from '../watch/poll.ts';
import { SUMMARIES } from '../summaries.ts';

const POLL_MS = 1_000;

interface LogsOptions extends JsonOption {
  readonly run?: number;
  readonly follow?: boolean;
}

export const logsCommand: CommandFactory = cli =>
  dataCommand({
    name: 'logs',
    says: SUMMARIES.logs,
    examples: ['logs acme/profile#12', 'logs acme/profile#12 --run 2', 'logs acme/profile#12 --follow'],
  })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .option('--run <n>', 'Number of the run; the first is 1', countArgument)
    .option('--follow', 'Wait for the current run to end, then print its transcript')
    .action((issue: IssueRef, options: LogsOptions) => logs(cli, issue, options));

async function logs(cli: Cli, issue: IssueRef, options: LogsOptions): Promise<void> {
  const run = await withTemporal(cli, async temporal => {
    const known = await lookAtKnown(temporal, issue);
    if (options.follow === true) await runEnded({ cli, temporal, issue });
    return chosen(await endedRuns(temporal, issue), options.run, known);
  });
  const { transcript } = run.end;
  if (transcript === undefined)
    throw new CliError(EXIT.no, `run ${run.runId} has no transcript (${run.end.ending}: ${run.end.summary})`);
  const text = await artifactText(cli, transcript, `the transcript of ${run.runId}`);
  if (options.json === true) {
    printJson(cli, { ...run, text });
    return;
  }
  say(cli, `run ${plain(run.runId)}: ${run.end.ending}: ${plain(run.end.summary)}`);
  // A file gets the exact bytes; a terminal must not interpret what an agent wrote.
  cli.stdout.write(`${cli.stdout.isTTY === true ? plainLines(text) : text}\n`);
}

function chosen(runs: readonly RunEnding[], number: number | undefined, known: KnownIssue): RunEnding {
  const run = number === undefined ? runs.at(-1) : runs[number - 1];
  if (run !== undefined) return run;
  const current = known.view?.run?.ending === null ? '; one is in progress (wait for it with --follow)' : '';
  const which = number === undefined ? 'an ended run' : `run ${number}`;
  throw new CliError(
    EXIT.no,
    `${known.issue} does not have ${which}: ${count(runs.length, 'run')} ended so far${current}`,
  );
}

interface Following {
  readonly cli: Cli;
  readonly temporal: Temporal;
  readonly issue: IssueRef;
}

/** The transcript is stored when the run ends; until then only the progress is printed. */
async function runEnded({ cli, temporal, issue }: Following): Promise<void> {
  let printed = '';
  await poll(cli, {
    everyMs: POLL_MS,
    look: async () => {
      const known = await lookAtKnown(temporal, issue);
      const isRunning = known.kind === 'running' && known.view?.run?.ending === null;
      if (!isRunning) return 'done';
      const { key, text } = nowLine(known, terminalOf(cli));
      if (key !== printed) say(cli, text);
      printed = key;
      return 'continue';
    },
  });
  cli.signal.throwIfAborted();
}
