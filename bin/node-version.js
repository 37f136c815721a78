/** Tells whether this Node is new enough; written so that an old Node can still read it. */

/**
 * @param {string} running such as "20.20.2"
 * @param {string} wanted the `engines.node` of package.json, such as ">=20.5.0"
 * @returns {string} one line for a person, empty when all is well
 */
export function nodeVersionProblem(running, wanted) {
  const least = numbers(wanted);
  const have = numbers(running);
  for (let i = 0; i < least.length; i += 1) {
    if (have[i] > least[i]) return '';
    if (have[i] < least[i]) {
      return `Node ${running} is too old: install Node ${least.join('.')} or newer (https://nodejs.org) and run this again.`;
    }
  }
  return '';
}

function numbers(version) {
  return version
    .replace(/^[^0-9]*/, '')
    .split('.')
    .slice(0, 3)
    .map(part => parseInt(part, 10));
}
