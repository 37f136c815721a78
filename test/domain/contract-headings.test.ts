/** Headings that a policy maps to fields, in any language. */
import { describe, expect, test } from '@jest/globals';
import { CONTRACT_FIELDS } from '../../src/domain/contract-fields.ts';
import type { HeadingMap } from '../../src/domain/contract-headings.ts';
import { parseContract } from '../../src/domain/contract.ts';
import { HEADING_WORDS } from '../../src/domain/heading-words.ts';
import { visible } from '../../src/domain/invisible.ts';

const required = CONTRACT_FIELDS.filter(field => field.required);
const read = (body: string, headings: HeadingMap = {}) => parseContract(visible(body), { headings });

describe('headings of the policy', () => {
  const forms: readonly HeadingMap[] = [
    {
      ...{
        Fehlerbeschreibung: 'problem',
        'Erwartetes Verhalten': 'expected',
        'Schritte zum Nachstellen': 'evidence',
      },
      ...{ Abnahmekriterien: 'acceptanceCriteria', 'Nicht im Umfang': 'nonGoals', Risiken: 'risks' },
      ...{
        'Maßgebliche Quellen': 'sourceOfTruth',
        Abbruchbedingungen: 'stopConditions',
        Betriebsart: 'mode',
      },
    },
    {
      ...{ 问题描述: 'problem', 期望结果: 'expected', 复现步骤: 'evidence', 验收标准: 'acceptanceCriteria' },
      ...{
        范围外: 'nonGoals',
        风险: 'risks',
        参考资料: 'sourceOfTruth',
        停止条件: 'stopConditions',
        模式: 'mode',
      },
    },
    {
      ...{ 'Qu’est-ce qui se passe ?': 'problem', 'Comportement attendu': 'expected', Étapes: 'evidence' },
      ...{ "Critères d'acceptation": 'acceptanceCriteria', 'Hors périmètre': 'nonGoals', Risques: 'risks' },
      ...{ Références: 'sourceOfTruth', "Conditions d'arrêt": 'stopConditions', Mode: 'mode' },
    },
    {
      ...{
        概要: 'problem',
        期待される動作: 'expected',
        再現手順: 'evidence',
        受け入れ基準: 'acceptanceCriteria',
      },
      ...{
        対象外: 'nonGoals',
        リスク: 'risks',
        参考: 'sourceOfTruth',
        中止条件: 'stopConditions',
        モード: 'mode',
      },
    },
  ];
  test.each(forms)('make an existing form a complete contract: %j', headings => {
    const body = Object.entries(headings)
      .map(([heading, key]) => `### ${heading}\n\n${key === 'mode' ? 'guarded' : `- one\n- two of ${key}`}`)
      .join('\n\n');
    expect(read(body, headings)).toMatchObject({
      ...{ missing: [], unclear: [], other: '' },
      contract: {
        mode: 'guarded',
        stopConditions: ['one', 'two of stopConditions'],
        risks: '- one\n- two of risks',
      },
    });
    expect(read(body).missing.length).toBeGreaterThan(6);
  });

  test('are compared like our own, which stay valid, and win over them', () => {
    const headings = { 'Erwartetes Verhalten': 'expected', Problem: 'evidence' } as const;
    for (const heading of [
      '## 2. Erwartetes Verhalten (Pflicht):',
      '**ERWARTETES VERHALTEN**',
      '## Expected',
    ])
      expect(read(`${heading}\nx`, headings).contract.expected).toBe('x');
    expect(read('## Problem\nx', headings).contract).toMatchObject({ problem: '', evidence: 'x' });
    expect(read('## Erwartetes Verhalten\nx').contract.expected).toBe('');
  });

  test('that are almost met are named', () => {
    const { unclear } = read('## Erwartets Verhalten\nx', { 'Erwartetes Verhalten': 'expected' });
    expect(unclear).toContain('the heading “Erwartets Verhalten”: did you mean “Expected”?');
  });

  test('have words for each required field in each language', () => {
    expect(Object.keys(HEADING_WORDS)).toEqual(required.map(({ key }) => key));
    for (const words of Object.values(HEADING_WORDS)) {
      expect(new Set(words).size).toBe(words.length);
      expect(words.every(word => word === word.toLowerCase() && /^[\p{L}\p{M} ]+$/u.test(word))).toBe(true);
      for (const script of ['Latin', 'Cyrillic', 'Han', 'Hangul'])
        expect(words.some(word => new RegExp(`\\p{Script=${script}}`, 'u').test(word))).toBe(true);
    }
  });
});
