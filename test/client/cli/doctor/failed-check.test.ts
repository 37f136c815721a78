/** An error becomes a failed check with the error's message and fix, or with the check's fix. */
import { expect, test } from '@jest/globals';
import { failedCheck } from '../../../../src/client/cli/doctor/failed-check.ts';
import { CliError, EXIT, lineOf } from '../../../../src/client/cli/exit.ts';
import { unreachable } from '../../../../src/client/temporal/server-problem.ts';
import { SettingsError } from '../../../../src/config/settings-error.ts';
import { GitHubFailure } from '../../../../src/github/failure.ts';

const CHECK = { name: 'GitHub', required: true, fix: 'the usual' };
const forbidden = new GitHubFailure({
  kind: 'forbidden',
  message: 'Resource not accessible',
  requestRoute: 'GET /there',
  neededPermissions: 'issues=write',
});

test.each<[unknown, string, string]>([
  [new CliError(EXIT.no, { what: 'a: b', fix: 'do this' }), 'a: b', 'do this'],
  [new CliError(EXIT.no, 'x: set y'), 'x: set y', 'the usual'],
  [new SettingsError({ what: 'no key', fix: 'set KEY' }), 'no key', 'set KEY'],
  [
    unreachable('host:1'),
    'cannot reach Temporal at host:1',
    'start it with `signalbox up`, or set TEMPORAL_ADDRESS',
  ],
  [forbidden, 'Resource not accessible', 'the token needs issues=write'],
])('%s becomes a failed check', (error, found, fix) => {
  expect(failedCheck(error, CHECK)).toEqual({ name: 'GitHub', ok: false, required: true, found, fix });
});

test('the message for people is one line', () => {
  expect(lineOf(new SettingsError({ what: 'no key', fix: 'set KEY' }))).toBe('no key. Fix: set KEY');
  expect(new SettingsError({ what: 'no key', fix: 'set KEY' }).message).toBe('no key. Fix: set KEY');
  expect(lineOf(new CliError(EXIT.no, 'so it is'))).toBe('so it is');
});
