/** The slowest test files, from Jest's JSON report: where the time of `npm test` goes. */
import path from 'node:path';
import { root } from './root.mjs';

const FILES_MAX = 10;

/** @typedef {{ name: string, startTime: number, endTime: number }} TimedFile `name` is the absolute path; times in ms */

/**
 * One line for each file, the slowest first.
 * @param {readonly TimedFile[]} testResults
 */
export function slowestFiles(testResults) {
  return testResults
    .map(({ name, startTime, endTime }) => ({ file: path.relative(root, name), ms: endTime - startTime }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, FILES_MAX)
    .map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}`);
}
