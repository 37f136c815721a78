/** Runs a program of this checkout and waits for it; its output goes to stderr so that stdout stays for data. */
import { spawn } from 'node:child_process';
import { inRoot, root } from './root.mjs';

/** Resolves to the exit code; a signal counts as 1. `output`: 'stderr' passes it on, 'collect' returns it as text. */
export function run(command, args, { output = 'stderr', env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = output === 'collect' ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2];
    const child = spawn(command, args, { cwd: root, env, stdio });
    const chunks = [];
    child.stdout?.on('data', chunk => chunks.push(chunk));
    child.stderr?.on('data', chunk => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', code => resolve({ code: code ?? 1, text: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** Runs the JavaScript entry of a development tool without npx, which would look at the network when it is missing. */
export function runTool(entry, args, options) {
  return run(process.execPath, [inRoot('node_modules', entry), ...args], options);
}

/** npm as started by npm itself when possible, so that the same npm is used. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? run(process.execPath, [npm, ...args], options) : run('npm', args, options);
}
