/** `move`: moves issues to workflow code that a scheduler runs, after a replay of each. */
import { Argument } from 'commander';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import { processSettings } from '../../../config/environment.ts';
import type { WorkflowCode } from '../../temporal/workflow-code.ts';
import { buildArgument, issuesArgument } from '../arguments.ts';
import { type Cli, print, printJsonLine, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { CliError, EXIT } from '../exit.ts';
import { chosenIssues, targetCode } from '../move/choose.ts';
import { type Moved, moveIssue, type Replay } from '../move/move.ts';
import { count, plain, shortBuild } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

/** Opens the code of a build for replays; throws `TroubleError` where this host does not have it. */
export type OpenReplay = (
  values: Readonly<Record<string, string | undefined>>,
  buildId: string,
) => Promise<Replay>;

interface MoveOptions extends JsonOption {
  readonly all?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
}

/** The program's entry point passes in the replay, which needs Temporal's worker. */
export function moveCommand(openReplay: OpenReplay): CommandFactory {
  return cli =>
    dataCommand(
      {
        name: 'move',
        says: SUMMARIES.move,
        examples: ['move acme/profile#12', 'move --all --dry-run', 'move --all --from 4cea23f442c9 --json'],
      },
      'Print one JSON object per line',
    )
      .addArgument(
        new Argument('[issues...]', 'Issues as owner/repo#12 or URL')
          .argParser(issuesArgument)
          .default([], 'none'),
      )
      .option('--all', 'Every issue whose workflow code no scheduler runs')
      .option('--from <build>', 'With --all: only issues of this build', buildArgument)
      .option('--to <build>', 'Build to move to, in full (default: the current one)', buildArgument)
      .option('--dry-run', 'Only replay, and say which issues can be moved')
      .action((issues: readonly IssueRef[], options: MoveOptions) =>
        move(cli, { issues, options, openReplay }),
      );
}

interface Asked {
  readonly issues: readonly IssueRef[];
  readonly options: MoveOptions;
  readonly openReplay: OpenReplay;
}

async function move(cli: Cli, { issues, options, openReplay }: Asked): Promise<void> {
  if ((options.all === true) === issues.length > 0 || (options.from !== undefined && options.all !== true))
    throw new CliError(EXIT.usage, {
      what: 'nothing to move',
      fix: 'name issues, or use --all; --from needs --all',
    });
  const { values } = cli.settings();
  await withTemporal(cli, async temporal => {
    const to = await targetCode(temporal, processSettings(values).SIGNALBOX_DEPLOYMENT, options.to);
    const workflowIds = await chosenIssues(temporal, issues, options.from);
    const replay = workflowIds.length === 0 ? undefined : await openReplay(values, to.buildId);
    const kinds: Moved['kind'][] = [];
    for (const workflowId of workflowIds) {
      cli.signal.throwIfAborted();
      const { dryRun = false } = options;
      if (replay !== undefined) {
        const moved = await moveIssue(temporal, { workflowId, to, replay, dryRun });
        kinds.push(moved.kind);
        tell(cli, { workflowId, to, moved, json: options.json === true });
      }
    }
    conclude(cli, kinds);
  });
}

interface Told {
  readonly workflowId: string;
  readonly to: WorkflowCode;
  readonly moved: Moved;
  readonly json: boolean;
}

function tell(cli: Cli, { workflowId, to, moved, json }: Told): void {
  const name = workflowId.replace(/^issue:/, '');
  if (json)
    printJsonLine(cli, {
      issue: name,
      to: to.buildId,
      result: moved.kind,
      ...(moved.kind === 'refused' ? { why: moved.why } : {}),
    });
  else
    print(cli, [
      `${plain(name)}  ${SAYS[moved.kind](to)}${moved.kind === 'refused' ? `: ${plain(moved.why)}` : ''}`,
    ]);
}

const SAYS: Readonly<Record<Moved['kind'], (to: WorkflowCode) => string>> = {
  moved: ({ buildId }) => `moved to build ${shortBuild(buildId)}`,
  'can-move': ({ buildId }) => `can be moved to build ${shortBuild(buildId)}`,
  'already-there': ({ buildId }) => `is on build ${shortBuild(buildId)} already`,
  refused: ({ buildId }) => `cannot be moved: its history does not fit build ${shortBuild(buildId)}`,
  'not-taken': ({ buildId }) => `is sent to build ${shortBuild(buildId)}, but no scheduler has taken it yet`,
};

function conclude(cli: Cli, kinds: readonly Moved['kind'][]): void {
  const failed = kinds.filter(kind => kind === 'refused').length;
  const open = kinds.filter(kind => kind === 'not-taken').length;
  if (failed > 0)
    throw new CliError(EXIT.no, {
      what: `${count(failed, 'issue')} of ${kinds.length} cannot be moved`,
      fix: 'start a scheduler of the release that they started with, or bring its code back into the artifact store; see docs/upgrades.md',
    });
  if (open > 0)
    throw new CliError(EXIT.unreachable, {
      what: `no scheduler has taken ${count(open, 'issue')} yet`,
      fix: 'check the schedulers, then run this again for these issues',
    });
  say(
    cli,
    kinds.length === 0
      ? 'every issue is on workflow code that a scheduler runs'
      : `${count(kinds.length, 'issue')} done`,
  );
}
