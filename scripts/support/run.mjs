/** Runs a program of this checkout and waits for it; its output goes to stderr so that stdout stays for data. */
/** @import { ChildProcess, StdioOptions } from 'node:child_process' */
import { spawn } from 'node:child_process';
import { inRoot, root } from './root.mjs';

/** @type {Record<'stderr' | 'collect' | 'inherit', StdioOptions>} */
const STREAMS = {
  stderr: ['ignore', 2, 2],
  collect: ['ignore', 'pipe', 'pipe'],
  inherit: 'inherit',
};

/**
 * Resolves to the exit code; a signal counts as 1. `output`: 'stderr' forwards it, 'collect' returns it as text,
 * 'inherit' shares all our streams, stdin included.
 * `endsWithUs`: a signal that ends this process first kills the program and its children. `signal` ends the program and
 * rejects.
 * @typedef {{ output?: 'stderr' | 'collect' | 'inherit', env?: NodeJS.ProcessEnv, endsWithUs?: boolean, signal?: AbortSignal }} RunOptions
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, text: string }>}
 */
export function run(command, args, options = {}) {
  const { output = 'stderr', env = process.env, endsWithUs = false, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: STREAMS[output],
      detached: endsWithUs,
      ...(signal === undefined ? {} : { signal }),
    });
    const release = endsWithUs ? endWithUs(child) : () => {};
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout?.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    child.stderr?.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    child.once('error', error => {
      release();
      reject(error);
    });
    child.once('close', code => {
      release();
      resolve({ code: code ?? 1, text: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/**
 * Runs the JavaScript entry of a development tool without npx, which would use the network if the tool were missing.
 * @param {string} entry
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function runTool(entry, args, options) {
  return run(process.execPath, [inRoot('node_modules', entry), ...args], options);
}

/**
 * Runs the npm that started this script, if any. Killed with us, because npm continues for half a minute after Ctrl-C.
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runNpm(args, options = {}) {
  const npm = process.env.npm_execpath;
  const all = { endsWithUs: true, ...options };
  return npm?.endsWith('.js') ? run(process.execPath, [npm, ...args], all) : run('npm', args, all);
}

/**
 * The program has its own process group, so that all of it can be killed. The next installation replaces a partial one.
 * @param {ChildProcess} child
 */
function endWithUs(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const release = () => signals.forEach(signal => process.off(signal, onSignal));
  /** @param {NodeJS.Signals} signal */
  const onSignal = signal => {
    release();
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return release;
}
