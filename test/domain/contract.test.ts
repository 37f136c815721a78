/** How the contract is read: each line belongs to one field or to none, and what is not plain is unclear, never guessed. */
import { describe, expect, test } from '@jest/globals';
import { parseContract } from '../../src/domain/contract.ts';
import { CONTRACT_FIELDS } from '../../src/domain/contract-fields.ts';
import { sectionsOf } from '../../src/domain/contract-sections.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { visible } from '../../src/domain/invisible.ts';
import { issueOf } from './life/fixtures.ts';
import { AUTO, Scene } from './mutants/scene.ts';

const required = CONTRACT_FIELDS.filter(field => field.required);
const whole = required.map(({ title }) => `## ${title}\n\n- something\n`).join('\n');
const withField = (title: string, text: string): string =>
  whole.replace(`## ${title}\n\n- something\n`, `## ${title}\n\n${text}\n`);
const contractIn = (body: string) => parseContract(visible(body)).contract;

describe('a heading', () => {
  test.each([
    ['marked', '### Expected\nx'],
    ['closed by marks', '## Expected ##\nx'],
    ['numbered', '## 1. Expected\nx'],
    ['numbered twice', '## 2.1) Expected\nx'],
    ['with an emoji', '## 🎯 Expected\nx'],
    ['with an emoji in digits', '## 1️⃣ Expected\nx'],
    ['with the name of an emoji', '## :dart: Expected\nx'],
    ['said to be required', '## Expected (required)\nx'],
    ['with a colon', '## Expected:\nx'],
    ['in bold', '## **Expected**\nx'],
    ['as a link', '## [Expected](https://example.com)\nx'],
    ['with an entity', '## Expected&nbsp;\nx'],
    ['underlined', 'Expected\n--------\nx'],
    ['underlined twice', 'Expected\n========\nx'],
    ['in HTML', '<h3>Expected</h3>\nx'],
    ['in HTML with an attribute', '<h2 id="e">Expected</h2>\n\nx'],
    ['a bold line', '**Expected**\nx'],
    ['a bold line with a colon', '__Expected__:\n\nx'],
    ['a bold line with a colon in it', 'before\n**Expected:**\nx'],
    ['after a byte order mark', '\ufeff## Expected\nx'],
    ['in another case', '# EXPECTED RESULT\nx'],
    ['with an invisible character', '## Ex\u200bpected\nx'],
    ['with Windows line ends', '## Expected\r\nx'],
  ])('is found: %s', (_form, body) => {
    expect(contractIn(body).expected).toBe('x');
  });

  test.each([
    ['in a fence', '```\n## Expected\nx\n```'],
    ['in a longer fence', '````\n```\n## Expected\nx\n````'],
    ['in indented code', 'a\n\n    ## Expected\n    x'],
    ['in a quote', '> ## Expected\n> x'],
    ['in a list', '- ## Expected\n  x'],
    ['as a bold line of a list', '- **Expected**\n  x'],
    ['as a bold line in code', '`a\n**Expected**\nb`'],
    ['in raw text', '<pre>\n## Expected\nx\n</pre>'],
    ['with seven marks', '####### Expected\nx'],
    ['without a blank', '##Expected\nx'],
    ['bold in part', '**Expected** soon\nx'],
    ['of two bold words', '**Expected** **x**\nx'],
    ['of another word', '## Unexpected\nx'],
    ['with an accent', '## Expecte\u0301d\nx'],
    ['longer than any name', `## Expected ${'a '.repeat(60)}\nx`],
  ])('is not one: %s', (_form, body) => {
    expect(contractIn(body).expected).toBe('');
  });

  test('that is almost the name of a missing field is named', () => {
    const { missing, unclear } = parseContract(
      whole.replace('## Stop conditions', '## Stop conditons').replace('## Expected', '## Expected and why'),
    );
    expect(missing).toEqual(['Expected', 'Stop conditions']);
    expect(unclear).toEqual([
      'the heading “Expected and why”: did you mean “Expected”?',
      'the heading “Stop conditons”: did you mean “Stop conditions”?',
    ]);
  });

  test('is named when it only looks like one, in letters of another script', () => {
    expect(parseContract(`${whole}\n## M\u043Ede\nguarded`).unclear).toEqual([
      'the heading “M\u043Ede”: did you mean “Mode”?',
    ]);
  });

  test.each(['## Dark mode\nx', '## Model\nx', '## Disk\nx', '## Notes\nx', '## Expected and more\nx'])(
    'that has little to do with an optional or a filled field is not: %s',
    more => expect(parseContract(`${whole}\n${more}`).unclear).toEqual([]),
  );
});

