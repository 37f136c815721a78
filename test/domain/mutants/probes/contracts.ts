/** How the contract of an issue is read: headings, fields, entries, choices, and what is not read. */
import { slugOf } from '../../../../src/domain/branch.ts';
import { type ContractReading, parseContract } from '../../../../src/domain/contract.ts';
import { otherTextLine, otherTextOf } from '../../../../src/domain/other-text.ts';
import { withoutEnd } from '../../../../src/domain/without-end.ts';
import { contractWith } from '../../life/fixtures.ts';
import { mustBe } from '../../life/invariants.ts';
import { check, type Probe } from '../scene.ts';

export const CONTRACT_PROBES: readonly Probe[] = [
  check('each form of a heading, and what is none', () => {
    const expectedIn = (body: string): string => parseContract(body).contract.expected;
    const headings = [
      ...[
        '## Expected',
        '### 1. Expected ###',
        '# :dart: 🎯 Expected (required)',
        '## **Expected**:',
        '## ex⟦U+200B⟧pected',
      ],
      ...[
        'Expected\n---',
        'Expected result\n===',
        '<h3 id="x">Expected</h3>',
        '**Expected**',
        '__Expected:__',
        '**Expected** :',
      ],
      ...['⟦U+FEFF⟧## Expected', '\ufeff## Expected', 'before\n**Expected**', '<p>\n<h2>Expected</h2>'],
    ];
    headings.push('## Expected [optional]', '## Expected – mandatory', '***Expected***', '✅ **Expected**');
    headings.push(
      '<b>Expected</b>',
      '<strong>Expected</strong>:',
      '**Expected** (required)',
      '**Expected**<br>',
    );
    headings.push('<h3>\nExpected\n</h3>', '<H4>Expected</H4>');
    for (const heading of headings) mustBe('8 same text', expectedIn(`${heading}\nx`), 'x');
    const none = [
      ...[
        '> ## Expected',
        '- ## Expected',
        '- **Expected**',
        '##Expected',
        '## Unexpected',
        '**Expected** soon',
        '**Expected** **x**',
      ],
      ...[
        '`a\n**Expected**\nb`',
        '<h3>Expected',
        '<h3>Expected</h2>',
        '<h7>Expected</h7>',
        `## ${'a '.repeat(60)}Expected`,
      ],
      ...['**Expected', '*Expected*', '## Expecte\u0301d', '## 12'],
      ...['~~**Expected**~~', '<h3>Expected</h3> y', '<i>Expected</i>', '<h3>\n\n\n\n\nExpected</h3>'],
    ];
    for (const heading of none) mustBe('8 same text', expectedIn(`${heading}\nx`), '');
  }),
  check('where a field ends', () => {
    const within = 'a\n### b\n**c**\n\nd\n---\ne';
    const after = ['## Notes', '# Notes', '## Risks', '**Risks**', '<h2>Notes</h2>'];
    for (const heading of after)
      mustBe(
        '8 same text',
        parseContract(`## Expected\n${within}\n\n${heading}\nf`).contract.expected,
        within,
      );
    mustBe('8 same text', parseContract('Expected\n---\na\n\nNotes\n---\nb').contract.expected, 'a');
    mustBe(
      '8 same text',
      parseContract('Expected\n---\na\n\nb\n\n### c\nd').contract.expected,
      'a\n\nb\n\n### c\nd',
    );
    mustBe('8 same text', parseContract('**Expected**\na\n###### Notes\nb').contract.expected, 'a');
    mustBe(
      '8 same text',
      parseContract('## Expected\na\n## Notes\nb\n### c\nd\n## Expected\ne').contract.expected,
      'a\n\ne',
    );
  }),
  check('the entries of a field', () => {
    const entriesOf = (text: string) => parseContract(`## Done when\n${text}`).contract.acceptanceCriteria;
    const list =
      '- a\n  goes on\n- [x] b\n\n  more\n  - within\n\n---\n\n1. c\n2) d\n* [ ]\n\n| e |\n|---|\n';
    mustBe('8 same text', entriesOf(list), ['a goes on', 'b\n\nmore\n- within', 'c', 'd', '| e |\n|---|']);
    mustBe('8 same text', entriesOf('All:\n- a\n\nbetween\n\n1. b\n\nc'), [
      'All:\n- a',
      'between\n\n1. b',
      'c',
    ]);
    mustBe('8 same text', entriesOf('\n    a\nb\n'), ['    a\nb']);
    mustBe('8 same text', entriesOf('a\n\nb'), ['a\n\nb']);
    mustBe('8 same text', parseContract(`## Done when\n${'- a\n'.repeat(1_000)}`).unclear, []);
    const { contract, unclear } = parseContract(`## Done when\n${'- a\n'.repeat(1_001)}`);
    mustBe('8 same text', [contract.acceptanceCriteria.length, unclear.length], [1_000, 1]);
  }),
  check('what says nothing, and what says something', () => {
    const of = (text: string): ContractReading =>
      parseContract(contractWith('').replace('## Risks\nx', `## Risks\n${text}\n`));
    for (const text of [
      'TBD',
      '- To be done.',
      '...',
      '- [ ]\n- [x]',
      '![image](y)',
      '<img alt="image">',
      '<!',
    ]) {
      mustBe(
        '8 same text',
        [of(text).contract.risks, of(text).missing, of(text).unclear.length],
        ['', [], 1],
      );
    }
    const said = [
      'None',
      '`x`',
      '```\nx\n```',
      '    x',
      '<b>x</b>',
      '[x](y)',
      '![image](y)\nx',
      '| x |\n|---|\n| 1 |',
      'x  \ny',
    ];
    for (const text of said) mustBe('8 same text', [of(text).missing, of(text).unclear], [[], []]);
    mustBe('8 same text', of('a  \ntodo it').unclear, []);
  }),
  check('a choice is one word, once', () => {
    for (const text of ['guarded', 'Guarded', '`guarded`', '**guarded**', '_guarded_', '- guarded'])
      mustBe('8 same text', parseContract(`## Mode\n${text}`).contract.mode, 'guarded');
    const none = [
      'guarded, please',
      'not guarded',
      '~~guarded~~',
      '> guarded',
      '[guarded](x)',
      'guarded\n## Mode\nspike',
    ];
    for (const text of none) {
      const { contract, unclear, unclearMode } = parseContract(`## Mode\n${text}`);
      mustBe('8 same text', [contract.mode ?? null, unclear.length, unclearMode], [null, 1, unclear[0]]);
    }
    mustBe('8 same text', parseContract('## Risk\nlow? no: high').unclear.length, 1);
    mustBe('8 same text', parseContract('## Risk\nhigh').contract.declaredRisk, 'high');
    mustBe('21 in vain', parseContract('').unclear, []);
    mustBe('21 in vain', 'unclearMode' in parseContract('## Risk\nx'), false);
  }),
  check('a choice that stands in a line of the text', () => {
    const unclear = (text: string): readonly string[] =>
      parseContract(text).unclear.map(told => told.split(':')[0] ?? '');
    for (const text of ['**Mode:** guarded', 'x\nMode: guarded', '`Mode: guarded`'])
      mustBe('8 same text', unclear(text), ['Mode']);
    mustBe('8 same text', unclear('- Risk level: high'), ['Risk']);
    for (const text of ['We like Mode: guarded here', 'x', '## Mode\nguarded\n\n## Problem\nMode: spike'])
      mustBe('8 same text', unclear(text), []);
    mustBe('8 same text', unclear('## Mode\nguarded\n\n## Risk\nlow\n\n## Problem\nRisk level: high'), []);
  }),
  check('a heading that is almost a field', () => {
    const told = (heading: string): number =>
      parseContract(contractWith('').replace('## Stop conditions', heading)).unclear.length;
    for (const heading of [
      '## Stop conditons',
      '## Stp conditons',
      '## My stop conditions',
      '## Stop when it rains',
    ])
      mustBe('21 told', told(heading), 1);
    for (const heading of ['## Stp conditns!', '## Notes', '## Model', '## 12', '## Stop'])
      mustBe('21 in vain', told(heading), 0);
    const rest = contractWith('');
    for (const heading of ['## Dark mode', '## Expected and more', '## Rusk', '## My risk level'])
      mustBe('21 in vain', parseContract(`${rest}\n${heading}\nx`).unclear, []);
    mustBe('21 told', parseContract(`${rest}\n## Exection mode\nx`).unclear.length, 1);
    mustBe(
      '21 told',
      parseContract(Array.from({ length: 9 }, (_, n) => `## Expectd${'!'.repeat(n)}`).join('\n')).unclear
        .length,
      5,
    );
    const late = `${'## Notes\n'.repeat(100)}## Expectd`;
    mustBe('21 told', parseContract(late).unclear.length, 0);
  }),
  check('what is meant as a heading, and is none', () => {
    const told = (line: string): string =>
      parseContract(contractWith('').replace('## Expected\nx', `${line}\nx`)).unclear.join();
    const meant = [
      ...[
        'Expected: y',
        '**Expected** y',
        '**Expected**: y',
        '- **Expected**',
        '> ## Expected',
        '##Expected',
      ],
      ...['<p>Expected:</p>', '| Expected | y |\n|---|---|', '## Erwartetes Verhalten', '## 期望结果'],
    ];
    for (const line of meant)
      mustBe('21 told', [line, /did you mean “Expected”/.test(told(line))], [line, true]);
    for (const line of ['It is as expected', 'Notes: y', '**It**: Expected', '## Version'])
      mustBe('21 in vain', [line, told(line)], [line, '']);
    mustBe('21 in vain', told('## Expected\n\n## Notes\nExpected:'), '');
    mustBe('21 told', /“Mode: guarded”/.test(told('Mode: guarded')), false);
    const long = told(`Expected: ${'y'.repeat(100)}`);
    mustBe('21 told', [long.includes('y'.repeat(70)), long.includes('y'.repeat(71))], [true, false]);
    mustBe(
      '21 in vain',
      parseContract(`${contractWith('')}\nExpected: y\n## Erwartetes Verhalten`).unclear,
      [],
    );
  }),
  check('what promises an answer, or says none', () => {
    const of = (field: string, text: string): readonly string[] =>
      parseContract(contractWith('').replace(`## ${field}\nx`, `## ${field}\n${text}\n`)).unclear;
    for (const text of [
      'a\n\nTBD',
      '- a\n- to be done',
      '| a |\n|---|\n| tbd |',
      'TBD (soon)',
      '- TBA - by Ann',
    ])
      mustBe('8 same text', of('Risks', text).length, 1);
    for (const text of ['None', '- n/a', 'Keine.']) {
      mustBe('8 same text', [of('Risks', text).length, of('Expected', text).length], [0, 1]);
    }
    for (const text of [
      'None yet',
      'See error\nin the log',
      '### TBD is gone',
      'a\n\n    todo',
      'a\n```\nTBD\n```',
    ])
      mustBe('8 same text', of('Expected', text), []);
    mustBe('8 same text', of('Risks', `${'a'.repeat(300)} TBD`), []);
  }),
  check('headings of the policy, and the other text', () => {
    const headings = { 'Erwartetes Verhalten': 'expected', Problem: 'evidence', '✅': 'risks' } as const;
    const { contract } = parseContract('## ERWARTETES VERHALTEN:\na\n## Problem\nb\n## Expected\nc', {
      headings,
    });
    mustBe('8 same text', [contract.expected, contract.evidence, contract.problem], ['a\n\nc', 'b', '']);
    mustBe('8 same text', parseContract('## ✅\nx', { headings }).contract.risks, '');
    const other = (body: string): string => parseContract(body).other;
    mustBe('8 same text', other('\n  a\n\n## Expected\nx\n## Notes\nb\n\n## Risks\n'), '  a\n\n## Notes\nb');
    mustBe('8 same text', [other(''), other('## Expected\nx')], ['', '']);
    mustBe('8 same text', otherTextOf(''), undefined);
    mustBe('8 same text', otherTextOf('a\n\n b'), { lines: 2, begins: 'a b' });
    mustBe('8 same text', otherTextOf('a'.repeat(301))?.begins, `${'a'.repeat(300)}…`);
    mustBe(
      '8 same text',
      [1, 2].map(lines => otherTextLine({ lines, begins: 'a' })),
      ['1 line belongs to no field of the contract: “a”', '2 lines belong to no field of the contract: “a”'],
    );
  }),
  check('a text that is too long to be read', () => {
    const unread = (body: string): boolean => parseContract(body).unread !== undefined;
    mustBe(
      '8 same text',
      [
        '\n'.repeat(9_999),
        `${'a'.repeat(9_998)}\n\n`.repeat(10),
        'a'.repeat(10_000),
        `\`\`\`\n${'a'.repeat(20_000)}`,
        `\`\`\`\n${'[\n'.repeat(4_001)}`,
        '[ '.repeat(4_000),
      ].map(unread),
      [false, false, false, false, false, false],
    );
    mustBe(
      '8 same text',
      [
        '\n'.repeat(10_000),
        `${'a'.repeat(9_998)}\n\n`.repeat(11),
        `a\n\n- ${'a'.repeat(10_001)}`,
        `${'[ '.repeat(2_000)}\n\n${'[ '.repeat(2_001)}`,
      ].map(unread),
      [true, true, true, true],
    );
    const { missing, unclear, contract } = parseContract('a'.repeat(100_001));
    mustBe('8 same text', [missing, unclear.length, contract.expected], [[], 1, '']);
  }),
  check('the end of a name', () => {
    mustBe(
      '10 names',
      [slugOf('Fix it, now!'), slugOf('…'), slugOf(`${'a'.repeat(39)} b`)],
      ['fix-it-now', 'work', 'a'.repeat(39)],
    );
    mustBe(
      '10 names',
      [withoutEnd('a./.', './'), withoutEnd('./a', './'), withoutEnd('', '.')],
      ['a', './a', ''],
    );
  }),
];
