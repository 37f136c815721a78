/** `logs`: the transcript of a run. */
import type { IssueRef } from '../../../domain/issue-ref.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { type KnownIssue, lookAtKnown } from '../../temporal/look.ts';
import { endedRuns, type RunEnding } from '../../temporal/runs.ts';
import { countArgument, ISSUE_HELP, issueArgument } from '../arguments.ts';
import { artifactText } from '../artifacts.ts';
import { type Cli, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption, withTemporal } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { terminalOf } from '../render/terminal.ts';
import { count, plain, plainLines } from '../render/text.ts';
import { nowLine } from '../render/watch.ts';
import { poll } from '../watch/patience.ts';

const POLL_MS = 1_000;

interface LogsOptions extends JsonOption {
  readonly run?: number;
  readonly follow?: boolean;
}

export const logsCommand: CommandFactory = cli =>
  dataCommand({
    name: 'logs',
    says: 'the transcript of a run (the last one that ended)',
    examples: ['logs acme/profile#12', 'logs acme/profile#12 --run 2', 'logs acme/profile#12 --follow'],
  })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .option('--run <n>', 'the first run is 1', countArgument)
    .option('--follow', 'wait for the run under way, then print its transcript')
    .action((issue: IssueRef, options: LogsOptions) => logs(cli, issue, options));

async function logs(cli: Cli, issue: IssueRef, options: LogsOptions): Promise<void> {
  const run = await withTemporal(cli, async temporal => {
    const known = await lookAtKnown(temporal, issue);
    if (options.follow === true) await runEnded({ cli, temporal, issue });
    return chosen(await endedRuns(temporal, issue), options.run, known);
  });
  const { transcript } = run.end;
  if (transcript === undefined)
    throw new CliError(
      EXIT.no,
      `run ${run.runId} left no transcript (${run.end.ending}: ${run.end.summary})`,
    );
  const text = await artifactText(cli, transcript, `the transcript of ${run.runId}`);
  if (options.json === true) {
    printJson(cli, { ...run, text });
    return;
  }
  say(cli, `run ${plain(run.runId)}: ${run.end.ending}: ${plain(run.end.summary)}`);
  // Into a file it goes byte for byte; a terminal must not act on what an agent wrote.
  cli.stdout.write(`${cli.stdout.isTTY === true ? plainLines(text) : text}\n`);
}

function chosen(runs: readonly RunEnding[], number: number | undefined, known: KnownIssue): RunEnding {
  const run = number === undefined ? runs.at(-1) : runs[number - 1];
  if (run !== undefined) return run;
  const under = known.view?.run?.ending === null ? '; one is under way (--follow waits for it)' : '';
  throw new CliError(EXIT.no, `${known.issue}: ${count(runs.length, 'run')} ended so far${under}`);
}

interface Following {
  readonly cli: Cli;
  readonly temporal: Temporal;
  readonly issue: IssueRef;
}

/** The transcript is stored when the run ends; until then its progress is what there is. */
async function runEnded({ cli, temporal, issue }: Following): Promise<void> {
  let told = '';
  await poll(cli, {
    everyMs: POLL_MS,
    look: async () => {
      const known = await lookAtKnown(temporal, issue);
      const isRunning = known.kind === 'running' && known.view?.run?.ending === null;
      if (!isRunning) return 'over';
      const { key, text } = nowLine(known, terminalOf(cli));
      if (key !== told) say(cli, text);
      told = key;
      return 'go-on';
    },
  });
  cli.signal.throwIfAborted();
}
