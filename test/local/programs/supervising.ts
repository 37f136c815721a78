/**
 * Supervises two programs that ignore SIGTERM: one watches this process, one has a guard. `supervising.ts <folder>`.
 * Ctrl-C stops them; after SIGKILL this process cannot stop them.
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onStopSignals } from '../../../src/host/stop-signals.ts';
import { createSupervisor } from '../../../src/local/supervisor.ts';

const folder = process.argv[2] ?? '';
const inFolder = (name: string): string => path.join(folder, name);
const program = (name: string): string => path.join(import.meta.dirname, name);
const supervisor = createSupervisor({ onEvent: () => undefined });
onStopSignals({
  first: () => void supervisor.stop().then(() => process.exit(130)),
  again: () => process.exit(130),
});

const common = { command: process.execPath, env: {}, stopGraceMs: 200 };
writeFileSync(inFolder('supervisor.pid'), `${process.pid}\n`);
await supervisor.start([
  {
    ...common,
    name: 'watching',
    args: [
      '--import',
      program('../../support/typescript.mjs'),
      program('watching-child.ts'),
      inFolder('watching.pid'),
    ],
    logFile: inFolder('watching.log'),
    parentWatch: 'own',
    readiness: { by: 'message' },
  },
  {
    ...common,
    name: 'guarded',
    args: [
      program('child.mjs'),
      inFolder('guarded.pid'),
      '--ignore-term',
      '--grandchild',
      inFolder('grandchild.pid'),
    ],
    logFile: inFolder('guarded.log'),
    parentWatch: 'guard',
    readiness: { by: 'probe', probe: async () => existsSync(inFolder('guarded.pid')) },
  },
]);
writeFileSync(inFolder('ready'), 'ready\n');
