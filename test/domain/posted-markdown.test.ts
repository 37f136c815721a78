/** Hostile text read by an independent Markdown reader: it has an effect when posted raw, and none after our sanitizers. */
import { describe, expect, test } from '@jest/globals';
import { fence, neutralise, plainLine } from '../../src/domain/posted-text.ts';
import { readAsGitHub, type Reading } from '../support/read-as-github.ts';

const CHARS_MAX = 10_000;

/** The places in our templates that hold text from others. */
const places: Readonly<Record<string, (text: string) => string>> = {
  paragraph: text => `## Summary\n${neutralise(text, CHARS_MAX)}\n\n## Next`,
  'list item': text => `- risk: **low**\n- concern: ${neutralise(text, CHARS_MAX)}\n- evidence`,
  'table cell': text => `| check | note |\n|---|---|\n| a | ${neutralise(text, CHARS_MAX)} |`,
  // A title and a commit message know no entities.
  title: text => plainLine(text, CHARS_MAX).replaceAll('&', '&amp;'),
};

const keywords = ['close', 'closes', 'closed', 'fix', 'fixes', 'fixed', 'resolve', 'resolves', 'resolved'];
const colons = [' ', ': ', ' : ', ':\n'];
const references = [
  '#12',
  'octo/app#12',
  'GH-12',
  'https://github.com/octo/app/issues/12',
  '<https://github.com/octo/app/pull/12>',
  '[it](https://github.com/octo/app/issues/12)',
  '**#12**',
];
const cases: readonly ((word: string) => string)[] = [
  word => word,
  word => word.toUpperCase(),
  word => word.charAt(0).toUpperCase() + word.slice(1),
];

const closing = keywords.flatMap(keyword =>
  colons.flatMap(colon =>
    references.flatMap(reference => cases.map(cased => `${cased(keyword)}${colon}${reference}`)),
  ),
);

const alone = (text: string): Reading => readAsGitHub(text);

describe('closing keywords', () => {
  test(`${closing.length} references work when posted raw`, () => {
    const readings = closing.map(alone);
    expect(closing.filter((_, index) => readings[index]?.references.length === 0)).toEqual([]);
    // Those with emphasis or a link before the reference close for some readers only.
    const close = readings.filter(reading => reading.closes.length > 0);
    expect(close.length).toBeGreaterThan(closing.length * 0.6);
  });

  test.each(Object.entries(places))('reference nothing in a %s', (_name, place) => {
    const { closes, references: found } = readAsGitHub(closing.map(place).join('\n\n'));
    expect([closes, found]).toEqual([[], []]);
  });
});

const mentioning = [
  '@octocat',
  'cc @octocat, thanks',
  '(@octocat)',
  '@org/team',
  '**@octocat**',
  '_@octocat_',
  '~~@octocat~~',
  'x\n@octocat',
  '> @octocat',
  '- @octocat',
  '# @octocat',
  '\\@octocat',
  '&commat;octocat',
  '&#64;octocat',
  '@<b></b>octocat @octocat',
  '[@octocat](x)',
  '![x](y) @octocat',
  '| @octocat |',
  '"@octocat"',
  '@octocat\u200b',
];

describe('mentions', () => {
  test.each(mentioning)('%j mentions someone when posted raw, and no one in our templates', text => {
    // Entities are resolved by the reader's HTML, which is what GitHub looks at.
    expect(alone(text).mentions.length).toBeGreaterThan(0);
    for (const place of Object.values(places)) expect(readAsGitHub(place(text)).mentions).toEqual([]);
  });
});

const embedding = [
  '![x](https://evil.example/p.png)',
  '![x][r]\n\n[r]: https://evil.example/p.png',
  '<img src=x>',
  '<IMG SRC=x>',
  '[click](https://evil.example)',
  '<https://evil.example>',
  'https://evil.example',
  'www.evil.example/x',
  '<details><summary>x</summary>',
  '<!-- marker -->',
  '</details><h1>x</h1>',
  '<a href=x>y</a>',
  '# head',
  '- item',
  '1. item',
  '> quote',
  '```\ncode',
  '    code',
  '**x**',
  '_x_',
  '`x`',
  '~~x~~',
  '- [x] done',
  '| a |\n|---|\n| b |',
  'a[^1]\n\n[^1]: note',
  'head\n===',
  '<b>x</b>',
  'x<br/><b>y</b>',
];

describe('elements', () => {
  test.each(embedding)('%j creates one when posted raw, and none in our templates', text => {
    expect(alone(text).elements.length).toBeGreaterThan(0);
    expect(readAsGitHub(neutralise(text, CHARS_MAX)).elements).toEqual([]);
    const item = places['list item']?.(text) ?? '';
    expect(readAsGitHub(item).elements).toEqual(readAsGitHub(places['list item']?.('plain') ?? '').elements);
    const cell = places['table cell']?.(text) ?? '';
    expect(readAsGitHub(cell).elements).toEqual(readAsGitHub(places['table cell']?.('plain') ?? '').elements);
  });
});

describe('a fence', () => {
  const breaking = [
    '```\n![x](y) @octocat fixes #1',
    '````\n@octocat',
    '~~~\n@octocat',
    '``` \n\n@octocat',
    '`'.repeat(99),
    '\n```\n<b>',
  ];
  test.each(breaking)('contains %j', text => {
    const reading = readAsGitHub(`Output:\n\n${fence(text, CHARS_MAX)}\n\nEnd`);
    expect(reading).toMatchObject({ mentions: [], closes: [], references: [], elements: ['<pre', '<code'] });
  });

  test('of only three backticks is left by the same text', () => {
    const naive = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
    expect(readAsGitHub(naive(breaking[0] ?? '')).mentions).toEqual(['@octocat']);
  });
});
