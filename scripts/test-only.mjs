/**
 * `npm run test:only -- FILE…`: builds when dist/ is out of date, then runs these tests without the checks;
 * `npm run test:watch` reruns the tests that a change affects. All arguments are passed to Jest.
 */
import { runJest } from './support/jest.mjs';
import { prepareCheckout } from './support/prepare.mjs';
import { failureText, say } from './support/root.mjs';

try {
  await prepareCheckout();
  const { code } = await runJest(process.argv.slice(2), { output: 'inherit' });
  process.exitCode = code;
} catch (error) {
  say(failureText(error));
  process.exitCode = 1;
}
