/**
 * Issues without a worker: pinned to workflow code that no scheduler runs any more. Nothing happens in such an issue, not
 * even an error, so it has to be looked for. A look costs two requests where all is well.
 */
import { QueryNotRegisteredError, WorkflowNotFoundError } from '@temporalio/client';
import { ISSUE_WORKFLOW } from '../../contracts/names.ts';
import { ClientProblem } from './client-problem.ts';
import { GRPC, grpcFacts, isSilence } from './grpc.ts';
import { toClientProblem } from './server-problem.ts';
import { bounded, type Temporal } from './connection.ts';
import { SEEN_WITHIN_MS } from './queues.ts';
import { codeNamed, lastPolls, type WorkflowCode } from './workflow-code.ts';

export interface Unserved {
  readonly code: WorkflowCode;
  /** As its workflow's id names the issue. */
  readonly workflowIds: readonly string[];
}

/** A waiting scheduler asks again after a minute at the latest. Within this time it is certainly alive … */
const CERTAINLY_ALIVE_MS = 10_000;
/** … and after this time certainly gone; in between, one of its issues is asked. */
const CERTAINLY_GONE_MS = SEEN_WITHIN_MS;
/** A living scheduler answers within milliseconds. */
const ANSWER_WITHIN_MS = 5_000;
const ISSUES_MAX = 10_000;
const PAGE = 500;

export async function unservedIssues(temporal: Temporal, now = Date.now()): Promise<readonly Unserved[]> {
  const polls = await lastPolls(temporal);
  const alive = [...polls].filter(([, at]) => now - at <= CERTAINLY_ALIVE_MS).map(([name]) => name);
  const byCode = await issuesByCode(temporal, alive);
  const judged = await Promise.all(
    [...byCode].map(async ([name, workflowIds]): Promise<readonly Unserved[]> => {
      const code = codeNamed(name);
      if (code === undefined) return [];
      const isGone = now - (polls.get(name) ?? 0) > CERTAINLY_GONE_MS;
      return isGone || !(await answers(temporal, workflowIds)) ? [{ code, workflowIds }] : [];
    }),
  );
  return judged.flat();
}

/** The number for the metric and the log. */
export function countUnserved(unserved: readonly Unserved[]): number {
  return unserved.reduce((sum, { workflowIds }) => sum + workflowIds.length, 0);
}

const VERSION = 'TemporalWorkerDeploymentVersion';

/** Open issues that run on other code than this, grouped by their code. */
async function issuesByCode(
  temporal: Temporal,
  alive: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const query = otherCodeQuery(alive);
  const listed = bounded(temporal, async () => {
    const byCode = new Map<string, string[]>();
    let taken = 0;
    for await (const { workflowId, typedSearchAttributes } of temporal.client.workflow.list({
      query,
      pageSize: PAGE,
    })) {
      const name: unknown = typedSearchAttributes.getAll().find(({ key }) => key.name === VERSION)?.value;
      if (typeof name === 'string') {
        const known = byCode.get(name) ?? [];
        known.push(workflowId);
        byCode.set(name, known);
      }
      if (++taken === ISSUES_MAX) break;
    }
    return byCode;
  });
  return await listed.catch((error: unknown) => {
    // A server without worker deployments has no such attribute, and pins no issue.
    if (error instanceof ClientProblem && error.kind === 'unusable')
      return new Map<string, readonly string[]>();
    throw error;
  });
}

/** As a scheduler names its code. Whoever reaches Temporal can poll under any other name, with quotes in it or very many. */
const OUR_CODE = /^[A-Za-z0-9_-]{1,100}:[0-9a-f]{64}$/;
/** Issues on the code of any more are listed too, and one of them is asked. */
const LEFT_OUT_MAX = 50;

/** A query that the server refuses would hide every issue without a worker. */
export function otherCodeQuery(alive: readonly string[]): string {
  const leftOut = alive.filter(name => OUR_CODE.test(name)).slice(0, LEFT_OUT_MAX);
  const names = leftOut.map(name => `'${name}'`).join(', ');
  return [
    `WorkflowType = '${ISSUE_WORKFLOW}' AND ExecutionStatus = 'Running' AND ${VERSION} IS NOT NULL`,
    ...(names === '' ? [] : [`${VERSION} NOT IN (${names})`]),
  ].join(' AND ');
}

/** A query of Temporal's SDK that leaves nothing in the history. Only a worker with the issue's code can answer it. */
export async function answers(temporal: Temporal, [workflowId = '']: readonly string[]): Promise<boolean> {
  const handle = temporal.client.workflow.getHandle(workflowId);
  try {
    await temporal.connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      handle.query('__temporal_workflow_metadata'),
    );
    return true;
  } catch (error) {
    // The worker's own refusal; an issue that has ended meanwhile.
    if (error instanceof QueryNotRegisteredError || error instanceof WorkflowNotFoundError) return true;
    if (isSilence(error)) return false;
    switch (grpcFacts(error)?.code) {
      // The server knows of no worker, or has kept earlier questions that none has answered.
      case GRPC.failedPrecondition:
      case GRPC.resourceExhausted:
        return false;
      default:
        throw toClientProblem(error, temporal.address);
    }
  }
}
