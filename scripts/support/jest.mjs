/** Starts Jest with the options that every script needs: the tests are ES modules. */
/** @import { RunOptions } from './run.mjs' */
import { run } from './run.mjs';

const JEST = [
  '--experimental-vm-modules',
  '--no-warnings=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/**
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function runJest(args, options) {
  return run(process.execPath, [...JEST, ...args], options);
}
