/** What a comment suggests, and what a file becomes: exactly what the reviewer wrote, or nothing. */
import { describe, expect, test } from '@jest/globals';
import {
  SUGGESTION_CHARS_MAX,
  suggestedBy,
  type SuggestedEdit,
  type SuggestingComment,
  suggestionText,
  withEdits,
} from '../../src/domain/suggestion.ts';

const HEAD = 'a'.repeat(40);
const FENCE = '```';

function block(...lines: readonly string[]): string {
  return [`${FENCE}suggestion`, ...lines, FENCE].join('\n');
}

describe('the text of a suggestion', () => {
  const taken: readonly (readonly [name: string, body: string, text: string])[] = [
    ['one line', block('const a = 1;'), 'const a = 1;\n'],
    ['several lines', block('a', '', '  b'), 'a\n\n  b\n'],
    ['no line deletes', block(), ''],
    ['a blank line', block(''), '\n'],
    ['blanks at the end of a line', block('a  ', '\t'), 'a  \n\t\n'],
    ['a browser that sends CRLF', block('a', 'b').replaceAll('\n', '\r\n'), 'a\nb\n'],
    ['blank lines around', `\n \n${block('a')}\n\n`, 'a\n'],
    ['a longer fence around a shorter one', '````suggestion\n```js\na\n```\n````', '```js\na\n```\n'],
    ['a longer end', '```suggestion\na\n`````', 'a\n'],
    ['an indented end', '```suggestion\na\n   ```  ', 'a\n'],
    ['tildes', '~~~suggestion\n```\n~~~', '```\n'],
    ['a blank before the word', '``` suggestion \na\n```', 'a\n'],
    ['an indented fence', '  ```suggestion\n    a\n b\nc\n  ```', '  a\nb\nc\n'],
    ['a line that only looks like an end', block('``` a', '    ```', '``'), '``` a\n    ```\n``\n'],
    ['words that would be commands elsewhere', block('/approve', '<!-- x -->'), '/approve\n<!-- x -->\n'],
    ['invisible characters stay', block('a\u200bb'), 'a\u200bb\n'],
  ];
  test.each(taken)('%s', (_name, body, text) => {
    expect(suggestionText(body)).toEqual({ text });
  });

  const left: readonly (readonly [name: string, body: string, problem: string])[] = [
    ['nothing', '', 'other words'],
    ['only blanks', ' \n\t', 'other words'],
    ['words before', `like this:\n${block('a')}`, 'other words'],
    ['words behind', `${block('a')}\nthanks`, 'other words than one'],
    ['two blocks', `${block('a')}\n${block('b')}`, 'other words than one'],
    ['no end', '```suggestion\na', 'no end'],
    ['an end that is too short', '````suggestion\na\n```', 'no end'],
    ['an end of another kind', '```suggestion\na\n~~~', 'no end'],
    ['an end with words', '```suggestion\na\n``` b', 'no end'],
    ['an indented code block', '    ```suggestion\na\n```', 'other words'],
    ['another language', '```js\na\n```', 'other words'],
    ['a form of another forge', '```suggestion:-0+1\na\n```', 'other words'],
    ['more words in the fence', '```suggestion js\na\n```', 'other words'],
    ['another case', '```Suggestion\na\n```', 'other words'],
    ['a quote', `> ${block('a').replaceAll('\n', '\n> ')}`, 'other words'],
    ['a list', `- ${block('a')}`, 'other words'],
    ['two marks', '``suggestion\na\n``', 'other words'],
    ['NUL', block('a\0b'), 'no text file'],
    ['too long', block('a'.repeat(SUGGESTION_CHARS_MAX)), `${SUGGESTION_CHARS_MAX} characters`],
  ];
  test.each(left)('%s is none', (_name, body, problem) => {
    expect(suggestionText(body)).toEqual({ problem: expect.stringContaining(problem) as unknown });
  });

  test('the longest one is taken', () => {
    const text = 'a'.repeat(SUGGESTION_CHARS_MAX - block('').length);
    expect(suggestionText(block(text))).toEqual({ text: `${text}\n` });
  });
});

describe('what a review suggests', () => {
  const one = (more: Partial<SuggestingComment> = {}): SuggestingComment => ({
    path: 'a.js',
    lines: { from: 2, to: 3, side: 'RIGHT' },
    hunk: '@@ -1,2 +1,3 @@ function\n a\n+b\n+c',
    commit: HEAD,
    body: block('x'),
    ...more,
  });

  test('all comments are suggestions', () => {
    const found = suggestedBy([one(), one({ path: 'b.js', lines: { from: 1, to: 1, side: 'RIGHT' } })]);
    const [first, second] = [
      { path: 'a.js', from: 2, to: 3, text: 'x\n' },
      { path: 'b.js', from: 1, to: 1, text: 'x\n' },
    ];
    expect(found).toEqual({ commit: HEAD, edits: [first, second] });
  });

  test('a hunk of one line has that line', () => {
    const comment = one({ lines: { from: 2, to: 2, side: 'RIGHT' }, hunk: '@@ -1 +2 @@\n+a' });
    expect(suggestedBy([comment])).toMatchObject({ edits: [{ from: 2, to: 2 }] });
  });

  test.each([
    ['words in one of two', [one(), one({ body: 'why?' })], 'other words'],
    ['words around', [one({ body: `better:\n${block('x')}` })], 'other words'],
    ['a file', [one({ lines: undefined })], 'whole file a.js'],
    ['deleted lines', [one({ lines: { from: 1, to: 1, side: 'LEFT' } })], 'deleted lines of a.js'],
    ['both sides', [one({ isAcross: true })], 'deleted lines of a.js'],
    ['outdated', [one({ isOutdated: true })], 'changed since'],
    ['after the diff', [one({ lines: { from: 2, to: 4, side: 'RIGHT' } })], 'outside the diff'],
    ['before the diff', [one({ hunk: '@@ -3,3 +3,3 @@\n a' })], 'outside the diff'],
    ['a diff without a header', [one({ hunk: '' })], 'outside the diff'],
    ['a hunk of one line', [one({ hunk: '@@ -1 +2 @@\n+a' })], 'outside the diff'],
    ['two commits', [one(), one({ commit: 'b'.repeat(40) })], 'different commits'],
  ] as const)('%s is left to the agent, with the reason', (_name, comments, problem) => {
    expect(suggestedBy(comments)).toEqual({ problem: expect.stringContaining(problem) as unknown });
  });

  test.each([
    ['words', [one({ body: 'why?' })]],
    ['the word alone', [one({ body: 'a suggestion: rename it' })]],
    ['no comment', []],
  ] as const)('%s suggest nothing, and need no reason', (_name, comments) => {
    expect(suggestedBy(comments)).toBeUndefined();
  });
});

