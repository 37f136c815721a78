/** Creates or updates the scan Schedule of each repository. A Schedule that a person paused stays paused. */
import {
  ScheduleAlreadyRunning,
  type ScheduleOptions,
  type ScheduleSpecDescription,
} from '@temporalio/client';
import { SCAN_RUN_TIMEOUT, SCAN_WORKFLOW, scanScheduleId, SCHEDULER_QUEUE } from '../../contracts/names.ts';
import { type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import { bounded, type Temporal } from './connection.ts';

/** A missed scan is caught up only within this window: the next one comes anyway. */
const CATCHUP_WINDOW_MS = 60_000;

/**
 * Afterwards each repository is scanned at this interval, and once now. It can be called again, also by several schedulers
 * at once. Other repositories keep their Schedules: other schedulers may have made them.
 */
export async function ensureScanSchedules(
  temporal: Temporal,
  repositories: readonly RepositoryRef[],
  everySeconds: number,
): Promise<void> {
  for (const repository of repositories)
    await bounded(temporal, () => ensure(temporal, scheduleOf(repository, everySeconds)));
}

async function ensure({ client: { schedule } }: Temporal, options: ScanSchedule): Promise<void> {
  try {
    await schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = schedule.getHandle(options.scheduleId);
    const { paused } = (await handle.describe()).state;
    await handle.update(({ state, spec }) => ({ ...options, state, ...sameTimes(spec, options) }));
    if (!paused) await handle.trigger();
  }
}

/** With the same interval, the times of the scans stay the same too. */
function sameTimes(
  { intervals }: ScheduleSpecDescription,
  { spec }: ScanSchedule,
): { readonly spec?: ScanSchedule['spec'] } {
  const [now] = intervals ?? [];
  const isSame = intervals?.length === 1 && now?.every === spec.intervals[0]?.every;
  return isSame && now !== undefined
    ? { spec: { intervals: [{ every: now.every, offset: now.offset }] } }
    : {};
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

type ScanSchedule = ReturnType<typeof scheduleOf>;

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
      workflowRunTimeout: SCAN_RUN_TIMEOUT,
    },
    policies: { overlap: 'SKIP', catchupWindow: CATCHUP_WINDOW_MS },
    state: { triggerImmediately: true, note: `scans ${repositoryName(repository)} for opted-in issues` },
  } satisfies ScheduleOptions;
}
