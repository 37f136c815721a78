/**
 * `npm run test:compose [-- --install] [-- <jest arguments>]`: brings the stack of docker-compose.yml up in a container
 * engine, runs `test/compose`, and removes everything. With `--install`, root installs an engine where none answers. With
 * `--prepare-minutes N` it gives up when the images of others took longer to make.
 * The last line of stdout is `N passed, N failed`. Exit code 3: this host cannot run it; the last line of stderr is why.
 */
import { EXIT_UNAVAILABLE } from './support/ci.mjs';
import { jestReport, tallyOf } from './support/jest-report.mjs';
import { prepareCheckout } from './support/prepare.mjs';
import { failureText, say } from './support/root.mjs';
import { stopSignal } from './support/stop-signal.mjs';
import { tallyLine } from './support/tally.mjs';

const mayInstall = process.argv.includes('--install');
const prepareMinutesMax = minutesAfter('--prepare-minutes');
const args = jestArguments();
const stop = stopSignal();

try {
  await prepareCheckout();
  const { withStage, Unavailable } = await import('../test/compose/support/stage.ts');
  try {
    const tally = await withStage({ mayInstall, prepareMinutesMax, say }, stop, async () =>
      tallyOf(
        await jestReport(['--config', 'jest.stage.config.js', 'test/compose/', ...args], { signal: stop }),
      ),
    );
    if (tally.problem !== undefined) say(tally.problem);
    process.stdout.write(`${tallyLine(tally)}\n`);
    process.exitCode = tally.failed === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`test:compose cannot run here: ${error.message}`);
    process.exitCode = EXIT_UNAVAILABLE;
  }
} catch (error) {
  say(failureText(error));
  process.exitCode = 1;
}
// A program that made an image may still run after a request to stop.
process.exit();

/** @param {string} option */
function minutesAfter(option) {
  const at = process.argv.indexOf(option);
  return at === -1 ? Infinity : Number(process.argv[at + 1]);
}

function jestArguments() {
  const given = process.argv.slice(2).filter(argument => argument !== '--install');
  const at = given.indexOf('--prepare-minutes');
  return at === -1 ? given : given.toSpliced(at, 2);
}
