/** What a policy allows in requests to the model: nothing by default, and then the digest is the same as before the field existed. */
import { expect, test } from '@jest/globals';
import { parsePolicyFile, problemText } from '../../src/config/policy-file.ts';
import type { Policy } from '../../src/domain/policy.ts';

function policyOf(text: string): Policy {
  const reading = parsePolicyFile(text);
  if ('policy' in reading) return reading.policy;
  throw new Error(reading.problems.map(problemText).join('\n'));
}
const withAgent = (agent: string): Policy => policyOf(`version: 1\nagent: ${agent}\n`);

test('nothing is allowed by default, and an empty list has the same digest', () => {
  const policy = policyOf('version: 1\n');
  expect(policy.agent).not.toHaveProperty('modelMay');
  expect(withAgent('{ modelMay: [] }').digest).toBe(policy.digest);
});

test('the named allowances are sorted, and another choice has another digest', () => {
  const both = withAgent('{ modelMay: [web-search, own-tools, web-search] }');
  expect(both.agent.modelMay).toEqual(['own-tools', 'web-search']);
  expect(withAgent('{ modelMay: [own-tools, web-search] }').digest).toBe(both.digest);
  expect(withAgent('{ modelMay: [own-tools] }').digest).not.toBe(both.digest);
});

test('an unknown name is refused with its line', () => {
  expect(() => withAgent('\n  modelMay: [everything]')).toThrow(/line 3: agent\.modelMay\.0: /);
});
