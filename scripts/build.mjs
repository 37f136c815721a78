/** Builds dist/ now, whether or not it looks fresh (`npm run build`); incremental inside. */
import { buildUnderLock } from './support/prepare.mjs';

try {
  await buildUnderLock();
} catch (error) {
  process.stderr.write(`signalbox: ${error.expected ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
