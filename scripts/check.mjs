/** `npm run check`: every check that does not run the code. */
import { prepareCheckout } from './support/prepare.mjs';
import { runChecks } from './support/checks.mjs';
import { failureText, say } from './support/root.mjs';

try {
  await prepareCheckout();
  const failed = await runChecks();
  if (failed.length > 0) process.exitCode = 1;
} catch (error) {
  say(failureText(error));
  process.exitCode = 1;
}
