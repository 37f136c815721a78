/** Lists the pollers of our task queues: the only outside sign that schedulers and runners are alive. */
import { bounded, type Temporal } from './connection.ts';

export interface Poller {
  readonly identity: string;
  readonly lastSeenAt: number;
}

/** TASK_QUEUE_TYPE_WORKFLOW and TASK_QUEUE_TYPE_ACTIVITY in Temporal's API. */
const QUEUE_TYPES = { workflow: 1, activity: 2 } as const;

export interface QueueQuestion {
  readonly queue: string;
  readonly kind: keyof typeof QUEUE_TYPES;
  /** The server remembers pollers for five minutes; a live poller polls at least once a minute. */
  readonly seenWithinMs?: number;
}

/** A living worker asks at least once a minute. */
export const SEEN_WITHIN_MS = 75_000;

export async function pollersOf(temporal: Temporal, question: QueueQuestion): Promise<readonly Poller[]> {
  return (await queueState(temporal, question)).pollers;
}

export interface QueueState {
  readonly pollers: readonly Poller[];
  /** Tasks that no worker took yet, and the age of the oldest one, as the server estimates them. */
  readonly backlogTasks: number;
  readonly backlogAgeSeconds: number;
}

export async function queueState(temporal: Temporal, question: QueueQuestion): Promise<QueueState> {
  const { queue, kind, seenWithinMs = SEEN_WITHIN_MS } = question;
  const { namespace, connection } = temporal;
  const taskQueueType = QUEUE_TYPES[kind];
  const asked: object = { namespace, taskQueue: { name: queue }, taskQueueType, reportStats: true };
  const answer = await bounded(temporal, () => connection.workflowService.describeTaskQueue(asked));
  const since = Date.now() - seenWithinMs;
  const { approximateBacklogCount, approximateBacklogAge: age } = answer.stats ?? {};
  return {
    pollers: answer.pollers
      .map(poller => ({
        identity: poller.identity ?? '',
        lastSeenAt: Number(poller.lastAccessTime?.seconds ?? 0) * 1000,
      }))
      .filter(poller => poller.lastSeenAt >= since),
    backlogTasks: Number(approximateBacklogCount ?? 0),
    backlogAgeSeconds: Number(age?.seconds ?? 0) + (age?.nanos ?? 0) / 1e9,
  };
}
