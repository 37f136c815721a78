/** What keeps a scan from ending: no scheduler, or GitHub. Read from the server, without a worker. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import { utcTime } from '../../domain/utc-time.ts';
import { ClientProblem } from './client-problem.ts';
import { noScheduler } from './decide.ts';
import { type PendingActivity, pendingActivities } from './look.ts';

/** A scan that goes on sooner is waited for. */
const SOON_MS = 15_000;

/** Undefined while the scan may soon end. */
export function scanProblem(
  repository: RepositoryRef,
  found: WorkflowExecutionDescription,
  now: number,
): ClientProblem | undefined {
  const failing = pendingActivities(found).find(({ lastFailure }) => lastFailure !== undefined);
  const { nextAttemptAt = now } = failing ?? {};
  return failing !== undefined && nextAttemptAt - now > SOON_MS ? waits(repository, failing) : undefined;
}

/** After `timeoutMs` without a result. */
export function unfinishedScan(
  repository: RepositoryRef,
  found: WorkflowExecutionDescription,
  timeoutMs: number,
): ClientProblem {
  const [activity] = pendingActivities(found);
  if (activity?.lastFailure !== undefined) return waits(repository, activity);
  // Without an activity, no worker has run the workflow; without its worker, none has taken the activity.
  if (activity?.worker === undefined) return noScheduler(timeoutMs);
  return new ClientProblem('delayed', {
    what: `the scan of ${repositoryName(repository)} takes more than ${Math.round(timeoutMs / 1_000)} s`,
    fix: 'nothing to do: the scheduler goes on with it',
  });
}

function waits(
  repository: RepositoryRef,
  { lastFailure = '', nextAttemptAt }: PendingActivity,
): ClientProblem {
  const until = nextAttemptAt === undefined ? '' : ` until ${utcTime(nextAttemptAt)}`;
  return new ClientProblem('delayed', {
    what: `the scan of ${repositoryName(repository)} waits${until}: ${lastFailure}`,
    fix: 'nothing to do: it goes on by itself; if this takes long, see the logs of the scheduler',
  });
}
