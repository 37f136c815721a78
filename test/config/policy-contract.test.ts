/** `contract.headings`: what a policy may map, and what `signalbox init` proposes from a repository's own templates. */
import { describe, expect, test } from '@jest/globals';
import { parsePolicyFile, problemText } from '../../src/config/policy-file.ts';
import { startPolicyText } from '../../src/config/start-policy.ts';
import { proposedHeadings } from '../../src/config/template-headings.ts';

const policyOf = (headings: string) => parsePolicyFile(`version: 1\ncontract:\n  headings:\n${headings}`);
const problemsOf = (headings: string): string => {
  const reading = policyOf(headings);
  return 'problems' in reading ? reading.problems.map(problemText).join('\n') : '';
};
const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `    Heading ${n}: risks\n`).join('');

describe('a policy', () => {
  test('maps headings of any language to fields', () => {
    expect(policyOf('    Erwartetes Verhalten: expected\n    期望结果: expected\n')).toMatchObject({
      policy: { contract: { headings: { 'Erwartetes Verhalten': 'expected', 期望结果: 'expected' } } },
    });
    expect(problemsOf(lines(50))).toBe('');
    expect(problemsOf(`    ${'a'.repeat(100)}: risks\n`)).toBe('');
  });

  test('without any has none, as before', () => {
    const [none, empty] = ['version: 1', 'version: 1\ncontract: { headings: {} }'].map(parsePolicyFile);
    expect(empty).toEqual(none);
    expect(none).not.toHaveProperty('policy.contract');
  });

  test.each([
    ['more than 50', lines(51), /at most 50 headings/],
    ['one of more than 100 characters', `    ${'a'.repeat(101)}: risks\n`, /line 4: contract\.headings/],
    ['a field that does not exist', '    Ziel: goal\n', /line 4: contract\.headings\.Ziel: /],
    ['a heading without a word', '    "✅ (required)": risks\n', /line 4: .*has letters or digits/],
    [
      'one heading for two fields',
      '    Ziel: expected\n    "1. ZIEL:": risks\n',
      /line 5: .*mapped to expected already/,
    ],
    ['a list', '    - Ziel\n', /contract\.headings/],
  ])('that maps %s is refused', (_what, headings, problem) => {
    expect(problemsOf(headings)).toMatch(problem);
  });

  test.each(['dependabot[bot]', '@ann', 'not a login'])('that names %s as an owner is refused', login => {
    const text = `version: 1\nrelease: { owner: "${login}" }\nescalation: { to: "${login}" }\n`;
    const reading = parsePolicyFile(text);
    expect('problems' in reading && reading.problems.map(problemText)).toEqual([
      expect.stringMatching(/^line 2: release\.owner: the GitHub login of a person/),
      expect.stringMatching(/^line 3: escalation\.to: the GitHub login of a person/),
    ]);
    expect(parsePolicyFile(text.replaceAll(login, 'ann'))).toHaveProperty('policy');
  });
});

const form = (...labels: readonly string[]): string =>
  `name: Bug\ndescription: x\nbody:\n  - type: markdown\n    attributes: { value: "## Expected behavior" }\n${labels
    .map(label => `  - type: textarea\n    attributes: { label: ${JSON.stringify(label)} }\n`)
    .join('')}`;

describe('the proposal', () => {
  const fieldsOf = (...labels: readonly string[]) =>
    proposedHeadings([{ name: 'bug.yml', text: form(...labels) }]).map(({ heading, field }) => [
      heading,
      field,
    ]);

  test.each([
    ['English', ['What did you expect to happen?', 'Steps to reproduce the bug', 'Describe the bug']],
    ['German', ['Erwartetes Verhalten', 'Schritte zum Reproduzieren', 'Fehlerbeschreibung']],
    ['French', ['Comportement attendu', 'Étapes pour reproduire', 'Description du problème']],
    ['Spanish', ['Comportamiento esperado', 'Pasos para reproducir', 'Descripción del problema']],
    ['Portuguese', ['Comportamento esperado', 'Passos para reproduzir', 'O que aconteceu?']],
    ['Italian', ['Comportamento atteso', 'Passi per riprodurre', 'Comportamento attuale']],
    ['Dutch', ['Verwacht gedrag', 'Stappen om te reproduceren', 'Huidig gedrag']],
    ['Polish', ['Oczekiwane zachowanie', 'Kroki do odtworzenia', 'Opis problemu']],
    ['Russian', ['Ожидаемое поведение', 'Шаги для воспроизведения', 'Описание проблемы']],
    ['Chinese', ['✅ 预期行为 / 期望结果', '复现步骤（必填）', '问题描述']],
    ['Japanese', ['期待される動作を教えてください', '再現手順', '実際の動作']],
    ['Korean', ['예상 동작', '재현 방법', '문제 설명']],
  ])('knows the words of a form in %s', (_language, labels) => {
    const [expected = '', evidence = '', problem = ''] = labels;
    expect(fieldsOf(...labels)).toEqual([
      [expected, 'expected'],
      [evidence, 'evidence'],
      [problem, 'problem'],
    ]);
  });

  test('has no heading that names a field already, none that says nothing, and none twice', () => {
    expect(fieldsOf('Expected behavior', 'Version', 'Risiken', '2. RISIKEN:', 'a'.repeat(101))).toEqual([
      ['Risiken', 'risks'],
    ]);
    const mapped = proposedHeadings([{ name: 'bug.yml', text: form('Risiken') }], { risiken: 'nonGoals' });
    expect(mapped).toEqual([]);
  });

  test('reads headings of Markdown templates too, and survives what is no template', () => {
    const markdown = '---\nname: Bug\n---\n\n## Erwartetes Verhalten\n\n**Risiken**\n<h3>Nicht-Ziele</h3>\n';
    const files = [
      { name: 'bug.md', text: markdown },
      { name: 'broken.yml', text: 'body: [' },
      { name: 'config.yml', text: 'blank_issues_enabled: false\n' },
      { name: 'odd.yml', text: 'body: [null, 3, { attributes: { label: 3 } }]' },
      { name: 'long.md', text: 'a '.repeat(10_000) },
    ];
    expect(proposedHeadings(files).map(({ heading, field, from }) => [heading, field, from])).toEqual([
      ['Erwartetes Verhalten', 'expected', 'bug.md'],
      ['Risiken', 'risks', 'bug.md'],
      ['Nicht-Ziele', 'nonGoals', 'bug.md'],
    ]);
  });

  test('is a valid part of the first policy, whatever its headings are', () => {
    const odd = [
      'Erwartetes Verhalten: # "x"',
      '"Risiken"',
      '- Quellen',
      "? Opis: 'y'",
      '* Problembeschreibung',
      '{Riesgos}',
    ];
    const headings = proposedHeadings([{ name: 'bug\n.yml', text: form(...odd) }]);
    expect(headings.map(({ heading }) => heading)).toEqual(odd);
    const reading = parsePolicyFile(startPolicyText(headings));
    expect(reading).toMatchObject({
      policy: {
        contract: { headings: Object.fromEntries(headings.map(({ heading, field }) => [heading, field])) },
      },
    });
    expect(startPolicyText(headings)).toContain('check each line');
  });
});
