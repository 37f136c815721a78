/** The contract loses nothing of a field: what people really write, as headings, as answers and instead of answers. */
import { describe, expect, test } from '@jest/globals';
import { CONTRACT_FIELDS } from '../../src/domain/contract-fields.ts';
import { parseContract } from '../../src/domain/contract.ts';
import { visible } from '../../src/domain/invisible.ts';

const required = CONTRACT_FIELDS.filter(field => field.required);
const whole = required.map(({ title }) => `## ${title}\n\n- something\n`).join('\n');
const withField = (title: string, text: string): string =>
  whole.replace(`## ${title}\n\n- something\n`, () => `## ${title}\n\n${text}\n`);
const read = (body: string) => parseContract(visible(body));

describe('every line is in its field', () => {
  const kept: readonly (readonly [what: string, text: string, entries: readonly string[]])[] = [
    ['sub-headings', '### Backend\n- a\n\n### Frontend\n- b', ['### Backend\n- a', '### Frontend\n- b']],
    [
      'sub-headings only',
      '### It works offline\n### It works online',
      ['### It works offline\n### It works online'],
    ],
    ['an underlined text', 'Backend\n---\n- a', ['Backend\n---\n- a']],
    ['a bold line', '**Backend**\n- a', ['**Backend**\n- a']],
    ['items over several lines', '- a\n  b\n  c\n- d', ['a b c', 'd']],
    ['lazy continuation', '- a\nb\n- c', ['a b', 'c']],
    ['items of several paragraphs', '- a\n\n  b\n- c', ['a\n\nb', 'c']],
    ['items with code', '- a\n\n  ```\n  # b\n  ```', ['a\n\n```\n# b\n```']],
    ['nested lists', '1. a\n   - b\n     - c\n2. d', ['a\n- b\n  - c', 'd']],
    ['a sentence before', 'Never stop because:\n\n- a\n- b', ['Never stop because:\n\n- a\n- b']],
    ['a paragraph between', '- a\n\nunless all of this:\n\n- b', ['a', 'unless all of this:\n\n- b']],
    ['a sentence after', '- a\n\nThis is not final.', ['a', 'This is not final.']],
    ['check boxes', '- [ ] a\n- [x] b', ['a', 'b']],
    ['a table', '| a | b |\n|---|---|\n| 1 | 2 |', ['| a | b |\n|---|---|\n| 1 | 2 |']],
    ['a quote', '> a\n> - b', ['> a\n> - b']],
    ['code with marks of headings', '```sh\n# Expected\n## Risks\n```', ['```sh\n# Expected\n## Risks\n```']],
    ['indented code', '    a\n    b', ['    a\n    b']],
    ['open details', '<details open>\n\n- a\n\n</details>', ['a']],
    ['a picture with words', '![](x.png)\nas drawn', ['![](x.png)\nas drawn']],
    ['lists with other marks', '- a\n* b\n+ c', ['a', 'b', 'c']],
    ['an item without letters', '- a\n- 👍\n- [ ]', ['a', '👍']],
    [
      'code with lines like placeholders',
      '- a\n\n  ```\n  pending\n  TODO\n  ```',
      ['a\n\n```\npending\nTODO\n```'],
    ],
  ];
  test.each(kept)('%s', (_what, text, entries) => {
    for (const body of [text, text.replaceAll('\n', '\r\n')]) {
      const { contract, missing, unclear } = read(withField('Stop conditions', body));
      expect({ missing, unclear }).toEqual({ missing: [], unclear: [] });
      expect(contract.stopConditions).toEqual(entries);
      expect(read(withField('Risks', body)).contract.risks).toBe(text);
    }
  });

  test('what belongs to no field is other text, with its headings', () => {
    const body = `Hello,\n\nit breaks.\n\n${whole}\n## Environment\n\n- Node 22\n\n### Browser\n\n    Firefox\n`;
    expect(read(body).other).toBe(
      'Hello,\n\nit breaks.\n\n## Environment\n\n- Node 22\n\n### Browser\n\n    Firefox',
    );
    expect(read(whole).other).toBe('');
    expect(read(`${whole}\n<!-- hidden -->\n`).other).toBe('');
  });
});

