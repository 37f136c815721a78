/** Checks that this Node is new enough. The syntax must be readable by an old Node. */

/**
 * @param {string} running such as "20.20.2"
 * @param {string} wanted the `engines.node` of package.json, such as ">=20.5.0"
 * @returns {string} one line for a person, empty when it is new enough
 */
export function nodeVersionProblem(running, wanted) {
  const least = numbers(wanted);
  const have = numbers(running);
  for (let i = 0; i < least.length; i += 1) {
    const difference = Number(have[i]) - Number(least[i]);
    if (difference > 0) return '';
    if (difference < 0) {
      return `Node ${running} is too old: install Node ${least.join('.')} or newer (https://nodejs.org) and run this again.`;
    }
  }
  return '';
}

/**
 * @param {string} version
 * @returns {number[]}
 */
function numbers(version) {
  return version
    .replace(/^[^0-9]*/, '')
    .split('.')
    .slice(0, 3)
    .map(part => parseInt(part, 10));
}
