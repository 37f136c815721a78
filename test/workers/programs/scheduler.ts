/** A scheduler in a process of its own that can be killed: the code of one bundle, and a made-up GitHub. */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { archiveAudit } from '../../../src/activities/scheduler/audit.ts';
import { joinLine } from '../../../src/activities/scheduler/join-line.ts';
import { createLocalDirectoryStore } from '../../../src/artifacts/local-directory.ts';
import { atTemporal } from '../../../src/client/temporal/connection.ts';
import { mergeLines } from '../../../src/client/temporal/line.ts';
import { processSettings } from '../../../src/config/environment.ts';
import { layoutOf } from '../../../src/config/layout.ts';
import { SCHEDULER_QUEUE } from '../../../src/contracts/names.ts';
import { schedulerWorkers } from '../../../src/workers/scheduler-workers.ts';
import { runTemporalWorker } from '../../../src/workers/temporal-worker.ts';
import { buildOf } from '../../../src/workers/workflow-build.ts';
import { createWorld } from '../../client/temporal/world.ts';

const settings = processSettings(process.env);
const artifacts = createLocalDirectoryStore({ directory: layoutOf(settings).artifacts });
const world = createWorld({
  put: text => artifacts.put(Buffer.from(text), 'text/plain'),
  archive: archiveAudit({ artifacts }),
  join: joinLine({ lines: mergeLines(call => atTemporal(process.env, call)) }),
});
const build = buildOf(readFileSync(process.argv[2] ?? '', 'utf8'));
const logger = pino({ level: 'silent' });
const options = { taskQueue: SCHEDULER_QUEUE, activities: { ...world.scheduler } };

process.exit(
  await runTemporalWorker({
    ...{ environment: process.env, logger, stop: new AbortController().signal },
    workers: reached => schedulerWorkers({ settings, artifacts, logger, build, options }, reached),
  }),
);
