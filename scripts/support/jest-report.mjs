/** Runs Jest and reads its report. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runJest } from './jest.mjs';

/**
 * @import { RunOptions } from './run.mjs'
 * @import { TimedFile } from './slowest.mjs'
 * @typedef {{
 *   numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number,
 *   testResults: (TimedFile & { assertionResults: { status: string, fullName: string }[] })[],
 * }} JestReport of `jest --json`
 */

/**
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, report: JestReport }>}
 */
export async function jestReport(args, options) {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-test-'));
  const file = path.join(folder, 'report.json');
  try {
    const { code } = await runJest(['--json', `--outputFile=${file}`, ...args], options);
    return { code, report: JSON.parse(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Also counts a file that cannot be loaded, which runs no test, and an error after the tests.
 * @param {{ code: number, report: JestReport }} ended
 * @returns {{ passed: number, failed: number, problem?: string }}
 */
export function tallyOf({ code, report }) {
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (report.numPassedTests + report.numFailedTests === 0)
    return { passed, failed: failed + 1, problem: 'no test ran' };
  if (code !== 0 && failed === 0) return { passed, failed: 1, problem: `Jest exited with code ${code}` };
  return { passed, failed };
}
