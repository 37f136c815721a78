/** With the token of the scheduler's own account a decision is refused before it is posted. */
import { expect, test } from '@jest/globals';
import { refuseOwnAccount } from '../../../../src/client/cli/decision/own-account.ts';
import { endingOf } from '../../../../src/client/cli/exit.ts';

test.each(['maria', 'Maria'])('a decision as the scheduler’s account, %s, is refused with the fix', login => {
  let ending;
  try {
    refuseOwnAccount(login, { ownLogin: 'maria' });
  } catch (error) {
    ending = endingOf(error);
  }
  expect(ending).toMatchObject({
    code: 1,
    trouble: {
      what: expect.stringContaining('would decide nothing'),
      fix: expect.stringContaining('--via temporal'),
    },
  });
});

test.each([[{ ownLogin: 'signalbox[bot]' }], [{}], [undefined]])('another account may post: %j', view => {
  expect(() => refuseOwnAccount('maria', view)).not.toThrow();
});
