/** The commands of people's decisions: approve, reject, escalate and the others, each one comment or one update. */
import { Argument, type Command } from 'commander';
import { type DecisionKind, type DecisionRequest, type Gate, GATES } from '../../../domain/decision.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import { type Mode, MODES } from '../../../domain/mode.ts';
import { digestArgument, ISSUE_HELP, issueArgument, loginArgument, modeArgument } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { type CommandFactory, command, dataCommand } from '../command.ts';
import type { DecideFlags } from '../decision/delivery.ts';
import { takeDecision } from '../decision/take.ts';
import { approve } from '../decision/approve.ts';

interface Kind {
  readonly kind: DecisionKind;
  readonly says: string;
  readonly example: string;
  /** `required`: the person who has to act on it must learn why. */
  readonly reason: 'required' | 'optional';
}

const PLAIN: readonly Kind[] = [
  { kind: 'retry', says: 'go on after a hold, with a new attempt', example: '', reason: 'optional' },
  { kind: 'pause', says: 'stop before the next step', example: '--reason "freeze"', reason: 'optional' },
  { kind: 'resume', says: 'go on after a pause or an escalation', example: '', reason: 'optional' },
  { kind: 'cancel', says: 'end the work on it', example: '--reason "not needed"', reason: 'optional' },
  {
    kind: 'verify-release',
    says: 'sign off the release by hand',
    example: '--reason "seen in production"',
    reason: 'optional',
  },
];

export const decisionCommands: readonly CommandFactory[] = [
  approveCommand,
  rejectCommand,
  escalateCommand,
  ...PLAIN.map(plain => (cli: Cli) => plainCommand(cli, plain)),
  setModeCommand,
  releaseOwnerCommand,
];

interface Options extends DecideFlags {
  readonly gate?: Gate;
  readonly digest?: string;
  readonly reason?: string;
  readonly to?: string;
  readonly yes?: boolean;
}

function approveCommand(cli: Cli): Command {
  const made = decision('approve', 'approve what is asked at the present gate', [
    'approve acme/profile#12',
    'approve acme/profile#12 --gate merge --digest 3f9a0c5d7e21',
  ])
    .option('--digest <digest>', 'of what you approve, as the gate shows it', digestArgument)
    .option('--yes', 'approve whatever is asked now, without being asked back');
  gateOption(made);
  return made.action((issue: IssueRef, options: Options) => approve(cli, issue, options));
}

function rejectCommand(cli: Cli): Command {
  const made = decision('reject', 'reject what is asked at the present gate', [
    'reject acme/profile#12 --reason "breaks the cache"',
  ]).requiredOption('--reason <text>', 'why, for the next attempt');
  return made.action((issue: IssueRef, options: Options) => send({ cli, issue, options, kind: 'reject' }));
}

function escalateCommand(cli: Cli): Command {
  const made = decision('escalate', 'hand it to a person', [
    'escalate acme/profile#12 --to @alice --reason "needs a product decision"',
  ])
    .requiredOption('--reason <text>', 'why')
    .option('--to <login>', 'to whom (else the owner the policy names)', loginArgument);
  return made.action((issue: IssueRef, options: Options) => send({ cli, issue, options, kind: 'escalate' }));
}

function plainCommand(cli: Cli, { kind, says, example }: Kind): Command {
  return decision(kind, says, [`${kind} acme/profile#12 ${example}`.trim()])
    .option('--reason <text>', 'why')
    .action((issue: IssueRef, options: Options) => send({ cli, issue, options, kind }));
}

function setModeCommand(cli: Cli): Command {
  return decision('set-mode', 'how much authority the work has', ['set-mode acme/profile#12 guarded'])
    .addArgument(new Argument('<mode>', 'how much').choices(MODES).argParser(modeArgument))
    .action((issue: IssueRef, mode: Mode, options: Options) =>
      send({ cli, issue, options, kind: 'set-mode', mode }),
    );
}

function releaseOwnerCommand(cli: Cli): Command {
  return decision('assign-release-owner', 'who signs off the release', [
    'assign-release-owner acme/profile#12 @alice',
  ])
    .argument('<login>', 'a GitHub login', loginArgument)
    .action((issue: IssueRef, to: string, options: Options) =>
      send({ cli, issue, options: { ...options, to }, kind: 'assign-release-owner' }),
    );
}

function decision(kind: DecisionKind, says: string, examples: readonly string[]): Command {
  return dataCommand({ name: kind, says, examples })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .addOption(
      command({ name: '', says: '' })
        .createOption('--via <route>', 'as a GitHub comment of yours, or directly')
        .choices(['github', 'temporal'])
        .default(undefined, 'github when GITHUB_TOKEN is set and the policy counts it'),
    )
    .option(
      '--by <login>',
      'who decides, with --via temporal (else SIGNALBOX_USER, else your login)',
      loginArgument,
    );
}

function gateOption(made: Command): void {
  made.addOption(made.createOption('--gate <gate>', 'the gate you mean').choices(GATES));
}

interface Sent {
  readonly cli: Cli;
  readonly issue: IssueRef;
  readonly options: Options;
  readonly kind: DecisionKind;
  readonly mode?: Mode;
}

function send({ cli, issue, options, kind, mode }: Sent): Promise<void> {
  const { reason, to } = options;
  const request: DecisionRequest = {
    kind,
    ...(reason === undefined ? {} : { reason }),
    ...(to === undefined ? {} : { to }),
    ...(mode === undefined ? {} : { mode }),
  };
  return takeDecision(cli, { issue, request, flags: options });
}