describe('what says nothing', () => {
  const nothing = [
    ...[
      'TBD',
      'tbd.',
      'T.B.D.',
      'TODO',
      '- todo',
      '**TBD**',
      '`TBD`',
      '> TBD',
      'To be done!',
      '待定',
      'Folgt noch.',
      'Will be added later.',
    ],
    ...[
      '?',
      '???',
      '…',
      '...',
      '-',
      '—',
      '- ',
      '*',
      '1.',
      '- [ ]',
      '- [ ]\n- [ ]',
      '- [x]',
      '- TBD\n- TBD',
      '### Backend\nTBD',
    ],
    ...[
      '![](a.png)',
      '![image](https://example.com/a.png)',
      '<img src="a.png">',
      '```\n```',
      '---',
      '| |\n|---|\n| |',
    ],
    ...[
      'A clear and concise description of what the bug is.',
      "1. Go to '...'\n2. Click on '....'\n3. See error",
    ],
  ];
  test.each(nothing)('%j is unclear in every field', text => {
    for (const { title } of required) {
      const { missing, unclear } = read(withField(title, text));
      expect([...missing, ...unclear.map(problem => problem.split(':')[0])]).toEqual([title]);
    }
  });

  test.each(['', '   ', '_No response_', '\n_No response_\n', '<!-- say it here -->'])(
    '%j is missing',
    text => {
      expect(read(withField('Expected', text)).missing).toEqual(['Expected']);
    },
  );

  test.each(['- It works\n- TBD', 'It works.\n\nTODO', '| case | then |\n|---|---|\n| a | tbd |'])(
    '%j promises a part, which is unclear and not lost',
    text => {
      const { contract, unclear } = read(withField('Acceptance criteria', text));
      expect(unclear).toEqual([
        expect.stringMatching(/^Acceptance criteria: “(?:TBD|TODO|tbd)” is a placeholder/),
      ]);
      expect(contract.acceptanceCriteria.join('\n').toLowerCase()).toMatch(/tbd|todo/);
    },
  );

  test.each([
    'TBD (after the design)',
    'TBD: who decides?',
    '- **TBD** – ask Ann',
    'tba? Ann knows',
    'It works.\n\nTBC [later]',
  ])('%j is an open point, which is unclear and not lost', text => {
    const { contract, unclear } = read(withField('Expected', text));
    expect(unclear).toEqual([
      expect.stringMatching(/^Expected: “.{3,40}” is a placeholder; say it, or remove it$/),
    ]);
    expect(contract.expected).toBe(text);
  });

  test.each(['None', 'none.', 'N/A', '- n/a', 'Keine', '无', 'Not applicable'])(
    '%j answers for risks, but not what is expected',
    text => {
      for (const { title, neverNone } of required)
        expect(read(withField(title, text)).unclear).toEqual(
          neverNone === true ? [expect.stringMatching(new RegExp(`^${title}: it cannot be “none”`))] : [],
        );
    },
  );

  test.each([
    'x',
    '5',
    'No crash',
    'TBD is no longer printed',
    'TBD-12 is fixed',
    'TBDs are listed',
    'Later versions work',
    'https://example.com',
    '`npm test` fails',
    'See error 5',
  ])('%j says something', text =>
    expect(read(withField('Expected', text))).toMatchObject({ missing: [], unclear: [] }),
  );
});

describe('a heading', () => {
  test.each([
    ...[
      '## 1. Expected',
      '### ✅ Expected',
      '## Expected (required)',
      '## Expected *',
      '## Expected [optional]',
    ],
    ...[
      '## (3) Expected',
      '## 1.2 Expected :',
      '###### Expected',
      '## ❓Expected❓',
      '## _Expected_',
      '## Expected ##',
    ],
    ...['Expected\n========', '  Expected  \n---', 'Expected:\n---'],
    ...[
      '<h1>Expected</h1>',
      '<H2>Expected</H2>',
      '<h3 align="center">Expected</h3>',
      '<h4><b>Expected</b></h4>',
    ],
    ...['<h5>\n  Expected\n</h5>', '<h6>Expected\n</h6>', '<div>\n<h3>Expected</h3>'],
    ...[
      '**Expected**',
      '**Expected:**',
      '**Expected** :',
      '__Expected__',
      '***Expected***',
      '**_Expected_**',
    ],
    ...[
      '✅ **Expected**',
      '**Expected** (required)',
      '<b>Expected</b>',
      '<strong>Expected:</strong>',
      '**1) Expected**',
    ],
    ...['**Expected**<br>', '**Expected**\\'],
    ...['\ufeff## Expected', '\ufeffExpected\n---', '## Expected\t', '##\tExpected'],
  ])('is found: %j', heading => {
    expect(read(`${heading}\nx`).contract.expected).toBe('x');
    expect(read(`${heading}\nx`.replaceAll('\n', '\r\n')).contract.expected).toBe('x');
  });

  test.each([
    ...['Expected: it works', '**Expected:** it works', '**Expected** it works', '- **Expected**: it works'],
    ...[
      '##Expected\nit works',
      '> ## Expected\n> it works',
      '- ## Expected\n  it works',
      'Expected\nit works',
    ],
    ...[
      '| Expected | it works |\n|---|---|',
      '<h3>Expected</h3> it works',
      '<p><b>Expected</b></p>\n\nit works',
    ],
    ...['1. **Expected**\n\n   it works', '#Expected', '*Expected*\n\nit works', '## Expectd\nit works'],
    ...[
      '## What is expected\nit works',
      '## Expected behaviour of it\nit works',
      '## Erwartetes Verhalten\nes geht',
    ],
    ...['## 期望结果\n好', '## Comportement attendu\nça marche', '## 期待される動作\n動く'],
  ])('that is not one, or not ours, is named with the field that was meant: %j', text => {
    const { contract, missing, unclear } = read(
      withField('Expected', '').replace('## Expected\n', `${text}\n\n`),
    );
    expect(contract.expected).toBe('');
    expect(missing).toEqual(['Expected']);
    expect(unclear).toEqual([expect.stringMatching(/^the (?:heading|line) “.*did you mean “Expected”\?/)]);
  });

  test('below which nothing stands is missing, and nothing else is meant', () => {
    expect(read(withField('Expected', ''))).toMatchObject({ missing: ['Expected'], unclear: [] });
    expect(read(withField('Expected', '').replace('## Expected', '**Expected**'))).toMatchObject({
      ...{ missing: ['Expected'], unclear: [] },
    });
  });
});
