/**
 * Runs a program that is not ours (`guard.mjs <graceMs> <command> [arguments]`) and ends it when our own parent dies.
 * Plain JavaScript, so that it starts in a moment and from a checkout as well as from the build. It leads a process
 * group of its own, tells the program's id over the IPC channel, and ends the way the program ended.
 */
import { spawn } from 'node:child_process';

const [graceMs, command = '', ...args] = process.argv.slice(2);
// Signals come to the whole group: the program decides, and this process waits for it.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', endProgram);
// Our parent died while this file was still loading.
if (!process.connected) process.exit(1);

const program = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
program.once('spawn', () => tell({ pid: program.pid }));
program.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  process.stderr.write(`${command} cannot be run: ${error.code ?? error.message}\n`);
  process.exit(127);
});
program.once('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

function endProgram() {
  program.kill('SIGTERM');
  setTimeout(() => {
    process.kill(-process.pid, 'SIGKILL');
  }, Number(graceMs));
}

/** @param {{ pid: number | undefined }} message */
function tell(message) {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
