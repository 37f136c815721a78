/** Closes the issue at the release boundary, unless it is closed already. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { closeIssue as close, getIssue } from '../../github/issues.ts';
import type { SchedulerPorts } from './ports.ts';

export function closeIssue({ github }: SchedulerPorts): SchedulerActivities['closeIssue'] {
  return async ({ context: { issue }, effect: { reason } }) => {
    const place = { owner: issue.owner, repo: issue.repo, issue: issue.number };
    const found = await getIssue(github, place);
    if (found.state === 'open') await close(github, { ...place, stateReason: reason });
    return { type: 'issue-closed' };
  };
}
