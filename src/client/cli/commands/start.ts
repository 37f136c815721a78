/** `start`: the issue's workflow, started or found; with `--again` the next generation of one that has ended. */
import { FIRST_GENERATION } from '../../../domain/generation.ts';
import { type IssueRef, issueName } from '../../../domain/issue-ref.ts';
import { issueWorkflowId, SCHEDULER_QUEUE } from '../../../contracts/names.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { ended } from '../../temporal/decide.ts';
import { beginAgain, startIssue } from '../../temporal/issues.ts';
import { lookAtKnown } from '../../temporal/look.ts';
import { pollersOf } from '../../temporal/queues.ts';
import { ISSUE_HELP, issueArgument } from '../arguments.ts';
import { listComments } from '../../../github/comments.ts';
import { type Cli, print, printJson, say } from '../cli.ts';
import { type CommandFactory, dataCommand, type JsonOption, withTemporal } from '../command.ts';
import { personsGitHub, refuseUnlessIssue } from '../github.ts';

export const startCommand: CommandFactory = cli =>
  dataCommand({
    name: 'start',
    says: "start (or find) the issue's workflow",
    examples: [
      'start acme/profile#12',
      'start https://github.com/acme/profile/issues/12 --json',
      'start acme/profile#12 --again',
    ],
  })
    .argument('<issue>', ISSUE_HELP, issueArgument)
    .option('--again', 'begin the next generation of an issue that has ended: new branch, no old approvals')
    .action((issue: IssueRef, options: StartOptions) => start(cli, issue, options));

interface StartOptions extends JsonOption {
  readonly again?: boolean;
}

async function start(cli: Cli, issue: IssueRef, options: StartOptions): Promise<void> {
  await refuseUnlessIssue(cli, issue);
  await withTemporal(cli, async temporal => {
    const kind = await startOrFind({ cli, temporal, issue, again: options.again === true });
    if (kind === 'ended') throw ended(issue, 'begin anew with `signalbox start --again`');
    const workflowId = issueWorkflowId(issue);
    if (options.json === true)
      printJson(cli, { issue: issueName(issue), workflowId, started: kind === 'started' });
    else
      print(cli, [
        kind === 'started' ? `started ${workflowId}` : `${workflowId} runs already: nothing was changed`,
      ]);
    const pollers = await pollersOf(temporal, { queue: SCHEDULER_QUEUE, kind: 'workflow' });
    if (pollers.length === 0)
      say(cli, 'no scheduler is running: it goes on as soon as one does (`signalbox up`)');
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

/** What was commented until now speaks of the life that has ended. Without a token only what that life has read is known. */
async function latestComment(cli: Cli, { owner, repo, number }: IssueRef): Promise<number> {
  const github = personsGitHub(cli);
  if (github === undefined) return 0;
  const comments = await listComments(github, { owner, repo, issue: number });
  return comments.at(-1)?.id ?? 0;
}
