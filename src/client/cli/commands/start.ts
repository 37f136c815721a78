/** `start`: starts or finds the workflow of an issue; with `--again` the next generation of an ended issue. */
import { FIRST_GENERATION } from '../../../domain/generation.ts';
import { type IssueRef, issueName } from '../../../domain/issue-ref.ts';
import { issueWorkflowId, SCHEDULER_QUEUE } from '../../../contracts/names.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { ClientProblem } from '../../temporal/client-problem.ts';
import { beginAgain, startIssue } from '../../temporal/issues.ts';
import { lookAtKnown } from '../../temporal/look.ts';
import { pollersOf } from '../../temporal/queues.ts';
import { ISSUE_HELP, issueArgument } from '../arguments.ts';
import { listComments } from '../../../github/comments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption } from '../command.ts';
import { withTemporal } from '../with-temporal.ts';
import { personsGitHub, refuseUnlessIssue } from '../github.ts';
import { SUMMARIES } from '../summaries.ts';

export const startCommand: CommandFactory = cli =>
  dataCommand({
    name: 'start',
    says: SUMMARIES.start,
    examples: [
      'start acme/profile#12',
      'start https://github.com/acme/profile/issues/12 --json',
      'start acme/profile#12 --again',
    ],
  })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .option('--again', 'Restart an ended issue as its next generation: new branch, no old approvals')
    .action((issue: IssueRef, options: StartOptions) => start(cli, issue, options));

interface StartOptions extends JsonOption {
  readonly again?: boolean;
}

async function start(cli: Cli, issue: IssueRef, options: StartOptions): Promise<void> {
  await refuseUnlessIssue(cli, issue);
  await withTemporal(cli, async temporal => {
    const kind = await startOrFind({ cli, temporal, issue, again: options.again === true });
    if (kind === 'ended') throw hasEnded(issue);
    const workflowId = issueWorkflowId(issue);
    if (options.json === true)
      printJson(cli, { issue: issueName(issue), workflowId, started: kind === 'started' });
    else print(cli, [kind === 'started' ? `started ${workflowId}` : `${workflowId} is already running`]);
    const pollers = await pollersOf(temporal, { queue: SCHEDULER_QUEUE, kind: 'workflow' });
    if (pollers.length === 0)
      say(cli, 'no scheduler is running; the issue continues once one is started (`signalbox up`)');
  });
}

function hasEnded(issue: IssueRef): ClientProblem {
  const name = issueName(issue);
  return new ClientProblem('ended', {
    what: `${name} has ended`,
    fix: `restart it with \`signalbox start ${name} --again\``,
  });
}

interface Starting {
  readonly cli: Cli;
  readonly temporal: Temporal;
  readonly issue: IssueRef;
  readonly again: boolean;
}

async function startOrFind({
  cli,
  temporal,
  issue,
  again,
}: Starting): Promise<'started' | 'running' | 'ended'> {
  const { kind } = await startIssue(temporal, issue);
  if (kind !== 'ended' || !again) return kind;
  const { view } = await lookAtKnown(temporal, issue);
  const beginning = {
    generation: (view?.generation ?? FIRST_GENERATION) + 1,
    actsReadTo: view?.actsReadTo ?? 0,
    commentsReadTo: Math.max(view?.commentsReadTo ?? 0, await latestComment(cli, issue)),
  };
  const begun = await beginAgain(temporal, issue, beginning);
  return begun ? 'started' : 'running';
}

/** Earlier comments belong to the ended life. Without a token this is 0, and only the comments that life has read are skipped. */
async function latestComment(cli: Cli, { owner, repo, number }: IssueRef): Promise<number> {
  const github = personsGitHub(cli);
  if (github === undefined) return 0;
  const comments = await listComments(github, { owner, repo, issue: number });
  return comments.at(-1)?.id ?? 0;
}
