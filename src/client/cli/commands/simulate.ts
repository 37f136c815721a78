/** `simulate`: plays a scenario through the rules, without a server, a network or an agent. */
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { fileText } from '../files.ts';
import { chapterLines } from '../render/story.ts';
import { count, plain } from '../render/text.ts';
import { nameOf } from '../simulate/made-up.ts';
import { type Chapter, play } from '../simulate/play.ts';
import { readScenario, type Scenario } from '../simulate/scenario.ts';
import { SUMMARIES } from '../summaries.ts';

export const simulateCommand: CommandFactory = cli =>
  dataCommand({
    name: 'simulate',
    says: SUMMARIES.simulate,
    examples: ['simulate docs/scenarios/rework.yml', 'simulate scenario.json --json'],
  })
    .argument('<file>', 'Scenario in YAML or JSON, or - for standard input')
    .action((file: string, options: JsonOption) => simulate(cli, file, options));

async function simulate(cli: Cli, file: string, options: JsonOption): Promise<void> {
  const reading = readScenario(await fileText(cli, file));
  if ('problems' in reading) {
    const [first = 'unreadable', ...more] = reading.problems.map(plain);
    const rest = more.length === 0 ? '' : ` (and ${count(more.length, 'problem')} more)`;
    throw new CliError(EXIT.usage, `${file} is not a valid scenario: ${first}${rest}`);
  }
  const { scenario } = reading;
  if (options.json === true) printJson(cli, jsonOf(scenario, [...play(scenario)]));
  else printStory(cli, scenario);
}

/** Prints chapter by chapter, so that a failing story is printed up to the failure. */
function printStory(cli: Cli, scenario: Scenario): void {
  print(cli, [cli.paint.bold(plain(nameOf(scenario)))]);
  for (const chapter of play(scenario)) print(cli, chapterLines(chapter, cli.paint));
  say(cli, 'nothing was changed; this is what the rules would do');
}

function jsonOf({ issue, title, policy }: Scenario, chapters: readonly Chapter[]) {
  const end = chapters.at(-1)?.view;
  return {
    issue: `${issue.owner}/${issue.repo}#${issue.number}`,
    title,
    policy: policy.digest,
    stage: end?.stage,
    hold: end?.hold ?? null,
    chapters,
  };
}
