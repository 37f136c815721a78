/** Closes the issue at the release boundary. Repeating it is harmless: a closed issue stays closed. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { closeIssue as close } from '../../github/issues.ts';
import type { SchedulerPorts } from './ports.ts';

export function closeIssue({ github }: SchedulerPorts): SchedulerActivities['closeIssue'] {
  return async ({ context: { issue }, effect: { reason } }) => {
    const place = { owner: issue.owner, repo: issue.repo, issue: issue.number };
    await close(github, { ...place, stateReason: reason });
    return { type: 'issue-closed' };
  };
}
