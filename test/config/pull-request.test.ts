/** The sections `pullRequest` and `evidence` of the policy: known placeholders, one line; defaults are left out. */
import { describe, expect, test } from '@jest/globals';
import { parsePolicyFile } from '../../src/config/policy-file.ts';

function read(text: string) {
  const reading = parsePolicyFile(`version: 1\n${text}\n`);
  if (!('policy' in reading)) return reading.problems.map(({ path }) => path);
  const { pullRequest, evidence } = reading.policy;
  return {
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(evidence === undefined ? {} : { evidence }),
  };
}

describe('what is allowed', () => {
  test.each([
    ['pullRequest: {}', {}],
    ['pullRequest: { title: "" }', {}],
    ['pullRequest: { title: "fix: {title} {issue}" }', { pullRequest: { title: 'fix: {title} {issue}' } }],
    [
      'pullRequest: { title: "[{risk}, {mode}] {title}" }',
      { pullRequest: { title: '[{risk}, {mode}] {title}' } },
    ],
    ['evidence: {}', {}],
    ['evidence: { publish: none }', {}],
    ['evidence: { publish: status }', { evidence: { publish: 'status' } }],
    ['evidence: { publish: check }', { evidence: { publish: 'check' } }],
  ])('%s', (text, policy) => {
    expect(read(text)).toEqual(policy);
  });
});

test.each([
  ['pullRequest: { title: "{number}: {title}" }', 'pullRequest.title'],
  ['pullRequest: { title: "a fix" }', 'pullRequest.title'],
  ['pullRequest: { title: "{title}\\nFixes 12" }', 'pullRequest.title'],
  [`pullRequest: { title: "{title} ${'x'.repeat(100)}" }`, 'pullRequest.title'],
  ['pullRequest: { body: "{title}" }', 'pullRequest'],
  ['evidence: { publish: comment }', 'evidence.publish'],
])('refused: %s', (text, path) => {
  expect(read(text)).toContain(path);
});
