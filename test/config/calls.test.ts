/** The section `calls` of the policy: only people in GitHub's form, real times and zones; defaults are left out. */
import { describe, expect, test } from '@jest/globals';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import type { CallsPolicy } from '../../src/domain/policy.ts';

function read(calls: string): CallsPolicy | readonly string[] | undefined {
  const reading = parsePolicyFile(`version: 1\ncalls: ${calls}\n`);
  return 'policy' in reading ? reading.policy.calls : reading.problems.map(({ path }) => path);
}

describe('what is allowed', () => {
  test.each<readonly [string, CallsPolicy | undefined]>([
    ['{}', undefined],
    ['{ to: [opt-in], after: 10s, reviewers: [], assign: [], quietHours: {} }', undefined],
    ['{ quietHours: { timeZone: Europe/Berlin } }', undefined],
    ['{ to: [] }', { to: [] }],
    [
      '{ to: [author, codeowners, "@ann-b", "@acme/core.team_1", "@Ann-B"] }',
      { to: ['author', 'codeowners', '@ann-b', '@acme/core.team_1'] },
    ],
    ['{ after: 0s }', { afterMs: 0 }],
    ['{ reviewers: [codeowners], assign: [opt-in] }', { reviewers: ['codeowners'], assign: ['opt-in'] }],
    [
      '{ quietHours: { from: "22:00", to: "07:30", timeZone: Europe/Berlin } }',
      { quietHours: { hours: { from: 1320, to: 450 }, timeZone: 'Europe/Berlin' } },
    ],
    ['{ quietHours: { weekends: true } }', { quietHours: { weekends: true, timeZone: 'UTC' } }],
  ])('%s', (text, calls) => {
    expect(read(text)).toEqual(calls);
  });
});

describe('what is refused, with its place', () => {
  test.each([
    ['{ to: [ann] }', 'calls.to.0'],
    ['{ to: ["@ann", "@-x"] }', 'calls.to.1'],
    ['{ to: ["@acme/"] }', 'calls.to.0'],
    ['{ to: ["@a b"] }', 'calls.to.0'],
    ['{ to: ["@acme/core/x"] }', 'calls.to.0'],
    ['{ reviewers: ["ann@example.com"] }', 'calls.reviewers.0'],
    ['{ assign: [everyone] }', 'calls.assign.0'],
    ['{ after: soon }', 'calls.after'],
    ['{ quietHours: { from: "22:00" } }', 'calls.quietHours.to'],
    ['{ quietHours: { from: "24:00", to: "07:00" } }', 'calls.quietHours.from'],
    ['{ quietHours: { from: 22, to: 7 } }', 'calls.quietHours.from'],
    ['{ quietHours: { from: "07:00", to: "07:00" } }', 'calls.quietHours.to'],
    ['{ quietHours: { weekends: true, timeZone: Mars/Olympus } }', 'calls.quietHours.timeZone'],
    ['{ quietHours: { weekends: true, holidays: true } }', 'calls.quietHours'],
  ])('%s', (text, path) => {
    expect(read(text)).toContain(path);
  });

  test('more than ten', () => {
    expect(read(`{ to: [${Array.from({ length: 11 }, (_, at) => `"@a${at}"`).join()}] }`)).toEqual([
      'calls.to',
    ]);
  });
});
