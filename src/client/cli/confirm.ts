/** Shows what a decision is about and has the person confirm it. */
import { type Cli, say } from './cli.ts';
import { CliError, EXIT } from './exit.ts';
import { question } from './question.ts';

export interface Confirmation {
  readonly lines: readonly string[];
  /** `--yes` was given. */
  readonly isAgreed: boolean;
  /** Such as `Approve 3f9a0c5d7e21 at the merge gate?` */
  readonly asked: string;
  /** The error without a yes. */
  readonly refusal: string;
  /** The options that say the same without a terminal. */
  readonly options: string;
}

/** Without a terminal nobody can confirm. */
export async function confirm(cli: Cli, confirmation: Confirmation): Promise<void> {
  const { lines, isAgreed, asked, refusal, options } = confirmation;
  for (const line of lines) say(cli, line);
  if (isAgreed) return;
  if (cli.stdin.isTTY !== true || cli.stderr.isTTY !== true)
    throw new CliError(EXIT.usage, {
      what: 'cannot ask for confirmation without a terminal',
      fix: `add ${options}`,
    });
  const answer = await question(cli, cli.stderr, `${asked} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError(EXIT.no, refusal);
}
