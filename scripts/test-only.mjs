/**
 * `npm run test:only -- FILE…`: builds when dist/ is not up to date, then runs these tests, without the checks;
 * `npm run test:watch` runs again what a change concerns. All arguments are Jest's.
 */
import { runJest } from './support/jest.mjs';
import { prepareCheckout } from './support/prepare.mjs';
import { say } from './support/root.mjs';

try {
  await prepareCheckout();
  const { code } = await runJest(process.argv.slice(2), { output: 'inherit' });
  process.exitCode = code;
} catch (error) {
  say(error.expected ? error.message : error.stack);
  process.exitCode = 1;
}
