/**
 * `npm run test:only -- FILE…`: builds when dist/ is out of date and these tests can need it, then runs them without the
 * checks; `npm run test:watch` reruns the tests that a change affects. All arguments are passed to Jest.
 */
import { runJest } from './support/jest.mjs';
import { prepareCheckout, prepareDependencies } from './support/prepare.mjs';
import { failureText, say } from './support/root.mjs';

/** Tests under these folders run the sources only. */
const WITHOUT_DIST = ['test/domain', 'test/config'];

const args = process.argv.slice(2);
try {
  await (needsDist(args) ? prepareCheckout() : prepareDependencies());
  const { code } = await runJest(args, { output: 'inherit' });
  process.exitCode = code;
} catch (error) {
  say(failureText(error));
  process.exitCode = 1;
}

/** @param {readonly string[]} all */
function needsDist(all) {
  const places = all.filter(arg => !arg.startsWith('-'));
  return places.length === 0 || !places.every(isWithoutDist);
}

/** @param {string} place */
function isWithoutDist(place) {
  return WITHOUT_DIST.some(folder => place === folder || place.startsWith(`${folder}/`));
}
