/** Every metric of ours: name, kind, labels, who serves it, and what it means. docs/monitoring.md is made from this. */

export type ServedBy =
  'every process' | 'scheduler' | 'runner' | 'gateway' | 'model-gateway' | 'source-relay';

export interface MetricRow {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly servedBy: readonly ServedBy[];
  readonly help: string;
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
  /** Further series are counted together under the label value `other`; default: SERIES_MAX. */
  readonly seriesMax?: number;
}

export const SERIES_MAX = 500;

export const METRICS = {
  signalbox_build_info: {
    kind: 'gauge',
    labels: ['process', 'version'],
    servedBy: ['every process'],
    help: 'Always 1; the labels name the process and the release.',
  },
  process_start_time_seconds: {
    kind: 'gauge',
    labels: [],
    servedBy: ['every process'],
    help: 'When the process started, as Unix time.',
  },
  process_cpu_seconds_total: {
    kind: 'counter',
    labels: [],
    servedBy: ['every process'],
    help: 'Processor time used, user and system together.',
  },
  process_resident_memory_bytes: {
    kind: 'gauge',
    labels: [],
    servedBy: ['every process'],
    help: 'Memory of the process that is resident.',
  },
  nodejs_eventloop_lag_p99_seconds: {
    kind: 'gauge',
    labels: [],
    servedBy: ['every process'],
    help: 'Delay of the event loop since the last scrape, 99th percentile.',
  },
  signalbox_issues: {
    kind: 'gauge',
    labels: ['stage', 'hold'],
    servedBy: ['scheduler'],
    help: 'Open issues by stage and hold; hold is "none" where nobody has to act.',
  },
  signalbox_hold_oldest_age_seconds: {
    kind: 'gauge',
    labels: ['hold'],
    servedBy: ['scheduler'],
    help: 'Age of the oldest hold of each kind.',
  },
  signalbox_issues_uncounted: {
    kind: 'gauge',
    labels: [],
    servedBy: ['scheduler'],
    help: '1 while there are more open issues than are counted; the newest ones are.',
  },
  signalbox_issues_without_worker: {
    kind: 'gauge',
    labels: [],
    servedBy: ['scheduler'],
    help: 'Open issues that are pinned to workflow code that no worker serves.',
  },
  signalbox_queue_backlog_tasks: {
    kind: 'gauge',
    labels: ['queue', 'kind'],
    servedBy: ['scheduler'],
    help: 'Tasks that wait for a worker, as Temporal estimates them.',
  },
  signalbox_queue_backlog_age_seconds: {
    kind: 'gauge',
    labels: ['queue', 'kind'],
    servedBy: ['scheduler'],
    help: 'How long the oldest task has been waiting for a worker.',
  },
  signalbox_queue_pollers: {
    kind: 'gauge',
    labels: ['queue', 'kind'],
    servedBy: ['scheduler'],
    help: 'Workers that asked for tasks within the last 75 seconds.',
  },
  signalbox_overview_timestamp_seconds: {
    kind: 'gauge',
    labels: [],
    servedBy: ['scheduler'],
    help: 'When issues and queues were last read from Temporal, as Unix time.',
  },
  signalbox_github_requests_total: {
    kind: 'counter',
    labels: ['class', 'status'],
    servedBy: ['scheduler', 'runner', 'source-relay'],
    help: 'Requests to GitHub by class and status; 304 is free of charge, 0 means no answer.',
  },
  signalbox_github_quota_limit: {
    kind: 'gauge',
    labels: ['resource'],
    servedBy: ['scheduler', 'runner', 'source-relay'],
    help: 'Requests that GitHub allows per window.',
    seriesMax: 20,
  },
  signalbox_github_quota_remaining: {
    kind: 'gauge',
    labels: ['resource'],
    servedBy: ['scheduler', 'runner', 'source-relay'],
    help: 'Requests that are left in the current window.',
    seriesMax: 20,
  },
  signalbox_github_quota_reset_timestamp_seconds: {
    kind: 'gauge',
    labels: ['resource'],
    servedBy: ['scheduler', 'runner', 'source-relay'],
    help: 'When the current window ends, as Unix time.',
    seriesMax: 20,
  },
  signalbox_store_requests_total: {
    kind: 'counter',
    labels: ['operation', 'outcome'],
    servedBy: ['scheduler', 'runner'],
    help: 'Calls of the artifact store; "failed" means that the store did not work.',
  },
  signalbox_webhooks_total: {
    kind: 'counter',
    labels: ['outcome'],
    servedBy: ['gateway'],
    help: 'Webhooks received, by outcome.',
  },
  signalbox_webhook_body_bytes: {
    kind: 'gauge',
    labels: [],
    servedBy: ['gateway'],
    help: 'Bytes of webhooks that are not completely received yet.',
  },
  signalbox_webhook_lag_seconds: {
    kind: 'histogram',
    labels: [],
    servedBy: ['gateway'],
    help: 'From the event on GitHub to the moment when Temporal has it.',
    buckets: [1, 2, 5, 10, 30, 60, 300, 1_800],
  },
  signalbox_model_requests_total: {
    kind: 'counter',
    labels: ['model', 'outcome'],
    servedBy: ['model-gateway'],
    help: 'Requests sent to the model provider, by outcome.',
    seriesMax: 200,
  },
  signalbox_model_refusals_total: {
    kind: 'counter',
    labels: ['problem'],
    servedBy: ['model-gateway'],
    help: 'Requests that the model gateway refused and did not send.',
  },
  signalbox_model_tokens_total: {
    kind: 'counter',
    labels: ['model', 'kind'],
    servedBy: ['model-gateway'],
    help: 'Tokens charged: input (includes cached), cached, output (includes reasoning), reasoning.',
    seriesMax: 200,
  },
  signalbox_model_cost_usd_total: {
    kind: 'counter',
    labels: ['model'],
    servedBy: ['model-gateway'],
    help: 'Money charged for requests to the model, in US dollars.',
    seriesMax: 50,
  },
  signalbox_model_open_runs: {
    kind: 'gauge',
    labels: [],
    servedBy: ['model-gateway'],
    help: 'Runs that may use the model now.',
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

export type MetricName = keyof typeof METRICS;
