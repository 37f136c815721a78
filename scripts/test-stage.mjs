/**
 * `npm run test:cluster`: tests with programs that `npm test` does not need (PostgreSQL, Temporal's server in parts). They
 * are in the folder of `test/` with that name. Further arguments go to Jest.
 */
import { runJest } from './support/jest.mjs';
import { prepareCheckout } from './support/prepare.mjs';
import { failureText, say } from './support/root.mjs';

const [stage, ...args] = process.argv.slice(2);
try {
  await prepareCheckout();
  const { code } = await runJest(['--config', 'jest.stage.config.js', `test/${stage ?? ''}/`, ...args], {
    output: 'inherit',
  });
  process.exitCode = code;
} catch (error) {
  say(failureText(error));
  process.exitCode = 1;
}
