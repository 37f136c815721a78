/** `npm run check`: everything that can be said about the code without running it. */
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
