/**
 * Decides at the demo's gates: asks a person, or approves with --yes. Withdraws a question that was decided elsewhere, for
 * example with the CLI in another terminal.
 */
import { type Cli, say } from '../src/client/cli/cli.ts';
import { CliError, EXIT } from '../src/client/cli/exit.ts';
import type { Hold } from '../src/domain/step.ts';
import type { IssueView } from '../src/domain/view.ts';
import { askAtGate } from './gate.ts';
import type { People } from './people.ts';
import type { Stage } from './stage.ts';

export interface GatekeeperInput {
  readonly cli: Cli;
  readonly stage: Stage;
  readonly people: People;
  readonly flags: { readonly yes?: boolean; readonly keep?: boolean };
  /** Called when a question failed; the demo must stop then. */
  readonly onFailure: (error: unknown) => void;
}

export interface Gatekeeper {
  /** Throws when the demo cannot continue. */
  readonly see: (view: IssueView) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Question {
  readonly about: string;
  readonly withdraw: () => Promise<void>;
}

export function gatekeeper(input: GatekeeperInput): Gatekeeper {
  const { cli, flags, people } = input;
  /** Holds that were answered or reported, so that each is handled once. */
  const handled = new Set<string>();
  let saidNo = false;
  let open: Question | undefined;

  const decide = (view: IssueView, hold: Hold, yes: boolean): void => {
    handled.add(nameOf(hold));
    saidNo = !yes;
    if (yes) people.approve(view, hold);
    else people.reject('rejected in the demo');
  };
  const close = async (): Promise<void> => {
    await open?.withdraw();
    open = undefined;
  };
  const see = async (view: IssueView): Promise<void> => {
    const { hold } = view;
    const about = hold === null ? '' : nameOf(hold);
    if (open?.about === about) return;
    await close();
    if (hold === null || handled.has(about)) return;
    if (hold.kind !== 'gate') {
      handled.add(about);
      reportHold(hold);
    } else if (flags.yes === true) decide(view, hold, true);
    else open = ask(input, { view, hold, onAnswer: yes => decide(view, hold, yes) });
  };
  /** With --keep, or when another terminal caused the hold, a person can still resume the issue; otherwise the demo ends. */
  const reportHold = (hold: Hold): void => {
    const line = `the issue is on hold: ${hold.why.join('; ')}. Next: ${hold.what}`;
    if (flags.keep !== true && (flags.yes === true || saidNo)) throw new CliError(EXIT.no, line);
    say(cli, line);
  };
  return { see, close };
}

interface Asked {
  readonly view: IssueView;
  readonly hold: Hold;
  readonly onAnswer: (yes: boolean) => void;
}

function ask({ cli, stage, onFailure }: GatekeeperInput, { view, hold, onAnswer }: Asked): Question {
  const withdrawn = new AbortController();
  let answered = false;
  const asking = askAtGate(
    { ...cli, signal: AbortSignal.any([cli.signal, withdrawn.signal]) },
    { stage, view, hold },
  )
    .then(yes => {
      answered = true;
      onAnswer(yes);
    })
    .catch((error: unknown) => {
      if (!withdrawn.signal.aborted) onFailure(error);
    });
  const withdraw = async (): Promise<void> => {
    const unanswered = !answered && !cli.signal.aborted;
    withdrawn.abort();
    await asking;
    if (unanswered) cli.stdout.write('\n  (decided elsewhere: no answer is needed)\n');
  };
  return { about: nameOf(hold), withdraw };
}

function nameOf(hold: Hold): string {
  return JSON.stringify(hold);
}
