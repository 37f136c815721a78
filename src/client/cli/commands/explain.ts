/** `explain`: where an issue is and why, also when it has no workflow. */
import { type IssueRef, issueName } from '../../../domain/issue-ref.ts';
import { troubleLine } from '../../../domain/trouble.ts';
import { GitHubFailure, isFailure } from '../../../github/failure.ts';
import { type KnownIssue, lookAtIssue } from '../../temporal/look.ts';
import { type Unserved, unservedIssues } from '../../temporal/unserved.ts';
import { ISSUE_HELP, issueArgument } from '../arguments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { presentPlace } from '../present-place.ts';
import { withTemporal } from '../with-temporal.ts';
import { CliError, EXIT, lineOf } from '../exit.ts';
import type { Answer } from '../explain/answer.ts';
import { answersOf } from '../explain/answers.ts';
import { type GitHubFacts, gitHubFacts } from '../explain/github-facts.ts';
import { answersWithout, whyNone } from '../explain/without-workflow.ts';
import { personsGitHub, refuseUnlessIssue } from '../github.ts';
import { plain, shortBuild } from '../render/text.ts';
import { SUMMARIES } from '../summaries.ts';

export const explainCommand: CommandFactory = cli =>
  dataCommand({
    name: 'explain',
    says: SUMMARIES.explain,
    examples: ['explain acme/profile#12', 'explain acme/profile#12 --json'],
  })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .action((issue: IssueRef, options: JsonOption) => explain(cli, issue, options));

interface Explanation {
  readonly issue: string;
  readonly workflow: boolean;
  /** Why there is no workflow, or no answer yet. */
  readonly why?: string;
  readonly answers: readonly Answer[];
}

async function explain(cli: Cli, issue: IssueRef, options: JsonOption): Promise<void> {
  const { look, ...rest } = await withTemporal(cli, async temporal => {
    const known = await lookAtIssue(temporal, issue);
    const place = await presentPlace(temporal, issue, known);
    const unserved = await unservedIssues(temporal);
    return { look: known, unserved, ...(place === undefined ? {} : { place }) };
  });
  const found =
    look.kind === 'unknown'
      ? await withoutWorkflow(cli, issue)
      : await explained(cli, issue, { look, ...rest });
  if (options.json === true) printJson(cli, found);
  else print(cli, linesOf(cli, found));
}

interface Looked {
  readonly look: KnownIssue;
  readonly unserved: readonly Unserved[];
  /** Its place in the line of merges. */
  readonly place?: string;
}

async function explained(cli: Cli, issue: IssueRef, looked: Looked): Promise<Explanation> {
  const { look: known, unserved, place } = looked;
  const { view, workflowId, kind } = known;
  if (view === undefined) {
    const why = 'it is started, but no scheduler has run it yet; start one with `signalbox up`';
    return { issue: known.issue, workflow: true, why, answers: [] };
  }
  const facts = await factsIfAnswered(cli, issue, view.branch);
  const stuck =
    kind === 'running' ? unserved.find(({ workflowIds }) => workflowIds.includes(workflowId)) : undefined;
  return {
    issue: known.issue,
    workflow: true,
    ...(stuck === undefined ? {} : { why: whyUnserved(known.issue, stuck) }),
    answers: answersOf({ known, view, facts, now: cli.now(), ...(place === undefined ? {} : { place }) }),
  };
}

function whyUnserved(issue: string, { code }: Unserved): string {
  return troubleLine({
    what: `nothing happens: no scheduler runs its workflow code (build ${shortBuild(code.buildId)})`,
    fix: `start a scheduler that has this build, or move the issue to the current build with \`signalbox move ${issue}\``,
  });
}

/** When GitHub fails, the answers come from the workflow alone, and a message says so. */
async function factsIfAnswered(
  cli: Cli,
  issue: IssueRef,
  branch: string | null,
): Promise<GitHubFacts | undefined> {
  const github = personsGitHub(cli);
  if (github === undefined) return undefined;
  try {
    return await gitHubFacts(github, issue, branch);
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    say(cli, `cannot compare with GitHub: ${lineOf(error)}`);
    return undefined;
  }
}

/** Throws `CliError` unknown when the issue does not exist, or when there is no token to find out. */
async function withoutWorkflow(cli: Cli, issue: IssueRef): Promise<Explanation> {
  const github = personsGitHub(cli);
  const name = issueName(issue);
  if (github === undefined) {
    throw new CliError(EXIT.unknown, {
      what: `${name} has no workflow, and GitHub cannot be asked without a token`,
      fix: `set GITHUB_TOKEN to find out why, or start one with \`signalbox start ${name}\``,
    });
  }
  await refuseUnlessIssue(cli, issue);
  try {
    const facts = await gitHubFacts(github, issue, null);
    return {
      issue: name,
      workflow: false,
      why: whyNone(issue, facts),
      answers: answersWithout(issue, facts),
    };
  } catch (error) {
    if (!isFailure(error, 'forbidden')) throw error;
    throw new CliError(EXIT.no, `${name} has no workflow; cannot find out why: ${lineOf(error)}`);
  }
}

function linesOf({ paint }: Cli, { issue, workflow, why, answers }: Explanation): readonly string[] {
  const title = paint.bold(plain(issue));
  return [
    workflow ? title : `${title} has no workflow`,
    ...(why === undefined ? [] : [`  why: ${plain(why)}`]),
    ...answers.flatMap(({ id, question, answer, source }) => [
      `  ${paint.dim(id)} ${question}?`,
      `     ${answer} ${paint.dim(`(${source})`)}`,
    ]),
  ];
}
