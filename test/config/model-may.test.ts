/** What a policy lets requests to the model hold: nothing by default, and then the policy is the same as before there was a choice. */
import { expect, test } from '@jest/globals';
import { parsePolicyFile, problemText } from '../../src/config/policy-file.ts';
import type { Policy } from '../../src/domain/policy.ts';

function policyOf(text: string): Policy {
  const reading = parsePolicyFile(text);
  if ('policy' in reading) return reading.policy;
  throw new Error(reading.problems.map(problemText).join('\n'));
}
const withAgent = (agent: string): Policy => policyOf(`version: 1\nagent: ${agent}\n`);

test('nothing is allowed by default, and saying so changes no digest', () => {
  const policy = policyOf('version: 1\n');
  expect(policy.agent).not.toHaveProperty('modelMay');
  expect(withAgent('{ modelMay: [] }').digest).toBe(policy.digest);
});

test('what is named is allowed, in one order, and voids approvals of another choice', () => {
  const both = withAgent('{ modelMay: [web-search, own-tools, web-search] }');
  expect(both.agent.modelMay).toEqual(['own-tools', 'web-search']);
  expect(withAgent('{ modelMay: [own-tools, web-search] }').digest).toBe(both.digest);
  expect(withAgent('{ modelMay: [own-tools] }').digest).not.toBe(both.digest);
});

test('another name is refused with its line', () => {
  expect(() => withAgent('\n  modelMay: [everything]')).toThrow(/line 3: agent\.modelMay\.0: /);
});
