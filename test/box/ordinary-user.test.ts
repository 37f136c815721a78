/** Runs the tests of the box again as an ordinary user, for whom the box has fewer guards. */
import path from 'node:path';

import { expect } from '@jest/globals';

import { openOrdinaryUser } from '../support/ordinary-user.ts';
import { ORDINARY_TESTS } from './support/ordinary-tests.ts';
import { testAsRoot } from '../support/as-root.ts';

const UID = 60_877;

testAsRoot(
  'the box of an ordinary user passes the same tests (needs root)',
  async () => {
    const user = await openOrdinaryUser(UID);
    try {
      const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand', '--json'];
      const options = [`--cacheDirectory=${path.join(user.dir, 'cache')}`, ...ORDINARY_TESTS];
      // Tests that need control groups are skipped.
      const { stdout, stderr } = await user.node([...jest, ...options]);
      if (!stdout.includes('{')) throw new Error(stderr);
      const { numFailedTests, numPassedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
        stdout.slice(stdout.indexOf('{')),
      ) as Results;
      const messages = testResults.map(({ message }) => message).filter(message => message !== '');
      expect(messages).toEqual([]);
      expect({ numFailedTests, numRuntimeErrorTestSuites }).toEqual({
        numFailedTests: 0,
        numRuntimeErrorTestSuites: 0,
      });
      expect(numPassedTests).toBeGreaterThan(70);
    } finally {
      await user.remove();
    }
  },
  300_000,
);

interface Results {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly { readonly message: string }[];
}
