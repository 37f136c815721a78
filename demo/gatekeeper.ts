/** Who decides in the demo: a person who is asked, or with --yes the demo itself. A question that was decided elsewhere, as with the CLI beside it, is withdrawn. */
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
  /** An answer that could not be had or given: nothing will come of waiting on. */
  readonly onFailure: (error: unknown) => void;
}

export interface Gatekeeper {
  /** Throws where the demo cannot go on. */
  readonly see: (view: IssueView) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Question {
  readonly about: string;
  readonly withdraw: () => Promise<void>;
}

export function gatekeeper(input: GatekeeperInput): Gatekeeper {
  const { cli, flags, people } = input;
  /** What was answered or told, so that each is once. */
  const dealtWith = new Set<string>();
  let saidNo = false;
  let open: Question | undefined;

  const decide = (view: IssueView, hold: Hold, yes: boolean): void => {
    dealtWith.add(nameOf(hold));
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
    if (hold === null || dealtWith.has(about)) return;
    if (hold.kind !== 'gate') {
      dealtWith.add(about);
      standStill(hold);
    } else if (flags.yes === true) decide(view, hold, true);
    else open = ask(input, { view, hold, onAnswer: yes => decide(view, hold, yes) });
  };
  /** Whoever keeps it up, or held it from elsewhere, can also let it go on. */
  const standStill = (hold: Hold): void => {
    const line = `held: ${hold.why.join('; ')}; ${hold.what}`;
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
    const early = !answered && !cli.signal.aborted;
    withdrawn.abort();
    await asking;
    if (early) cli.stdout.write('\n  (no answer is needed any more)\n');
  };
  return { about: nameOf(hold), withdraw };
}

function nameOf(hold: Hold): string {
  return JSON.stringify(hold);
}
