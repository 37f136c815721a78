/** `run`: one issue by hand. The contract is checked, the rest is the runner's own work, and a person has the last word. */
import type { Mode } from '../../../domain/mode.ts';
import { modeArgument } from '../arguments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { handLines } from '../render/run.ts';
import { terminalOf } from '../render/terminal.ts';
import { count, plain } from '../render/text.ts';
import type { ByHand, HandIssue } from '../run/by-hand.ts';
import { readHandIssue } from '../run/issue.ts';

interface RunOptions extends JsonOption {
  readonly issue: string;
  readonly repo: string;
  readonly base: string;
  readonly mode?: Mode;
  readonly agent?: string;
  readonly out?: string;
}

export function runCommand(byHand: ByHand): CommandFactory {
  return cli =>
    dataCommand({
      name: 'run',
      says: 'work on one issue by hand: box, verification, evidence and a branch in a clone; no server',
      examples: [
        'run --issue issue.md --repo .            with SIGNALBOX_MODEL_KEY in the environment',
        'run --issue https://github.com/acme/profile/issues/12 --repo ../profile --mode analysis',
        'run --issue issue.md --repo . --agent command:./my-agent   needs no model key',
      ],
    })
      .requiredOption('--issue <file or URL>', 'its text, - for standard input, or the issue on GitHub')
      .requiredOption('--repo <dir>', 'a repository on this disk; it is read, never written to')
      .option('--base <revision>', 'a branch, a tag or a commit id to work on', 'HEAD')
      .option('--mode <mode>', "instead of the issue's or the policy's", modeArgument)
      .option('--agent <agent>', "codex, command or command:<executable>, instead of the policy's")
      .option('--out <folder>', 'for the evidence and the clone; made anew')
      .action((options: RunOptions) => run(cli, options, byHand));
}

async function run(cli: Cli, options: RunOptions, byHand: ByHand): Promise<void> {
  const issue = await readHandIssue(cli, options.issue);
  refuseIncomplete(cli, issue, options.mode);
  const result = await byHand(
    {
      issue,
      repoDir: options.repo,
      base: options.base,
      mode: options.mode,
      agent: options.agent,
      outDir: options.out,
      workingDirectory: cli.workingDirectory,
      values: cli.settings().own,
    },
    { signal: cli.signal, say: line => say(cli, plain(line)) },
  );
  if (options.json === true) printJson(cli, result);
  else print(cli, handLines(result, terminalOf(cli)));
  if (result.outcome === 'no') throw new CliError(EXIT.no, plain(result.why));
}

/** Nothing is guessed: what is missing is named, and the agent is not even started. */
function refuseIncomplete(cli: Cli, issue: HandIssue, mode: Mode | undefined): void {
  const { missing, unclear, unclearMode } = issue.reading;
  const open = mode === undefined ? unclear : unclear.filter(text => text !== unclearMode);
  const problems = [...missing.map(title => `missing: ${title}`), ...open.map(text => `unclear: ${text}`)];
  for (const problem of problems) say(cli, plain(problem));
  if (problems.length > 0) {
    const what = `the contract of ${plain(issue.name)} is not complete: ${count(problems.length, 'problem')}`;
    throw new CliError(EXIT.no, what);
  }
}
