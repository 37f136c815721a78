/** For the stages of `scripts/test-stage.mjs`: one test file after the other, with time for whole clusters. */
import config from './jest.config.js';

export default {
  ...config,
  testPathIgnorePatterns: [],
  testSequencer: '<rootDir>/test/support/by-name.mjs',
  testTimeout: 15 * 60_000,
  maxWorkers: 1,
};
