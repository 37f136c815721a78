/** `run`: one issue by hand. It does the runner's work, and leaves the decision to the person. */
import { resolve } from 'node:path';
import type { Mode } from '../../../domain/mode.ts';
import { modeArgument } from '../arguments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { handLines } from '../render/run.ts';
import { terminalOf } from '../render/terminal.ts';
import { plain } from '../render/text.ts';
import type { ByHand } from '../run/by-hand.ts';
import { readHandIssue } from '../run/issue.ts';
import { localTemplates } from '../run/templates.ts';
import { SUMMARIES } from '../summaries.ts';

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
      says: SUMMARIES.run,
      examples: [
        'run --issue issue.md --repo .                              # needs SIGNALBOX_MODEL_KEY',
        'run --issue https://github.com/acme/profile/issues/12 --repo ../profile --mode analysis',
        'run --issue issue.md --repo . --agent command:./my-agent   # needs no model key',
      ],
    })
      .requiredOption('--issue <file or URL>', 'Issue text, - for standard input, or an issue on GitHub')
      .requiredOption('--repo <dir>', 'Local repository; it is only read')
      .option('--base <revision>', 'Branch, tag or commit to start from', 'HEAD')
      .option('--mode <mode>', 'Mode (default: from the issue, or from the policy)', modeArgument)
      .option('--agent <agent>', 'Agent: codex, command or command:<executable> (default: from the policy)')
      .option('--out <folder>', 'New folder for the evidence and the clone')
      .action((options: RunOptions) => run(cli, options, byHand));
}

async function run(cli: Cli, options: RunOptions, byHand: ByHand): Promise<void> {
  const repoDir = resolve(cli.workingDirectory, options.repo);
  const issue = await readHandIssue(cli, options.issue, await localTemplates(repoDir));
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
