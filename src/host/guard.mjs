/**
 * Runs a third-party program (`guard.mjs <graceMs> <command> [arguments]`) and ends it when the parent of this process
 * dies. Plain JavaScript, so that it starts fast, from a checkout and from the build. It leads its own process group,
 * sends the program's process id over the IPC channel, and exits the way the program exited.
 */
import { spawn } from 'node:child_process';

const [graceMs, command = '', ...args] = process.argv.slice(2);
// Signals reach the whole group: the program reacts to them, and this process waits for the program.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', endProgram);
// Our parent died while this file was still loading.
if (!process.connected) process.exit(1);

const program = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
program.once('spawn', () => send({ pid: program.pid }));
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
function send(message) {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
