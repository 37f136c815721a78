/** A runner with an activity that ignores its cancellation; its process must exit anyway. */
import { pino } from 'pino';
import { RUNNER_QUEUE } from '../../../src/contracts/names.ts';
import { runTemporalWorker } from '../../../src/workers/temporal-worker.ts';

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const runAgent = async (): Promise<never> => {
  process.stdout.write('busy\n');
  return await new Promise(() => setInterval(() => undefined, 1_000));
};

const code = await runTemporalWorker({
  environment: { ...process.env, SIGNALBOX_SHUTDOWN_GRACE_SECONDS: '0' },
  logger: pino({ level: 'silent' }),
  stop: stop.signal,
  cancelTimeoutMs: 500,
  workers: () => Promise.resolve([{ taskQueue: RUNNER_QUEUE, activities: { runAgent } }]),
});
process.exit(code);