describe('a field', () => {
  test('reaches to the next heading of its size, with the smaller headings in it', () => {
    const body =
      '## Expected\na\n### Backend\nb\n\nnot a heading\n---\nc\n## Notes\nd\n### Risks\ne\n# More\nf';
    const contract = contractIn(body);
    expect(contract.expected).toBe('a\n### Backend\nb\n\nnot a heading\n---\nc');
    expect(contract.risks).toBe('e');
  });

  test('with an underlined heading reaches to the next of its size', () => {
    expect(contractIn('Expected\n---\na\n\nNotes\n---\nb').expected).toBe('a');
  });

  test('gets each line once: the sections have no gaps and share nothing', () => {
    const body = `before\n${whole}\n**Expected**\n<h3>Risk</h3>\nlow\n\nMode\n---\nx\n# Other\n## Mode\n`;
    const { sections } = sectionsOf(body);
    expect(sections.map(({ from }) => from)).toEqual([0, ...sections.slice(0, -1).map(({ to }) => to)]);
    expect(sections.at(-1)?.to).toBe(body.split('\n').length);
  });

  test.each([
    'TBD',
    '- TBD',
    '...',
    '-',
    '- [ ]\n- [ ]',
    '- [x]',
    '![](https://example.com/x.png)',
    '<img src="x">',
  ])('is unclear and not filled with only %j', text => {
    const { contract, missing, unclear } = parseContract(withField('Stop conditions', text));
    expect(contract.stopConditions).toEqual([]);
    expect(missing).toEqual([]);
    expect(unclear).toEqual([expect.stringMatching(/^Stop conditions: nothing is said/)]);
  });

  test.each([
    'None',
    'n/a',
    '`x`',
    '```\nlog\n```',
    '![](x.png)\nas shown',
    '| a | b |\n|---|---|\n| 1 | 2 |',
  ])('is filled with %j', text =>
    expect(parseContract(withField('Risks', text))).toMatchObject({ missing: [], unclear: [] }),
  );

  test('is missing when it is empty', () => {
    for (const text of ['', '_No response_'])
      expect(parseContract(withField('Risks', text))).toMatchObject({ missing: ['Risks'], unclear: [] });
  });
});

describe('the entries of a field', () => {
  const entriesOf = (text: string) =>
    contractIn(`## Acceptance criteria\n${text}\n## Risks\nx`).acceptanceCriteria;

  test('are whole items', () => {
    expect(entriesOf('- a\n  goes on\nand on\n- [x] b\n\n  more\n  - within\n\n1. c\n2) d\n* [ ]\n')).toEqual(
      ['a goes on and on', 'b\n\nmore\n- within', 'c', 'd'],
    );
  });

  test('keep a sentence or a heading together with the list that it is about', () => {
    expect(entriesOf('Do not stop when:\n- a\n  - b\n- c')).toEqual(['Do not stop when:\n- a\n  - b\n- c']);
    expect(entriesOf('- a\n\nBut never:\n\n1. b\n2. c\n\nOnly on Sundays.')).toEqual([
      'a',
      'But never:\n\n1. b\n2. c',
      'Only on Sundays.',
    ]);
    expect(entriesOf('### Backend\n- a\n### Frontend\n- b')).toEqual([
      '### Backend\n- a',
      '### Frontend\n- b',
    ]);
    expect(entriesOf('- a\n\n---\n\n- b')).toEqual(['a', 'b']);
    expect(entriesOf('- ![](x.png)\n- a')).toEqual(['![](x.png)', 'a']);
  });

  test('are the whole text if there is no list', () => {
    expect(entriesOf('One.\n\nTwo.')).toEqual(['One.\n\nTwo.']);
  });

  test('are more than an agent is given: the field is unclear', () => {
    const items = (count: number) => withField('Stop conditions', '- a\n'.repeat(count));
    expect(parseContract(items(1_000)).unclear).toEqual([]);
    expect(parseContract(items(1_001)).unclear).toEqual(['Stop conditions: it has more than 1000 entries']);
  });
});