describe('a file after suggestions', () => {
  const edit = (from: number, to: number, text: string): SuggestedEdit => ({ path: 'a.js', from, to, text });
  const FILE = 'a\nb\nc\nd\n';

  test.each([
    ['one line', FILE, [edit(2, 2, 'B\n')], 'a\nB\nc\nd\n'],
    ['lines become fewer', FILE, [edit(2, 4, 'B\n')], 'a\nB\n'],
    ['lines become more', FILE, [edit(1, 1, 'A\n\nA\n')], 'A\n\nA\nb\nc\nd\n'],
    ['lines are deleted', FILE, [edit(2, 3, '')], 'a\nd\n'],
    ['all is deleted', FILE, [edit(1, 4, '')], ''],
    ['in any order', FILE, [edit(4, 4, 'D\n'), edit(1, 1, 'A\n'), edit(2, 3, 'B\n')], 'A\nB\nD\n'],
    ['line ends of the file', 'a\r\nb\r\nc\r\n', [edit(2, 2, 'B\nB\n')], 'a\r\nB\r\nB\r\nc\r\n'],
    ['of mixed ends those of the line', 'a\r\nb\nc\r\n', [edit(2, 2, 'B\n')], 'a\r\nB\nc\r\n'],
    ['no end of the last line', 'a\nb', [edit(2, 2, 'B\nC\n')], 'a\nB\nC'],
    ['no end, and line ends of the file', 'a\r\nb', [edit(2, 2, 'B\nC\n')], 'a\r\nB\r\nC'],
    ['no end of the only line', 'b', [edit(1, 1, 'B\nC\n')], 'B\nC'],
    ['a last line without an end is deleted', 'a\nb', [edit(2, 2, '')], 'a\n'],
    ['a blank last line', 'a\n\n', [edit(2, 2, 'b\n')], 'a\nb\n'],
    ['a carriage return inside is no line end', 'a\rb\nc\n', [edit(2, 2, 'C\n')], 'a\rb\nC\n'],
    ['other separators are no line end', 'a\u2028b\nc\n', [edit(2, 2, 'C\n')], 'a\u2028b\nC\n'],
    ['patterns of replacement are text', FILE, [edit(1, 1, "$& $1 $' $$\n")], "$& $1 $' $$\nb\nc\nd\n"],
    ['a byte order mark stays', '\ufeffa\nb\n', [edit(2, 2, 'B\n')], '\ufeffa\nB\n'],
  ] as const)('%s', (...[, file, edits, text]) => {
    expect(withEdits(file, edits)).toEqual({ text });
  });

  test.each([
    ['after the end', FILE, [edit(5, 5, 'x\n')], 'line 5 of a.js, which the file does not have'],
    ['partly after the end', FILE, [edit(4, 5, 'x\n')], 'lines 4 to 5 of a.js'],
    ['before the start', FILE, [edit(0, 1, 'x\n')], 'does not have'],
    ['backwards', FILE, [edit(3, 2, 'x\n')], 'does not have'],
    ['no number', FILE, [edit(Number.NaN, 2, 'x\n')], 'does not have'],
    ['part of a line', FILE, [edit(1.5, 2, 'x\n')], 'does not have'],
    ['an empty file', '', [edit(1, 1, 'x\n')], 'does not have'],
    ['the same line twice', FILE, [edit(2, 2, 'x\n'), edit(2, 2, 'y\n')], 'two suggestions are for line 2'],
    ['overlapping lines', FILE, [edit(2, 4, 'x\n'), edit(1, 2, 'y\n')], 'two suggestions are for line 2'],
    ['nothing new', FILE, [edit(2, 3, 'b\nc\n')], 'lines 2 to 3 of a.js changes nothing'],
  ] as const)('%s is refused as a whole', (...[, file, edits, problem]) => {
    expect(withEdits(file, edits)).toEqual({ problem: expect.stringContaining(problem) as unknown });
  });

  test('many edits of a large file are applied at once', () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `line ${at + 1}\n`);
    const edits = Array.from({ length: 100 }, (_, at) => edit(at * 2_000 + 1, at * 2_000 + 1, `new ${at}\n`));
    const result = withEdits(lines.join(''), edits);
    expect('text' in result ? result.text.match(/new/g) : null).toHaveLength(100);
  });
});
