/**
 * `npm test`: prepares the checkout, runs the checks, then every test; `npm test -- <jest arguments>` runs some of them.
 * The last line of stdout is `N passed, N failed`. A failed check counts as a failure, and so does a run of no tests.
 */
import { runChecks } from './support/checks.mjs';
import { jestReport, tallyOf } from './support/jest-report.mjs';
import { prepareCheckout } from './support/prepare.mjs';
import { failureText, say } from './support/root.mjs';
import { slowestFiles } from './support/slowest.mjs';
import { tallyLine } from './support/tally.mjs';

const outcome = { passed: 0, failed: 0 };
try {
  await prepareCheckout();
  for (const name of await runChecks()) recordFailure(`check ${name} failed`);
  recordTests(await jestReport(process.argv.slice(2)));
} catch (error) {
  recordFailure(failureText(error));
}
process.stdout.write(`${tallyLine(outcome)}\n`);
process.exitCode = outcome.failed === 0 ? 0 : 1;

/** @param {Awaited<ReturnType<typeof jestReport>>} ended */
function recordTests(ended) {
  const { testResults } = ended.report;
  const { passed, failed, problem } = tallyOf(ended);
  outcome.passed += passed;
  outcome.failed += failed;
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'pending' || status === 'todo'),
  );
  for (const { fullName } of skipped) say(`skipped: ${fullName}`);
  say(`slowest test files:\n${slowestFiles(testResults).join('\n')}`);
  if (problem !== undefined) say(problem);
}

/** @param {string} reason */
function recordFailure(reason) {
  say(reason);
  outcome.failed += 1;
}
