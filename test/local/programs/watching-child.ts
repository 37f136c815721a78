/** One of our supervised programs: it ignores SIGTERM but watches its parent. `watching-child.ts <pidFile>`. */
import { writeFileSync } from 'node:fs';
import { announceReady, exitWhenParentDies } from '../../../src/host/parent-watch.ts';

exitWhenParentDies(200);
process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 1_000);
writeFileSync(process.argv[2] ?? '', `${process.pid}\n`);
announceReady();
