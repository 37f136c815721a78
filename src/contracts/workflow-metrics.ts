/** The metrics that workflows count. Temporal's SDK keeps them, and adds `_total` and the unit to their names. */

export const RUN_ENDINGS = {
  name: 'signalbox_run_endings',
  labels: ['ending', 'mode'],
  help: 'Ended runs by ending and mode.',
} as const;

export const RUN_COST = {
  name: 'signalbox_run_cost',
  unit: 'usd',
  labels: ['mode'],
  help: 'Money that ended runs have spent, in US dollars.',
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 20, 50],
} as const;
