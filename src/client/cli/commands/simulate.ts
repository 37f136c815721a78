/** `simulate`: the rules alone over a list of events, as a story: no server, no network, no agent. */
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { fileText } from '../files.ts';
import { chapterLines } from '../render/story.ts';
import { count, plain } from '../render/text.ts';
import { nameOf } from '../simulate/made-up.ts';
import { type Chapter, play } from '../simulate/play.ts';
import { readScenario, type Scenario } from '../simulate/scenario.ts';

export const simulateCommand: CommandFactory = cli =>
  dataCommand({
    name: 'simulate',
    says: 'the rules alone over a list of events, as a story: no server, no network',
    examples: ['simulate docs/scenarios/rework.yml', 'simulate scenario.json --json'],
  })
    .argument('<file>', 'a scenario in YAML or JSON, or - for standard input')
    .action((file: string, options: JsonOption) => simulate(cli, file, options));

async function simulate(cli: Cli, file: string, options: JsonOption): Promise<void> {
  const reading = readScenario(await fileText(cli, file));
  if ('problems' in reading) {
    const [first = 'it cannot be read', ...more] = reading.problems.map(plain);
    const rest = more.length === 0 ? '' : ` (and ${count(more.length, 'problem')} more)`;
    throw new CliError(EXIT.usage, `${file} is no scenario: ${first}${rest}`);
  }
  const { scenario } = reading;
  if (options.json === true) printJson(cli, whole(scenario, [...play(scenario)]));
  else tell(cli, scenario);
}

/** Chapter by chapter, so that a story that goes wrong is told up to there. */
function tell(cli: Cli, scenario: Scenario): void {
  print(cli, [cli.paint.bold(plain(nameOf(scenario)))]);
  for (const chapter of play(scenario)) print(cli, chapterLines(chapter, cli.paint));
  say(cli, 'nothing of this happened anywhere: it is what the rules say');
}

function whole({ issue, title, policy }: Scenario, chapters: readonly Chapter[]) {
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
