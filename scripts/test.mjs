/**
 * `npm test`: prepares the checkout, runs the checks, then every test; `npm test -- <jest arguments>` runs some of them.
 * The last line of stdout is `N passed, N failed`. A failed check counts as a failure, and so does a run of no tests.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChecks } from './support/checks.mjs';
import { runJest } from './support/jest.mjs';
import { prepareCheckout } from './support/prepare.mjs';
import { failureText, say } from './support/root.mjs';
import { slowestFiles } from './support/slowest.mjs';

const outcome = { passed: 0, failed: 0 };
try {
  await prepareCheckout();
  for (const name of await runChecks()) recordFailure(`check ${name} failed`);
  recordTests(await reportOf(process.argv.slice(2)));
} catch (error) {
  recordFailure(failureText(error));
}
process.stdout.write(`${outcome.passed} passed, ${outcome.failed} failed\n`);
process.exitCode = outcome.failed === 0 ? 0 : 1;

/**
 * @param {string[]} args
 * @returns {Promise<{ code: number, report: JestReport }>}
 */
async function reportOf(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-test-'));
  const file = path.join(folder, 'report.json');
  try {
    const { code } = await runJest(['--json', `--outputFile=${file}`, ...args]);
    return { code, report: JSON.parse(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @import { TimedFile } from './support/slowest.mjs'
 * @typedef {{
 *   numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number,
 *   testResults: (TimedFile & { assertionResults: { status: string, fullName: string }[] })[],
 * }} JestReport of `jest --json`
 */

/**
 * Also counts a file that cannot be loaded, which runs no test, and an error after the tests.
 * @param {{ code: number, report: JestReport }} ended
 */
function recordTests({ code, report }) {
  outcome.passed += report.numPassedTests;
  outcome.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'pending' || status === 'todo'),
  );
  for (const { fullName } of skipped) say(`skipped: ${fullName}`);
  say(`slowest test files:\n${slowestFiles(report.testResults).join('\n')}`);
  if (report.numPassedTests + report.numFailedTests === 0) recordFailure('no test ran');
  else if (code !== 0 && outcome.failed === 0) recordFailure(`Jest exited with code ${code}`);
}

/** @param {string} reason */
function recordFailure(reason) {
  say(reason);
  outcome.failed += 1;
}
