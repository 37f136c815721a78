/** Performs the demo: opens the stage, opts the issue in, follows it through its gates, and prints the result. */
import { CliError, EXIT } from '../src/client/cli/exit.ts';
import { type Cli, printJsonLine, say } from '../src/client/cli/cli.ts';
import { issueWorkflowId } from '../src/contracts/names.ts';
import { issueName } from '../src/domain/issue-ref.ts';
import type { IssueView } from '../src/domain/view.ts';
import type { SupervisorEvent } from '../src/local/process-spec.ts';
import { removeSettingsFile, writeSettingsFile } from '../src/local/settings-file.ts';
import { obtainTemporalServer } from '../src/local/temporal-server/obtain.ts';
import { startChaos } from './chaos.ts';
import { type Figures, figuresOf } from './figures.ts';
import { follow } from './follow.ts';
import { gatekeeper } from './gatekeeper.ts';
import { askAtGate } from './gate.ts';
import { peopleOf } from './people.ts';
import { player } from './play.ts';
import { openStage, type Stage } from './stage.ts';
import { timeline, type Timeline } from './timeline.ts';

export interface DemoFlags {
  readonly yes?: boolean;
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly chaos?: boolean;
  readonly seed?: number;
}

export interface DemoInput {
  readonly cli: Cli;
  readonly flags: DemoFlags;
  readonly dataDir: string;
  readonly seed: number;
}

interface Performance extends DemoInput {
  readonly startedAt: number;
  readonly line: Timeline;
  /** Set when the result, which is the last line, is printed: later process events are not shown. */
  over: boolean;
}

export async function performDemo(input: DemoInput): Promise<void> {
  const { cli, flags } = input;
  const startedAt = Date.now();
  refuseUnasked(cli, flags);
  const show: Performance = { ...input, startedAt, line: timeline(startedAt, cli.paint), over: false };
  const stage = await open(show);
  try {
    const { view, kills } = await play(show, stage);
    cli.signal.throwIfAborted();
    await conclude(show, { stage, view, kills });
    if (flags.keep === true) await keep(show, stage);
  } finally {
    show.over = true;
    removeSettingsFile(cli.workingDirectory);
    await stage.close();
  }
}

/** Checked before anything starts: without --yes, a person must be able to answer. */
function refuseUnasked({ stdin }: Cli, { yes, json }: DemoFlags): void {
  if (yes !== true && (json === true || stdin.isTTY !== true))
    throw new CliError(EXIT.usage, {
      what: 'the demo asks at each gate and needs a terminal',
      fix: 'run it in a terminal without --json, or add --yes',
    });
}

async function open(show: Performance): Promise<Stage> {
  const { cli, dataDir } = show;
  const temporal = await obtainTemporalServer({
    environment: { ...cli.environment, TEMPORAL_ADDRESS: undefined },
    onProgress: text => say(cli, text),
    signal: cli.signal,
  });
  const stage = await openStage({
    dataDir,
    temporal,
    environment: cli.environment,
    onEvent: event => showProcess(show, event),
    signal: cli.signal,
  });
  // Also without --keep: the CLI in another terminal can decide while the demo waits at a gate.
  writeSettingsFile(cli.workingDirectory, { command: 'demo', values: { ...stage.settings } });
  if (show.flags.json !== true) {
    const at = `${stage.stack.uiUrl ?? ''}/namespaces/default/workflows/${encodeURIComponent(issueWorkflowId(stage.issue))}`;
    tell(show, show.line.note('(stage)', `watch the workflow in Temporal's Web UI: ${at}`));
  }
  return stage;
}

/** Resolves when the workflow has ended. */
async function play(
  show: Performance,
  stage: Stage,
): Promise<{ readonly view: IssueView; readonly kills: number }> {
  const people = peopleOf(stage.github, stage.issue);
  const chaos = show.flags.chaos === true ? unleash(show, stage) : undefined;
  const halt = new AbortController();
  let last: IssueView | undefined;
  const keeper = gatekeeper({
    cli: show.cli,
    flags: show.flags,
    people,
    ask: (signal, view: IssueView, hold) => askAtGate({ ...show.cli, signal }, { stage, view, hold }),
    onFailure: error => halt.abort(error),
  });
  try {
    // Count the requests of this issue only, not those of the processes' start.
    stage.github.requests.reset();
    await people.optIn();
    const playing = player(people, keeper);
    const followed = { temporal: stage.stack.temporalValues, storedBy: stage.storedBy, issue: stage.issue };
    const stopped = AbortSignal.any([show.cli.signal, halt.signal]);
    for await (const { records, view, ended } of follow(followed, stopped)) {
      for (const record of records) showRecord(show, record);
      last = view;
      if (ended) break;
      await playing.see(view);
    }
  } finally {
    await keeper.close();
    chaos?.stop();
  }
  show.cli.signal.throwIfAborted();
  halt.signal.throwIfAborted();
  if (last === undefined) throw new CliError(EXIT.no, 'the issue never appeared in Temporal');
  return { view: last, kills: chaos?.kills() ?? 0 };
}

