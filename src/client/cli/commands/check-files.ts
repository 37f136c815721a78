/** `contract check` and `policy check`: report each problem of a file by name and line, without any server. */
import { parsePolicyFile, problemText } from '../../../config/policy-file.ts';
import { parseContract } from '../../../domain/contract.ts';
import type { HeadingMap } from '../../../domain/contract-headings.ts';
import { visible } from '../../../domain/invisible.ts';
import { otherTextLine, otherTextOf } from '../../../domain/other-text.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { command, type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { fileText } from '../files.ts';
import { count, plain } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

const FILE_HELP = 'File to check, or - for standard input';

export const contractCommand: CommandFactory = cli =>
  command({
    name: 'contract',
    says: SUMMARIES.contract,
  }).addCommand(
    dataCommand({
      name: 'check',
      says: 'List what is missing or unclear in the text of an issue',
      examples: [
        'contract check issue.md',
        'gh issue view 12 --json body -q .body | signalbox contract check - --policy .github/signalbox.yml',
      ],
    })
      .argument('<file>', FILE_HELP)
      .option('--policy <file>', 'Policy whose contract.headings count too')
      .action((file: string, options: ContractOptions) => checkContract(cli, file, options)),
  );

export const policyCommand: CommandFactory = cli =>
  command({ name: 'policy', says: SUMMARIES.policy }).addCommand(
    dataCommand({
      name: 'check',
      says: 'List the problems of a policy file, with their lines',
      examples: ['policy check .github/signalbox.yml'],
    })
      .argument('<file>', FILE_HELP)
      .action((file: string, options: JsonOption) => checkPolicy(cli, file, options)),
  );

interface ContractOptions extends JsonOption {
  readonly policy?: string;
}

async function checkContract(cli: Cli, file: string, options: ContractOptions): Promise<void> {
  const headings = options.policy === undefined ? {} : await headingsIn(cli, options.policy);
  const { contract, missing, unclear, other } = parseContract(visible(await fileText(cli, file)), {
    headings,
  });
  const otherText = otherTextOf(other);
  const problems = missing.length + unclear.length;
  if (options.json === true) printJson(cli, { complete: problems === 0, missing, unclear, contract, other });
  else
    print(cli, [
      ...missing.map(title => `missing: ${title}`),
      ...unclear.map(text => `unclear: ${plain(text)}`),
    ]);
  if (otherText !== undefined) say(cli, plain(otherTextLine(otherText)));
  if (problems > 0) throw new CliError(EXIT.no, `the contract is incomplete: ${count(problems, 'problem')}`);
  say(cli, 'the contract is complete');
}

async function headingsIn(cli: Cli, file: string): Promise<HeadingMap> {
  const reading = parsePolicyFile(await fileText(cli, file));
  if ('policy' in reading) return reading.policy.contract?.headings ?? {};
  throw new CliError(EXIT.no, {
    what: `the policy ${plain(file)} is invalid`,
    fix: `signalbox policy check ${plain(file)}`,
  });
}

async function checkPolicy(cli: Cli, file: string, options: JsonOption): Promise<void> {
  const reading = parsePolicyFile(await fileText(cli, file));
  if (!('problems' in reading)) {
    if (options.json === true) printJson(cli, { valid: true, policy: reading.policy });
    else print(cli, [`valid: ${reading.policy.digest}`]);
    return;
  }
  const { problems } = reading;
  if (options.json === true) printJson(cli, { valid: false, problems });
  else
    print(
      cli,
      problems.map(problem => `${file}: ${plain(problemText(problem))}`),
    );
  throw new CliError(EXIT.no, `the policy is invalid: ${count(problems.length, 'problem')}`);
}
