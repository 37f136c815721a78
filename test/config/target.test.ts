/** The target branches of a policy: bounded, valid as branch names, and absent from the policy when not named. */
import { expect, test } from '@jest/globals';
import { parsePolicyFile, problemText } from '../../src/config/policy-file.ts';
import type { Policy } from '../../src/domain/policy.ts';

function policyOf(target: string): Policy {
  const reading = parsePolicyFile(`version: 1\ntarget: ${target}\n`);
  if ('policy' in reading) return reading.policy;
  throw new Error(reading.problems.map(problemText).join('\n'));
}

test('without a named branch the policy is the same as before the section existed', () => {
  const plain = parsePolicyFile('version: 1\n');
  const policy = policyOf("{ branch: '', byLabel: {}, byMilestone: {}, policy: default }");
  expect(plain).toEqual({ policy });
  expect(policy).not.toHaveProperty('target');
});

test.each(['開発', 'main(v2)', 'release/2026,q3', 'release/2026,q3(開発)', 'stable/v2', 'a'.repeat(244)])(
  '%s can be a target',
  branch => {
    expect(policyOf(`{ branch: '${branch}' }`).target).toEqual({ branch });
    expect(policyOf(`{ byLabel: { one: '${branch}' } }`).target).toEqual({ byLabel: { one: branch } });
  },
);

test.each([
  ['a space', 'a b'],
  ['two dots', 'a..b'],
  ['a lock', 'a.lock'],
  ['a refspec', '+a:b'],
  ['an option', '--force'],
  ['a glob', 'v*'],
  ['a slash at the end', 'v/'],
  ['a full ref', 'refs/heads/main'],
  ['the form of a claim branch', 'ai/issue-7-prices'],
  ['too many bytes', '開'.repeat(82)],
])('a name with %s is refused, with its place', (_what, branch) => {
  for (const [field, place] of [
    [`{ branch: '${branch}' }`, 'target.branch'],
    [`{ byLabel: { v2: '${branch}' } }`, 'target.byLabel.v2'],
    [`{ byMilestone: { v2: '${branch}' } }`, 'target.byMilestone.v2'],
  ] as const)
    expect(() => policyOf(field)).toThrow(place);
});

test('a map names each label once, at most 50, and no empty branch', () => {
  const many = (n: number): string => Array.from({ length: n }, (_, index) => `l${index}: stable`).join(', ');
  expect(Object.keys(policyOf(`{ byLabel: { ${many(50)} } }`).target?.byLabel ?? {})).toHaveLength(50);
  expect(() => policyOf(`{ byLabel: { ${many(51)} } }`)).toThrow('at most 50 entries');
  expect(() => policyOf('{ byLabel: { V2: a, v2: b } }')).toThrow('case does not matter');
  expect(() => policyOf("{ byLabel: { v2: '' } }")).toThrow('target.byLabel.v2');
  expect(() => policyOf(`{ byLabel: { ${'x'.repeat(51)}: a } }`)).toThrow('target.byLabel');
});

test('the file is a protected path when a target branch may say which commands run', () => {
  const choose = (policy: string) =>
    parsePolicyFile(`version: 1\nchange: { protectedPaths: [] }\ntarget: { policy: ${policy} }\n`);
  expect(choose('branch')).toMatchObject({
    policy: { target: { policy: 'branch' }, change: { protectedPaths: ['.github/signalbox.yml'] } },
  });
  expect(choose('default')).toMatchObject({ policy: { change: { protectedPaths: [] } } });
});
