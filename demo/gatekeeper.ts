/**
 * Decides at the demo's gates: asks a person, or approves with --yes. Withdraws a question that was decided elsewhere, for
 * example with the CLI in another terminal.
 */
import type { Cli } from '../src/client/cli/cli.ts';
import { CliError, EXIT } from '../src/client/cli/exit.ts';
import type { People } from './people.ts';
import type { Moment } from './play.ts';

export interface GatekeeperInput<M extends Moment> {
  readonly cli: Pick<Cli, 'stdout' | 'stderr' | 'signal'>;
  readonly people: People;
  readonly flags: { readonly yes?: boolean; readonly keep?: boolean };
  /** Without --yes: a person's answer at the gate. Rejects when the signal aborts. */
  readonly ask: (signal: AbortSignal, moment: M, hold: Hold) => Promise<boolean>;
  /** Called when a question failed; the demo must stop then. */
  readonly onFailure: (error: unknown) => void;
}

type Hold = NonNullable<Moment['hold']>;

export interface Gatekeeper<M extends Moment> {
  /** Throws when the demo cannot continue. */
  readonly see: (moment: M) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Question {
  readonly about: string;
  readonly withdraw: () => Promise<void>;
}

export function gatekeeper<M extends Moment>(input: GatekeeperInput<M>): Gatekeeper<M> {
  const { cli, flags, people } = input;
  /** Holds that were answered or reported, so that each is handled once. */
  const handled = new Set<string>();
  let saidNo = false;
  let open: Question | undefined;

  const decide = async (moment: M, hold: Hold, yes: boolean): Promise<void> => {
    saidNo = !yes;
    await (yes ? people.approve(moment, hold) : people.reject('rejected in the demo'));
    handled.add(nameOf(hold));
  };
  const close = async (): Promise<void> => {
    await open?.withdraw();
    open = undefined;
  };
  const see = async (moment: M): Promise<void> => {
    const { hold } = moment;
    const about = hold === null ? '' : nameOf(hold);
    if (open?.about === about) return;
    await close();
    if (hold === null || handled.has(about)) return;
    if (hold.kind !== 'gate') {
      handled.add(about);
      reportHold(hold);
    } else if (flags.yes === true) await decide(moment, hold, true);
    else open = ask(input, { moment, hold, onAnswer: yes => decide(moment, hold, yes) });
  };
  /** With --keep, or when another terminal caused the hold, a person can still resume the issue; otherwise the demo ends. */
  const reportHold = (hold: Hold): void => {
    const line = `the issue is on hold: ${hold.why.join('; ')}. Next: ${hold.what}`;
    if (flags.keep !== true && (flags.yes === true || saidNo)) throw new CliError(EXIT.no, line);
    cli.stderr.write(`${line}\n`);
  };
  return { see, close };
}

interface Asked<M extends Moment> {
  readonly moment: M;
  readonly hold: Hold;
  readonly onAnswer: (yes: boolean) => Promise<void>;
}

function ask<M extends Moment>(input: GatekeeperInput<M>, { moment, hold, onAnswer }: Asked<M>): Question {
  const { cli, onFailure } = input;
  const withdrawn = new AbortController();
  let answered = false;
  const signal = AbortSignal.any([cli.signal, withdrawn.signal]);
  const asking = input
    .ask(signal, moment, hold)
    .then(async yes => {
      answered = true;
      await onAnswer(yes);
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
