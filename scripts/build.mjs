/** Builds dist/ now, whether or not it looks fresh (`npm run build`); incremental inside. */
import { buildUnderLock } from './support/prepare.mjs';
import { failureText } from './support/root.mjs';

try {
  await buildUnderLock();
} catch (error) {
  process.stderr.write(`signalbox: ${failureText(error)}\n`);
  process.exitCode = 1;
}
