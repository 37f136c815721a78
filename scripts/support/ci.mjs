/** `npm test`, then the stage with containers, with one tally and one exit code. */
import { spawn } from 'node:child_process';
import { lastTally, sum, tallyLine } from './tally.mjs';

/** The stage's own answer when this host cannot run it; it says why itself. */
export const EXIT_UNAVAILABLE = 3;

/**
 * @typedef {readonly [string, ...string[]]} Command
 * @typedef {object} Plan
 * @property {Command} tests
 * @property {Command} stage
 * @property {number} limitMs when the stage is asked to stop
 * @property {number} endMs how long it may then take to remove its containers
 * @property {string} cwd
 * @property {(text: string) => void} write to stdout
 * @property {(text: string) => void} say to people
 */

/**
 * Resolves to the exit code. Shows what both write; a tally of both is the last line.
 * @param {Plan} plan
 * @returns {Promise<number>}
 */
export async function testsAndStage(plan) {
  const tests = await run(plan, plan.tests);
  const tally = lastTally(tests.output);
  if (tests.code !== 0 || !tally) return tests.code;
  const stage = await run(plan, plan.stage, plan);
  const isSkipped = stage.code === EXIT_UNAVAILABLE;
  const counted = lastTally(stage.output) ?? { passed: 0, failed: stage.code === 0 || isSkipped ? 0 : 1 };
  plan.write(`${tallyLine(sum(tally, counted))}\n`);
  return isSkipped ? 0 : stage.code;
}

/**
 * @param {Plan} plan
 * @param {Command} command
 * @param {{ limitMs: number, endMs: number }} [limits]
 * @returns {Promise<{ code: number, output: string }>}
 */
function run({ cwd, write, say }, [program, ...args], limits) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const timers = limits === undefined ? [] : limitsOf(child, limits, say);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      output += chunk;
      write(chunk);
    });
    child.once('error', reject);
    child.once('close', code => {
      timers.forEach(clearTimeout);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ limitMs: number, endMs: number }} limits
 * @param {(text: string) => void} say
 */
function limitsOf(child, { limitMs, endMs }, say) {
  const ask = () => {
    say(`test:compose took more than ${Math.round(limitMs / 60_000)} minutes`);
    child.kill('SIGTERM');
  };
  return [setTimeout(ask, limitMs), setTimeout(() => child.kill('SIGKILL'), limitMs + endMs)];
}
