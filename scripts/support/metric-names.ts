/** The names of metrics: in a table, in the text that a process serves, and in an expression of PromQL. */
import { RUN_COST, RUN_ENDINGS } from '../../src/contracts/workflow-metrics.ts';
import { METRICS, type MetricRow } from '../../src/telemetry/metric-table.ts';

export interface DescribedMetric {
  readonly name: string;
  readonly kind: MetricRow['kind'];
  readonly labels: readonly string[];
  readonly servedBy: readonly string[];
  readonly help: string;
}

/** With the names that Temporal's SDK makes of those that workflows count. */
export const OUR_METRICS: readonly DescribedMetric[] = [
  ...Object.entries<MetricRow>(METRICS).map(([name, row]) => ({ name, ...row })),
  { ...RUN_ENDINGS, name: `${RUN_ENDINGS.name}_total`, kind: 'counter', servedBy: ['scheduler'] },
  { ...RUN_COST, name: `${RUN_COST.name}_${RUN_COST.unit}`, kind: 'histogram', servedBy: ['scheduler'] },
];

const worker = ['scheduler', 'runner'];

/** Those of Temporal's SDK that rules or the page use; it serves more. */
export const SDK_METRICS: readonly DescribedMetric[] = [
  {
    name: 'temporal_activity_schedule_to_start_latency_seconds',
    kind: 'histogram',
    labels: ['task_queue'],
    servedBy: worker,
    help: 'How long activities waited for a worker, counted when one took them.',
  },
  {
    name: 'temporal_activity_execution_latency_seconds',
    kind: 'histogram',
    labels: ['activity_type'],
    servedBy: worker,
    help: 'How long activities ran.',
  },
  {
    name: 'temporal_activity_execution_failed_total',
    kind: 'counter',
    labels: ['activity_type'],
    servedBy: worker,
    help: 'Attempts of activities that failed.',
  },
  {
    name: 'temporal_workflow_task_execution_failed_total',
    kind: 'counter',
    labels: ['failure_reason'],
    servedBy: ['scheduler'],
    help: 'Steps of workflow code that failed; Temporal tries them again.',
  },
  {
    name: 'temporal_workflow_task_execution_latency_seconds',
    kind: 'histogram',
    labels: ['task_queue'],
    servedBy: ['scheduler'],
    help: 'How long steps of workflow code took.',
  },
  {
    name: 'temporal_request_failure_total',
    kind: 'counter',
    labels: ['operation', 'status_code'],
    servedBy: worker,
    help: 'Calls to Temporal that failed.',
  },
  {
    name: 'temporal_worker_task_slots_used',
    kind: 'gauge',
    labels: ['worker_type'],
    servedBy: worker,
    help: 'Tasks in work now; of a runner: runs and verifications.',
  },
  {
    name: 'temporal_worker_task_slots_available',
    kind: 'gauge',
    labels: ['worker_type'],
    servedBy: worker,
    help: 'How many more tasks the process could take now.',
  },
];

/** In the text format of Prometheus: the families that have a type. */
export function servedNames(text: string): readonly string[] {
  return [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
}

/** In an expression: without the suffixes of a histogram's series. */
export function namesIn(expression: string): readonly string[] {
  const code = expression.replaceAll(/"[^"]*"/g, '""');
  const names = code.match(/\b(?:signalbox|temporal|process|nodejs)_[a-z0-9_]+|\bup\b(?=\{)/g) ?? [];
  return [...new Set(names.map(name => name.replace(/_(?:bucket|sum|count)$/, '')))];
}
