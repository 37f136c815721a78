/**
 * `.ci/run`: `npm test`; if it succeeds, also `npm run test:compose`, where a container engine runs or can be installed.
 * The output of `npm test` stays as it is; the last line of stdout is the sum of both, `N passed, N failed`.
 */
import { testsAndStage } from './support/ci.mjs';
import { root, say } from './support/root.mjs';

process.exitCode = await testsAndStage({
  tests: ['npm', 'test'],
  stage: [
    process.execPath,
    '--import',
    './test/support/typescript.mjs',
    '--no-warnings',
    'scripts/test-compose.mjs',
    '--install',
    // The stack itself needs the rest of the time.
    '--prepare-minutes',
    '6',
  ],
  limitMs: 15 * 60_000,
  endMs: 90_000,
  cwd: root,
  write: text => process.stdout.write(text),
  say,
});
