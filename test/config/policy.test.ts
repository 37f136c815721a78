/** The policy file has one description: its digest, its published table and the policy that the rules use are derived from it. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { policyFields, policyTable } from '../../scripts/support/policy-table.ts';
import { parsePolicyFile, problemText } from '../../src/config/policy-file.ts';
import { startPolicyText } from '../../src/config/start-policy.ts';
import type { Policy } from '../../src/domain/policy.ts';

function policyOf(text: string): Policy {
  const reading = parsePolicyFile(text);
  if ('policy' in reading) return reading.policy;
  throw new Error(reading.problems.map(problemText).join('\n'));
}

const everyField = readFileSync(new URL('support/every-field.yml', import.meta.url), 'utf8');

// Approvals and stored histories are bound to these digests: a policy with the same values keeps its digest forever. A
// new field changes every-field.yml, and so the third digest. Only a changed default changes the first two: another policy
// is in force then, and what was approved under the old one is asked again.
test.each([
  ['the smallest', 'version: 1\n', 'adfbc43762c495de5ef93f467e4cb589b04dfe74c31cdb60decb2d67d9ca878a'],
  ['the start policy', startPolicyText(), '327ad48e30fcaa8f6362dafc33d9002316c11fcc43e22754e8acec1d78379e24'],
  ['one with every field', everyField, '3723b776770e8e8f3e389007ca6de7aaa693553cd319507acfd885086e5b3204'],
])('the digest of a policy does not change: %s', (_which, text, digest) => {
  expect(policyOf(text).digest).toBe(`sha256:${digest}`);
});

test.each([
  ['an alias without an anchor', 'version: 1\nlimits: *a\n', /alias/],
  ['aliases without end', `a: &a [1]\nb: [${'*a,'.repeat(150)}]`, /alias/],
  ['empty lines', '\n'.repeat(6_000), /more than 5000 lines/],
  ['lists within lists', '['.repeat(20_000), /nested too deeply/],
  ['maps within maps', '{a: '.repeat(10_000), /nested too deeply/],
  ['keys within keys', '? '.repeat(20_000), /nested too deeply/],
  ['items within items', '- '.repeat(20_000), /nested too deeply/],
  ['a few keys within keys', `${'? '.repeat(11)}a`, /nested too deeply/],
  ['brackets that close nothing', 'a: ]\n'.repeat(4_000), /closes nothing/],
  ['more keys than a policy can have', '- a: 1\n'.repeat(2_600), /more than 5000 keys and items/],
  ['two documents', '---\n---\n', /multiple documents/],
  ['nothing that is a map', '- a\n', /expected object/],
  ['a merge of nothing', '<<: 3\nversion: 1\n', /./],
  ['too many characters', ' '.repeat(50_001), /longer than 50000 characters/],
])('a file with %s is no policy, and its problem is named', (_what, text, problem) => {
  const reading = parsePolicyFile(text);
  const problems = 'problems' in reading ? reading.problems : [];
  expect(problems.map(problemText).join('\n')).toMatch(problem);
  expect(problems.length).toBeLessThanOrEqual(20);
});

describe('a field', () => {
  const written = parse(everyField) as Readonly<Record<string, unknown>>;
  const valueOf = (name: string): unknown =>
    name
      .split('.')
      .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], written);

  test.each(policyFields().map(({ name, node }) => [name, node] as const))(
    '%s has a description, and a value other than the default in every-field.yml',
    (name, node) => {
      expect(node.description).toMatch(/\S/);
      expect(valueOf(name)).toBeDefined();
      expect(valueOf(name)).not.toEqual(node.default);
    },
  );

  test('has the name that the rules use, with a unit or a bound for an amount', () => {
    const { limits, optIn, change, setUp, escalation } = policyOf(everyField);
    expect(limits).toEqual({
      silenceMs: 90_000,
      noProgressMs: 600_000,
      wallClockMs: 3_600_000,
      tokensMax: 5,
      costUsdMax: 1.5,
      costUsdPerIssueMax: 2,
      attemptsMax: 4,
      lostRunsMax: 6,
    });
    expect(optIn).toEqual({ label: 'robots', roleMin: 'write' });
    expect(change).toMatchObject({ filesMax: 7, bytesMax: 800 });
    expect([setUp.timeoutMs, escalation.parkAfterMs]).toEqual([500, 172_800_000]);
  });
});

test('instruction files of the agent, and a policy file of a target branch, become protected paths', () => {
  expect(policyOf(everyField).change.protectedPaths).toEqual([
    'docs/rules.md',
    '.github/**',
    'AGENTS.md',
    '.github/signalbox.yml',
  ]);
});

test('another default, bound or description of a field changes its row in docs/policy.md', () => {
  const [field] = policyFields().filter(({ name }) => name === 'limits.attempts');
  if (field === undefined) throw new Error('limits.attempts is not a field');
  const row =
    '| `limits.attempts` | `3` | integer, at most 20 | the limit of attempts; lost runs do not count |';
  expect(policyTable([field]).split('\n')).toContain(row);
  for (const other of [{ default: 4 }, { maximum: 21 }, { description: 'another meaning' }])
    expect(policyTable([{ ...field, node: { ...field.node, ...other } }])).not.toContain(row);
});
