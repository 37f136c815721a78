/** The entry of the supervised processes: `node main.js scheduler`, and so on. */
import { readEnvironment } from '../config/secret-files.ts';
import { isProcessName, PROCESSES, runProcess } from './processes.ts';

const name = process.argv[2] ?? '';
if (!isProcessName(name)) {
  process.stderr.write(`signalbox: unknown process. Fix: name one of ${Object.keys(PROCESSES).join(', ')}\n`);
  process.exit(2);
}
// Temporal's native threads and open sockets must not keep the process alive.
process.exit(await runProcess(name, readEnvironment));
