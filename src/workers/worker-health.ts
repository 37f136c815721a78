/** The health of a process with Temporal workers: Temporal answers, and every worker polls. */
import type { NativeConnection, Worker } from '@temporalio/worker';
import { inTime } from '../host/wait.ts';
import type { Health } from '../telemetry/health.ts';
import { ASK_TIMEOUT_MS } from './temporal-client.ts';

export function watchUnreachedTemporal(health: Health, address: string): void {
  health.watch('temporal', () => `not reached yet at ${address}`);
}

/** A call that every server and every role allows. The SDK tries again beyond its deadline, so ours counts too. */
export function watchTemporal(health: Health, connection: NativeConnection, address: string): void {
  health.watch('temporal', async () => {
    const ask = () => connection.workflowService.getSystemInfo({});
    const asked = connection.withDeadline(Date.now() + ASK_TIMEOUT_MS, ask).then(
      () => true,
      () => false,
    );
    const answered = (await inTime(asked, ASK_TIMEOUT_MS)) === true;
    return answered ? undefined : `does not answer at ${address}`;
  });
}

export function watchWorkers(health: Health, workers: readonly Pick<Worker, 'getState' | 'options'>[]): void {
  health.watch('worker', () => {
    const idle = workers.find(worker => worker.getState() !== 'RUNNING');
    if (idle === undefined) return undefined;
    return `does not poll ${idle.options.taskQueue} (${idle.getState().toLowerCase()})`;
  });
}