function unleash(show: Performance, stage: Stage) {
  if (show.flags.json === true) printJsonLine(show.cli, { type: 'chaos', seed: show.seed });
  else tell(show, show.line.note('(chaos)', `seed ${show.seed}: repeat with --seed ${show.seed}`));
  return startChaos({
    supervisor: stage.stack.supervisor,
    seed: show.seed,
    onKill: (victim, pid) => {
      if (show.flags.json === true)
        printJsonLine(show.cli, {
          type: 'kill',
          process: victim,
          pid,
          elapsedMs: Date.now() - show.startedAt,
        });
      else tell(show, show.line.note('(chaos)', `kill -9 ${victim} (process ${pid})`));
    },
  });
}

interface Ending {
  readonly stage: Stage;
  readonly view: IssueView;
  readonly kills: number;
}

async function conclude(show: Performance, { stage, view, kills }: Ending): Promise<void> {
  const elapsedMs = Date.now() - show.startedAt;
  const figures = await figuresOf(stage, kills);
  if (show.flags.json === true)
    printJsonLine(show.cli, {
      type: 'result',
      issue: issueName(stage.issue),
      stage: view.stage,
      elapsedMs,
      seed: show.flags.chaos === true ? show.seed : undefined,
      figures,
    });
  else for (const text of summary(show, { view, figures, elapsedMs })) tell(show, text);
  const single =
    figures.branches === 1 &&
    figures.pullRequests === 1 &&
    figures.merges === 1 &&
    figures.statusComments === 1;
  if (view.stage !== 'release-verified')
    throw new CliError(EXIT.no, `the issue ended in stage ${view.stage}, not release-verified`);
  if (!single)
    throw new CliError(
      EXIT.no,
      'expected exactly one branch, pull request, merge and status comment; see the figures above',
    );
}

function summary(
  { cli }: Performance,
  end: { readonly view: IssueView; readonly figures: Figures; readonly elapsedMs: number },
): readonly string[] {
  const { view, figures, elapsedMs } = end;
  const survived = figures.kills === 0 ? [] : [`survived ${figures.kills} kills (SIGKILL)`];
  return [
    '',
    `${cli.paint.bold(cli.paint.green(view.stage))} in ${(elapsedMs / 1_000).toFixed(1)} s: ${view.issue}, pull request #${view.pullRequest?.number ?? '?'}, merge ${view.merge?.commit.slice(0, 12) ?? '?'}`,
    [
      `${figures.branches} branch`,
      `${figures.pullRequests} pull request`,
      `${figures.merges} merge`,
      `${figures.statusComments} status comment`,
      ...survived,
    ].join(' · '),
    `${figures.githubRequests} GitHub requests (${figures.githubContentCreating} creating content), ${figures.githubNotModified} more answered 304 · ${figures.modelRequests} model requests · ${figures.historyEvents} history events`,
  ];
}

async function keep(show: Performance, stage: Stage): Promise<void> {
  const { cli } = show;
  if (show.flags.json !== true) {
    const name = issueName(stage.issue);
    tell(
      show,
      `\nEverything keeps running. In another terminal, in this folder, run:\n  signalbox show '${name}'\n  signalbox explain '${name}'\n  signalbox audit '${name}' --verify\nPress Ctrl-C to end the demo.`,
    );
  }
  await new Promise<void>(resolve => {
    if (cli.signal.aborted) resolve();
    else cli.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function showRecord(show: Performance, record: Parameters<Timeline['record']>[0]): void {
  if (show.flags.json === true)
    printJsonLine(show.cli, { type: 'transition', elapsedMs: record.at - show.startedAt, ...record });
  else tell(show, show.line.record(record));
}

function showProcess(show: Performance, event: SupervisorEvent): void {
  if (show.over) return;
  if (show.flags.json === true)
    printJsonLine(show.cli, {
      type: 'process',
      elapsedMs: Date.now() - show.startedAt,
      ...event,
      event: event.kind,
      kind: undefined,
    });
  else if (event.kind !== 'stopped') tell(show, show.line.process(event));
}

function tell({ cli }: Performance, text: string): void {
  cli.stdout.write(`${text}\n`);
}