describe('a choice is one word, once', () => {
  test.each([
    ['guarded', 'guarded'],
    ['Auto-Run', 'auto-run'],
    ['`spike`', 'spike'],
    ['**analysis**', 'analysis'],
    ['- guarded', 'guarded'],
    ['guarded\n\n---\n', 'guarded'],
  ])('%s is taken', (text, mode) => {
    expect(parseContract(`${whole}\n## Mode\n${text}`)).toMatchObject({ contract: { mode }, unclear: [] });
  });

  const unclearModes = [
    'auto-run is not wanted here; guarded please',
    'not auto-run',
    'guarded, please',
    '`spike`, please',
    'guarded\nauto-run',
    '- guarded\n- auto-run',
    '~~auto-run~~',
    '<del>auto-run</del>',
    '> auto-run',
    '![auto-run](x.png)',
    '[auto-run](https://example.com)',
    '    auto-run',
    '```\nauto-run\n```',
    'auto\u200b-run',
    'auto-run\n### but\nno',
    'guarded\n## Mode\nauto-run',
    'auto-run\n\n**Mode**\n\nguarded',
    'auto-run\n# Execution mode\nauto-run',
    'wild',
    'TBD',
  ];
  test.each(['**Mode:** guarded', 'Mode: guarded', '## Mode: guarded', '- Execution mode = `guarded`'])(
    '%j has no heading of its own, so the mode is unclear',
    text => {
      const { contract, unclear, unclearMode } = parseContract(`${text}\n\n${whole}`);
      expect(contract.mode).toBeUndefined();
      expect(unclear).toEqual([unclearMode]);
      expect(parseContract(`${text}\n\n${whole}\n## Mode\nguarded`).unclear).toEqual([]);
    },
  );

  test.each(['the mode guarded is meant', 'Risk: low', '```yaml\nmode: guarded\n```', 'Mode: as you like'])(
    '%j chooses nothing',
    text => expect(parseContract(`${text}\n\n${whole}`)).toMatchObject({ unclear: [] }),
  );

  test.each(unclearModes)('%j is unclear', text => {
    const { contract, unclear, unclearMode } = parseContract(visible(`${whole}\n## Mode\n${text}`));
    expect(contract.mode).toBeUndefined();
    expect(unclear[0]).toBe(
      'Mode: one of auto-run, guarded, analysis, spike, below its own heading, once and with no other word',
    );
    expect(unclearMode).toBe(unclear[0]);
  });

  test.each(['low? no: high', 'low\n## Risk level\nhigh', 'low high', '~~low~~', 'lowish'])(
    'the risk %j is unclear',
    text => {
      const { contract, unclear } = parseContract(`${whole}\n## Risk\n${text}`);
      expect(contract.declaredRisk).toBeUndefined();
      expect(unclear).toEqual([
        'Risk: one of low, medium, high, below its own heading, once and with no other word',
      ]);
    },
  );
});

describe('a text that is longer than what is read of one issue', () => {
  test.each([
    [
      'a paragraph',
      `${whole}\n${'a '.repeat(5_001)}`,
      /paragraph .* has 10001 characters; at most 10000 are read$/,
    ],
    [
      'brackets',
      `${whole}${'\n\n![['.repeat(2_001)}`,
      /^the issue has 4002 opening brackets outside code; at most 4000 are read$/,
    ],
    ['lines', `${whole}${'\n'.repeat(10_000)}`, /has 100\d\d lines; at most 10000 are read$/],
    ['characters', `${whole}${'a'.repeat(100_000)}`, /has 10\d{4} characters .*; at most 100000 are read$/],
    ['invisible characters', visible(`${whole}${'\u200b'.repeat(20_000)}`), /characters .* at most 100000/],
  ])('is not read: %s', (_what, body, why) => {
    const { contract, unread, unclear } = parseContract(body);
    expect(unread).toMatch(why);
    expect(unclear).toEqual([unread]);
    expect(contract.expected).toBe('');
  });

  test('is read up to the bound, and at GitHub’s own bound', () => {
    expect(parseContract(`${whole}${'\n'.repeat(9_900)}`)).toMatchObject({ missing: [], unclear: [] });
    expect(parseContract(`${whole}\`\`\`\n${'a '.repeat(32_000)}\n`).unread).toBeUndefined();
    expect(parseContract(`${whole}\n${`${'a '.repeat(5_000)}\n\n`.repeat(6)}`).unread).toBeUndefined();
  });

  test('holds its issue until it is edited, and says what to do', () => {
    const { unread = '' } = parseContract('\n'.repeat(20_000));
    const { contract } = issueOf();
    const scene = new Scene({ ...AUTO, github: { issue: issueOf({ contract: { ...contract, unread } }) } });
    expect(nextStep(scene.flow().world.state)).toMatchObject({
      kind: 'hold',
      hold: {
        ...{ kind: 'blocked', who: 'ann', what: expect.stringMatching(/^edit the issue/) },
        why: [expect.stringMatching(/has 20001 lines/)],
      },
    });
    expect(scene.world.state.runs).toEqual([]);
    scene
      .github({ issue: issueOf({ edition: 2 }) })
      .poked()
      .flow();
    expect(scene.world.state.runs).toHaveLength(1);
  });
});
