/** `npm run build`: builds dist/ even if it is up to date. The compiler works incrementally. */
import { buildUnderLock } from './support/prepare.mjs';
import { failureText } from './support/root.mjs';

try {
  await buildUnderLock();
} catch (error) {
  process.stderr.write(`signalbox: ${failureText(error)}\n`);
  process.exitCode = 1;
}
