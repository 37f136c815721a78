/** Fields that every log line of one piece of work has, however deep in it the line is written. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** The names are the same in every process; docs/monitoring.md lists them. */
export interface LogFields {
  /** `owner/repo#12` */
  readonly issue?: string;
  /** Of work on a whole repository. */
  readonly repository?: string;
  readonly generation?: number;
  /** The run's name within the issue, for example `g1-a2`: generation and attempt. */
  readonly run?: string;
  /** The activity of Temporal. */
  readonly activity?: string;
  /** Which try of this activity it is, from 1. */
  readonly try?: number;
}

const current = new AsyncLocalStorage<LogFields>();

export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return current.run(fields, work);
}

export function logFields(): LogFields {
  return current.getStore() ?? {};
}
