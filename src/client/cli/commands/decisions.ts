/** The decision commands: approve, reject, escalate and others. Each sends one comment or one update. */
import { Argument, type Command } from 'commander';
import {
  type DecisionKind,
  type DecisionRequest,
  type Gate,
  GATES,
  REASON_CHARS_MAX,
} from '../../../domain/decision.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import { type Mode, MODES } from '../../../domain/mode.ts';
import {
  digestArgument,
  headArgument,
  ISSUE_HELP,
  issueArgument,
  loginArgument,
  modeArgument,
} from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { type CommandFactory, command, dataCommand } from '../command.ts';
import type { DecideFlags } from '../decision/delivery.ts';
import { CliError, EXIT } from '../exit.ts';
import { takeDecision } from '../decision/take.ts';
import { adopt } from '../decision/adopt.ts';
import { approve } from '../decision/approve.ts';
import { SUMMARIES } from '../summaries.ts';

export const decisionCommands: Readonly<Record<DecisionKind, CommandFactory>> = {
  approve: approveCommand,
  reject: rejectCommand,
  answer: answerCommand,
  adopt: adoptCommand,
  escalate: escalateCommand,
  retry: plainCommand('retry'),
  pause: plainCommand('pause', '--reason "freeze"'),
  resume: plainCommand('resume'),
  cancel: plainCommand('cancel', '--reason "not needed"'),
  'verify-release': plainCommand('verify-release', '--reason "seen in production"'),
  'set-mode': setModeCommand,
  'assign-release-owner': releaseOwnerCommand,
};

interface Options extends DecideFlags {
  readonly gate?: Gate;
  readonly digest?: string;
  readonly head?: string;
  readonly reason?: string;
  readonly to?: string;
  readonly yes?: boolean;
}

function approveCommand(cli: Cli): Command {
  const made = decision('approve', [
    'approve acme/profile#12',
    'approve acme/profile#12 --gate merge --digest 3f9a0c5d7e21',
  ])
    .option('--digest <digest>', 'Digest of what you approve, as the gate shows it', digestArgument)
    .option('--yes', 'Approve what the open gate asks for, without confirmation');
  gateOption(made);
  return made.action((issue: IssueRef, options: Options) => approve(cli, issue, options));
}

function rejectCommand(cli: Cli): Command {
  const made = decision('reject', ['reject acme/profile#12 --reason "breaks the cache"']).requiredOption(
    '--reason <text>',
    'Reason, for the next attempt',
  );
  return made.action((issue: IssueRef, options: Options) => send({ cli, issue, options, kind: 'reject' }));
}

function answerCommand(cli: Cli): Command {
  const made = decision('answer', ['answer acme/profile#12 --reason "use de-DE"']).requiredOption(
    '--reason <text>',
    'Answer, for the next attempt',
  );
  return made.action((issue: IssueRef, options: Options) => send({ cli, issue, options, kind: 'answer' }));
}

function adoptCommand(cli: Cli): Command {
  return decision('adopt', ['adopt acme/profile#12', 'adopt acme/profile#12 --head 1a2b3c4d5e6f'])
    .option('--head <commit>', 'Head of the branch that you adopt, as the hold shows it', headArgument)
    .option('--yes', 'Adopt the head that the branch has, without confirmation')
    .action((issue: IssueRef, options: Options) => adopt(cli, issue, options));
}

function escalateCommand(cli: Cli): Command {
  const made = decision('escalate', [
    'escalate acme/profile#12 --to @alice --reason "needs a product decision"',
  ])
    .requiredOption('--reason <text>', 'Reason')
    .option('--to <login>', 'Person to escalate to (default: the owner in the policy)', loginArgument);
  return made.action((issue: IssueRef, options: Options) => send({ cli, issue, options, kind: 'escalate' }));
}

function plainCommand(kind: DecisionKind, example = ''): CommandFactory {
  return cli =>
    decision(kind, [`${kind} acme/profile#12 ${example}`.trim()])
      .option('--reason <text>', 'Reason')
      .action((issue: IssueRef, options: Options) => send({ cli, issue, options, kind }));
}

function setModeCommand(cli: Cli): Command {
  return decision('set-mode', ['set-mode acme/profile#12 guarded'])
    .addArgument(new Argument('<mode>', 'Mode').choices(MODES).argParser(modeArgument))
    .action((issue: IssueRef, mode: Mode, options: Options) =>
      send({ cli, issue, options, kind: 'set-mode', mode }),
    );
}

function releaseOwnerCommand(cli: Cli): Command {
  return decision('assign-release-owner', ['assign-release-owner acme/profile#12 @alice'])
    .argument('<login>', 'GitHub login', loginArgument)
    .action((issue: IssueRef, to: string, options: Options) =>
      send({ cli, issue, options: { ...options, to }, kind: 'assign-release-owner' }),
    );
}

function decision(kind: DecisionKind, examples: readonly string[]): Command {
  return dataCommand({ name: kind, says: SUMMARIES[kind], examples })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .addOption(
      command({ name: '', says: '' })
        .createOption(
          '--via <route>',
          'Send as your GitHub comment, or directly to Temporal (default: github if GITHUB_TOKEN is set and the policy counts comments)',
        )
        .choices(['github', 'temporal']),
    )
    .option(
      '--by <login>',
      'Your login, with --via temporal (default: SIGNALBOX_USER, or the login of GITHUB_TOKEN)',
      loginArgument,
    );
}

function gateOption(made: Command): void {
  made.addOption(
    made.createOption('--gate <gate>', 'Gate to approve; fails if another one is open').choices(GATES),
  );
}

interface Sent {
  readonly cli: Cli;
  readonly issue: IssueRef;
  readonly options: Options;
  readonly kind: DecisionKind;
  readonly mode?: Mode;
}

async function send({ cli, issue, options, kind, mode }: Sent): Promise<void> {
  const { reason, to } = options;
  if ((reason?.length ?? 0) > REASON_CHARS_MAX)
    throw new CliError(EXIT.usage, {
      what: `the reason is longer than ${REASON_CHARS_MAX} characters`,
      fix: 'shorten it, or put it into the issue',
    });
  const request: DecisionRequest = {
    kind,
    ...(reason === undefined ? {} : { reason }),
    ...(to === undefined ? {} : { to }),
    ...(mode === undefined ? {} : { mode }),
  };
  await takeDecision(cli, { issue, request, flags: options });
}
