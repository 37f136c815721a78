/** Starts Jest as every script does: the tests are ES modules. */
import { run } from './run.mjs';

const jest = [
  '--experimental-vm-modules',
  '--no-warnings=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

export function runJest(args, options) {
  return run(process.execPath, [...jest, ...args], options);
}
