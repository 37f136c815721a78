/** Creates or updates the scan Schedule of each repository. A Schedule that a person paused stays paused. */
import { ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';
import { SCAN_WORKFLOW, scanScheduleId, SCHEDULER_QUEUE } from '../../contracts/names.ts';
import { type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import { bounded, type Temporal } from './connection.ts';

/** A missed scan is caught up only within this window: the next one comes anyway. */
const CATCHUP_WINDOW_MS = 60_000;

export async function ensureScanSchedule(
  temporal: Temporal,
  repository: RepositoryRef,
  everySeconds: number,
): Promise<void> {
  const options = scheduleOf(repository, everySeconds);
  const { schedule } = temporal.client;
  await bounded(temporal, async () => {
    try {
      await schedule.create(options);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const handle = schedule.getHandle(options.scheduleId);
      const { paused } = (await handle.describe()).state;
      await handle.update(({ state }) => ({ ...options, state }));
      if (!paused) await handle.trigger();
    }
  });
}

/** For a server of our own: deletes the Schedules of repositories that are no longer named, and returns their ids. */
export async function dropOtherScanSchedules(
  temporal: Temporal,
  kept: readonly RepositoryRef[],
): Promise<readonly string[]> {
  const wanted = new Set(kept.map(scanScheduleId));
  const { schedule } = temporal.client;
  return await bounded(temporal, async () => {
    const dropped: string[] = [];
    for await (const { scheduleId } of schedule.list()) {
      if (!isScanScheduleId(scheduleId) || wanted.has(scheduleId)) continue;
      await schedule.getHandle(scheduleId).delete();
      dropped.push(scheduleId);
    }
    return dropped;
  });
}

const SCAN_ID_PREFIX = scanScheduleId({ owner: '', repo: '' }).replace('/', '');

function isScanScheduleId(id: string): boolean {
  return id.startsWith(SCAN_ID_PREFIX);
}

function scheduleOf(repository: RepositoryRef, everySeconds: number) {
  const scheduleId = scanScheduleId(repository);
  const every = everySeconds * 1_000;
  // Offset by the current time, so that the repositories of a server do not all scan in the same second.
  return {
    scheduleId,
    spec: { intervals: [{ every, offset: Date.now() % every }] },
    action: {
      type: 'startWorkflow',
      workflowType: SCAN_WORKFLOW,
      workflowId: scheduleId,
      taskQueue: SCHEDULER_QUEUE,
      args: [{ repository }],
    },
    policies: { overlap: 'SKIP', catchupWindow: CATCHUP_WINDOW_MS },
    state: { triggerImmediately: true, note: `scans ${repositoryName(repository)} for opted-in issues` },
  } satisfies ScheduleOptions;
}
