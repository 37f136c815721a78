/** `init`: creates the labels of a repository and proposes issue form and policy in one pull request; repeatable. */
import { POLICY_PATH } from '../../../config/policy-file.ts';
import { headingLines } from '../../../config/start-policy.ts';
import { type RepositoryRef, repositoryName } from '../../../domain/issue-ref.ts';
import { OTHER_WAYS } from '../../../domain/own-account.ts';
import type { GitHub } from '../../../github/client.ts';
import { ensureLabels } from '../../../github/labels.ts';
import { whoAmI } from '../../../github/repository.ts';
import { REPOSITORY_HELP, repositoryArgument } from '../arguments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { personsGitHub } from '../github.ts';
import { initPlan, type InitPlan } from '../init/plan.ts';
import { openProposal, propose, type Proposed } from '../init/propose.ts';
import { count, plain } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

interface InitOptions extends JsonOption {
  readonly dryRun?: boolean;
}

export const initCommand: CommandFactory = cli =>
  dataCommand({
    name: 'init',
    says: SUMMARIES.init,
    examples: ['init acme/profile --dry-run', 'init acme/profile'],
  })
    .argument('<owner/repo>', REPOSITORY_HELP, repositoryArgument)
    .option('--dry-run', 'Show what would be done, and change nothing')
    .action((repository: RepositoryRef, options: InitOptions) => init(cli, repository, options));

async function init(cli: Cli, repository: RepositoryRef, options: InitOptions): Promise<void> {
  const github = personsGitHub(cli);
  if (github === undefined)
    throw new CliError(EXIT.usage, {
      what: '`signalbox init` needs a GitHub token',
      fix: 'set GITHUB_TOKEN to a token with write access to contents, issues and pull requests',
    });
  const dryRun = options.dryRun === true;
  const plan = await initPlan(github, repository);
  const pullRequest = await (dryRun ? openProposal(github, repository) : carryOut(github, repository, plan));
  const outcome = { repository: repositoryName(repository), dryRun, ...outcomeOf(plan), pullRequest };
  if (options.json === true) printJson(cli, { ...outcome, pullRequest: pullRequest ?? null });
  else print(cli, linesOf(outcome));
  if (plan.headings.length > 0 && plan.kept.includes(POLICY_PATH))
    say(
      cli,
      `the policy exists, so add these headings yourself:\n${headingLines(plan.headings).map(plain).join('\n')}`,
    );
  say(cli, summary(plan, { dryRun, pullRequest }));
  const login = await whoAmI(github);
  say(
    cli,
    `if Signalbox runs with this token too, what ${login} writes on GitHub decides nothing. ${OTHER_WAYS}`,
  );
}

async function carryOut(
  github: GitHub,
  repository: RepositoryRef,
  plan: InitPlan,
): Promise<Proposed | undefined> {
  const proposed = plan.files.length === 0 ? undefined : await propose(github, repository, plan);
  await ensureLabels(github, { ...repository, labels: plan.labelsMissing });
  return proposed;
}

function outcomeOf({ labelsMissing, labelsPresent, files, kept, headings }: InitPlan) {
  return {
    labels: { missing: labelsMissing.map(({ name }) => name), present: labelsPresent },
    files: { proposed: files.map(({ path }) => path), kept },
    headings,
  };
}

interface InitOutcome extends ReturnType<typeof outcomeOf> {
  readonly dryRun: boolean;
  readonly pullRequest: Proposed | undefined;
}

function linesOf({ dryRun, labels, files, headings, pullRequest }: InitOutcome): readonly string[] {
  const would = dryRun ? 'would be ' : '';
  return [
    ...labels.missing.map(name => `label ${plain(name)}: ${would}created`),
    ...files.kept.map(path => `${path}: exists, unchanged`),
    ...files.proposed.map(path => `${path}: ${would}proposed`),
    ...headings.map(
      ({ heading, field, from }) => `heading “${plain(heading)}” of ${plain(from)}: proposed for ${field}`,
    ),
    ...(pullRequest === undefined
      ? []
      : [`pull request #${pullRequest.number} (${pullRequest.did}): ${plain(pullRequest.url)}`]),
  ];
}

function summary(
  { labelsMissing, files }: InitPlan,
  { dryRun, pullRequest }: Pick<InitOutcome, 'dryRun' | 'pullRequest'>,
): string {
  if (dryRun)
    return `nothing was changed; without --dry-run: ${count(labelsMissing.length, 'label')}, ${count(files.length, 'file')}`;
  if (pullRequest !== undefined) return 'next: review the policy, then merge the pull request';
  return labelsMissing.length === 0
    ? 'nothing to do: labels and files exist'
    : 'labels created; the files exist';
}
