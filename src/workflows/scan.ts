/**
 * One scan of a repository for opted-in issues, started by the repository's Schedule. Bundled for the workflow sandbox:
 * imports contracts and domain only.
 */
import { proxyActivities } from '@temporalio/workflow';
import type { ScanActivities } from '../contracts/activities.ts';
import type { ScanInput } from '../contracts/messages.ts';
import { GITHUB_EFFECT } from './activity-options.ts';
import { unpinned } from './unpinned.ts';

/** Only a few retries: the Schedule starts another scan anyway. A long wait is Temporal's: meanwhile no scan asks GitHub. */
const activities = proxyActivities<ScanActivities>({
  ...GITHUB_EFFECT,
  retry: { ...GITHUB_EFFECT.retry, maximumAttempts: 5, nonRetryableErrorTypes: [] },
});

export async function scanWorkflow({ repository }: ScanInput): Promise<{ readonly started: number }> {
  const found = await activities.scanRepository({ repository });
  const nothing = found.issues.length === 0 && !found.full;
  return nothing ? { started: 0 } : await activities.startIssues({ repository, ...found });
}

/** A scan whose build is gone would never end, and keep its Schedule from the next one. */
unpinned(scanWorkflow);
