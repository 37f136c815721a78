/** What the scheduler reports about all issues and queues. It is read from Temporal when somebody asks, and not often. */
import type { Temporal } from '../client/temporal/connection.ts';
import { type ListedIssue, listIssues } from '../client/temporal/list.ts';
import { type QueueQuestion, queueState } from '../client/temporal/queues.ts';
import { RUNNER_QUEUE, SCHEDULER_QUEUE } from '../contracts/names.ts';
import { inTime } from '../host/wait.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface OverviewLimits {
  readonly issuesMax: number;
  /** How long what was read is reported again. */
  readonly keptMs: number;
  /** How long an answer waits for a reading; it goes on, and the next answer has it. */
  readonly waitMs: number;
}

const LIMITS: OverviewLimits = { issuesMax: 5_000, keptMs: 30_000, waitMs: 3_000 };

const QUEUES: readonly QueueQuestion[] = [
  { queue: SCHEDULER_QUEUE, kind: 'workflow' },
  { queue: SCHEDULER_QUEUE, kind: 'activity' },
  { queue: RUNNER_QUEUE, kind: 'activity' },
];

export function addOverview(
  metrics: Metrics,
  temporal: () => Promise<Temporal>,
  limits: OverviewLimits = LIMITS,
): void {
  let reading: Promise<void> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  metrics.beforeText(async () => {
    if (performance.now() - readAt >= limits.keptMs)
      reading ??= read(metrics, temporal, limits).finally(() => {
        reading = undefined;
        readAt = performance.now();
      });
    if (reading !== undefined) await inTime(reading, limits.waitMs);
  });
}

async function read(
  metrics: Metrics,
  temporal: () => Promise<Temporal>,
  { issuesMax }: OverviewLimits,
): Promise<void> {
  const connected = await temporal();
  const { issues, more } = await listIssues(connected, {}, { issuesMax });
  const series = issueSeries(issues, Date.now());
  metrics.replace('signalbox_issues', series.counts);
  metrics.replace('signalbox_hold_oldest_age_seconds', series.ages);
  metrics.set('signalbox_issues_uncounted', {}, more ? 1 : 0);
  for (const question of QUEUES) {
    const { pollers, backlogTasks, backlogAgeSeconds } = await queueState(connected, question);
    const labels = { queue: question.queue, kind: question.kind };
    metrics.set('signalbox_queue_pollers', labels, pollers.length);
    metrics.set('signalbox_queue_backlog_tasks', labels, backlogTasks);
    metrics.set('signalbox_queue_backlog_age_seconds', labels, backlogAgeSeconds);
  }
  metrics.set('signalbox_overview_timestamp_seconds', {}, Date.now() / 1_000);
}

interface Counted<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

export interface IssueSeries {
  readonly counts: readonly Counted<'stage' | 'hold'>[];
  readonly ages: readonly Counted<'hold'>[];
}

const NO_HOLD = 'none';

/** Issues by stage and hold, and the age of the oldest hold of each kind. */
export function issueSeries(issues: readonly ListedIssue[], now: number): IssueSeries {
  const ages = new Map<string, number>();
  for (const { hold, view } of issues) {
    const since = view?.heldSince ?? undefined;
    if (hold === '' || hold === NO_HOLD || since === undefined) continue;
    ages.set(hold, Math.max(ages.get(hold) ?? 0, (now - since) / 1_000));
  }
  return {
    // Equal series add up.
    counts: issues.map(({ stage, hold }) => ({ labels: { stage, hold: hold || NO_HOLD }, value: 1 })),
    ages: [...ages].map(([hold, value]) => ({ labels: { hold }, value })),
  };
}
