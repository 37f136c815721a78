/** The test files that took longest, from Jest's JSON report: where the time of `npm test` goes. */
import path from 'node:path';
import { root } from './root.mjs';

const filesMax = 10;

/** One line for each, the longest first. */
export function slowestFiles(testResults) {
  return testResults
    .map(({ name, startTime, endTime }) => ({ file: path.relative(root, name), ms: endTime - startTime }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, filesMax)
    .map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`);
}
