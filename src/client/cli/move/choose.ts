/** Which issues `move` moves, and to which code. */
import { issueWorkflowId } from '../../../contracts/names.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import type { Temporal } from '../../temporal/connection.ts';
import { lookAtKnown } from '../../temporal/look.ts';
import { SEEN_WITHIN_MS } from '../../temporal/queues.ts';
import { unservedIssues } from '../../temporal/unserved.ts';
import { codeName, currentCode, lastPolls, type WorkflowCode } from '../../temporal/workflow-code.ts';
import { CliError, EXIT } from '../exit.ts';
import { shortBuild } from '../render/text.ts';

/** Throws when nobody would run the code there either. */
export async function targetCode(
  temporal: Temporal,
  deployment: string,
  buildId: string | undefined,
): Promise<WorkflowCode> {
  const to = buildId === undefined ? await currentCode(temporal, deployment) : { deployment, buildId };
  const polls = await lastPolls(temporal);
  if (to !== undefined && Date.now() - (polls.get(codeName(to)) ?? 0) <= SEEN_WITHIN_MS) return to;
  const what =
    to === undefined
      ? `deployment ${deployment} has no current build`
      : `no scheduler runs build ${shortBuild(to.buildId)}`;
  throw new CliError(EXIT.unreachable, {
    what,
    fix: 'start a scheduler first, with `signalbox up` or `signalbox worker scheduler`',
  });
}

/** Without named issues: every one without a worker. */
export async function chosenIssues(
  temporal: Temporal,
  issues: readonly IssueRef[],
  from: string | undefined,
): Promise<readonly string[]> {
  if (issues.length > 0) {
    for (const issue of issues) {
      const { kind, issue: name } = await lookAtKnown(temporal, issue);
      if (kind === 'closed') throw new CliError(EXIT.no, `${name} has ended; an ended issue is not moved`);
    }
    return issues.map(issueWorkflowId);
  }
  const unserved = await unservedIssues(temporal);
  const wanted = unserved.filter(({ code }) => from === undefined || code.buildId.startsWith(from));
  return wanted.flatMap(({ workflowIds }) => workflowIds);
}
