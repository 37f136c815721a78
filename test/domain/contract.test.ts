/** The contract is parsed, never guessed: what is missing or unclear is named. */
import { describe, expect, test } from '@jest/globals';
import { CONTRACT_FIELDS, parseContract } from '../../src/domain/contract.ts';
import { visible } from '../../src/domain/posted-text.ts';

const required = CONTRACT_FIELDS.filter(field => field.required).map(field => field.title);
const whole = required.map(title => `### ${title}\n\n- something\n`).join('\n');

describe('the contract of an issue', () => {
  test('lacks nothing when every required field says something', () => {
    expect(parseContract(whole)).toMatchObject({ missing: [], unclear: [] });
  });

  test.each(required)('names “%s” when it is missing, empty or was left empty in the form', title => {
    for (const body of [
      whole.replace(`### ${title}`, '### Something else'),
      whole.replace(`### ${title}\n\n- something`, `### ${title}\n`),
      whole.replace(`### ${title}\n\n- something`, `### ${title}\n\n_No response_`),
    ])
      expect(parseContract(body).missing).toEqual([title]);
  });

  test('takes no heading out of a code fence', () => {
    const body = '```\n### Problem and scenario\nsomething\n```\n';
    expect(parseContract(body).missing).toContain('Problem and scenario');
    expect(parseContract(body.replaceAll('```', '')).missing).not.toContain('Problem and scenario');
  });

  test.each([
    ['Mode', 'reckless', 'Mode: one of auto-run, guarded, analysis, spike'],
    ['Risk', 'none at all', 'Risk: one of low, medium, high'],
  ])('names a %s that it does not know', (title, text, unclear) => {
    expect(parseContract(`${whole}\n### ${title}\n${text}\n`).unclear).toEqual([unclear]);
  });

  test('reads mode and risk where they are known', () => {
    const { contract } = parseContract(`${whole}\n### Mode\n\nauto-run\n\n### Risk\n\nHigh\n`);
    expect(contract).toMatchObject({ mode: 'auto-run', declaredRisk: 'high' });
  });

  test('shows a person the hidden text that the agent would read', () => {
    const hidden = 'Fix it\u202E\u200B\u{E0041}';
    expect(visible(hidden)).toBe('Fix it⟦U+202E⟧⟦U+200B⟧⟦U+E0041⟧');
  });
});
