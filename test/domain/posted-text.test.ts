/** Hostile text: each pattern matches the raw input, and nothing in the sanitized output. */
import { describe, expect, test } from '@jest/globals';
import { visible } from '../../src/domain/invisible.ts';
import { fence, neutralise, plainLine } from '../../src/domain/posted-text.ts';
import { readAsGitHub } from '../support/read-as-github.ts';
import { stopwatch } from '../support/processor-time.ts';

const charsMax = 10_000;
const waysOut: readonly [string, (text: string) => string][] = [
  ['neutralise', text => neutralise(text, charsMax)],
  ['plainLine', text => plainLine(text, charsMax)],
  ['fence', text => fence(text, charsMax)],
];

/** One line of `neutralise` with entities and escapes resolved, as GitHub does before it looks for mentions. */
function rendered(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&dollar;/g, '$')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

function expectDead(text: string, oracle: RegExp): void {
  expect(text).toMatch(oracle);
  for (const [, way] of waysOut) {
    expect(way(text)).not.toMatch(oracle);
    expect(rendered(way(text))).not.toMatch(oracle);
  }
}

const closes =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\s*:?\s*(?:(?:[\w.-]+\/[\w.-]+)?#\d+|GH-\d+|https?:\/\/\S+\/(?:issues|pull)\/\d+)/i;

/** All other forms: posted-markdown.test.ts. */
describe('closing keywords close nothing', () => {
  test.each(['fixes\n#12', 'Done. Fixes:#12, thanks', 'closes https://ghe.example.com/octo/app/pull/12'])(
    '%j',
    text => expectDead(text, closes),
  );
});

describe('no one is mentioned', () => {
  const mentions = /(?<![A-Za-z0-9])@[A-Za-z0-9]/;
  test.each(['>@octocat', 'x @octocat: y', '@@octocat', '.@octocat', '@dependabot merge'])('%s', text =>
    expectDead(text, mentions),
  );
  test.each(['&#64;octocat', '@<b></b>octocat', '@&#8203;octocat'])('%s stays plain text', text => {
    expect(rendered(neutralise(text, charsMax)).replaceAll('# ', '#')).toBe(text);
    expect(neutralise(text, charsMax)).not.toMatch(/&#|</);
  });
  test('a mail address is unchanged', () =>
    expect(plainLine('mail me@example.com', charsMax)).toBe('mail me@example.com'));
});

describe('no bot command is posted', () => {
  const commands = /^[\s>*+-]*\/[a-z][\w-]*(?=\s|$)/im;
  test.each([
    '/approve',
    '/approve 3f9a',
    '  /approve',
    '> /approve',
    '- /lgtm',
    '/ok-to-test',
    '/APPROVE x',
  ])('%s', text => expectDead(text, commands));
  test('on a later line of a block', () => {
    const text = 'all good\n/approve 3f9a\n> /merge';
    expect(text).toMatch(commands);
    expect(fence(text, charsMax)).not.toMatch(commands);
  });
  test('a path is unchanged', () => expect(fence('/usr/bin/node', charsMax)).toContain('\n/usr/bin/node\n'));
});

describe('no CI is skipped and no one is credited', () => {
  const skips = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip|skip travis)\]|skip-checks:|NO_CI/i;
  test.each([
    '[skip ci]',
    'x [ci skip]',
    '[no ci]',
    '[Skip Actions]',
    '[actions skip]',
    '[skip travis]',
    'skip-checks: true',
    'skip-checks:true',
    '***NO_CI***',
  ])('%s', text => expectDead(text, skips));
  test.each(['Signed-off-by: A <a@b.c>', 'Co-authored-by: A <a@b.c>', 'reviewed-by: x'])('%s', text =>
    expectDead(text, /\b[a-z-]+-by:/i),
  );
});

describe('Markdown loses its effect', () => {
  test.each([
    '**bold**',
    '_em_',
    '`code`',
    '~~gone~~',
    '| a | b |',
    '$5',
    '# head',
    '- item',
    '+ item',
    '1. item',
    '=====',
    '> quote',
    '\\*',
  ])('%s is displayed as typed', text => {
    const posted = neutralise(text, charsMax);
    expect(posted).not.toMatch(/(?<!\\)[*_`~|[\]]|^[-+=>#]|^\d+\.|\$/);
    expect(rendered(posted)).toBe(text);
  });
  test.each(['fixes $', 'costs $5', '$', 'fixes $ and #', '&dollar;'])('%s refers to nothing', text => {
    const posted = neutralise(text, charsMax);
    expect(readAsGitHub(posted)).toMatchObject({ references: [], closes: [], shown: `${text}\n` });
    expect(posted).not.toMatch(/#\d/);
  });
  test('two dollars make no formula, which could hide text', () => {
    const formula = /\$(?=\S)[^$]*\$/;
    expect('$\\phantom{x}$').toMatch(formula);
    expect(rendered(neutralise('$\\phantom{x}$', charsMax))).not.toMatch(formula);
  });
  test('one line stays one line', () => expect(neutralise('a\r\nb\n\n# c', charsMax)).toBe('a b \\# c'));
});

describe('hidden characters are made visible', () => {
  test.each([
    ['bidi override', 'a\u202Eb', 'a⟦U+202E⟧b'],
    ['bidi isolate', '\u2066x\u2069', '⟦U+2066⟧x⟦U+2069⟧'],
    ['zero-width', '@\u200Bocto', '@⟦U+200B⟧octo'],
    ['joiners and byte order mark', '\u200C\u200D\u2060\uFEFF', '⟦U+200C⟧⟦U+200D⟧⟦U+2060⟧⟦U+FEFF⟧'],
    ['soft hyphen', 'a\u00ADb', 'a⟦U+00AD⟧b'],
    ['tag block', '\u{E0068}\u{E0069}', '⟦U+E0068⟧⟦U+E0069⟧'],
    ['selectors', 'a\uFE01\u{E0101}', 'a⟦U+FE01⟧⟦U+E0101⟧'],
    ['a run of selectors after an emoji', '❤\uFE0F\uFE0F', '❤⟦U+FE0F⟧⟦U+FE0F⟧'],
    ['fillers', '\u3164\u115F', '⟦U+3164⟧⟦U+115F⟧'],
    ['ANSI escape', '\u001B[31mred', '⟦U+001B⟧[31mred'],
    ['bell, backspace, lone carriage return, C1', '\u0007\b\r\u009B', '⟦U+0007⟧⟦U+0008⟧⟦U+000D⟧⟦U+009B⟧'],
    ['line separator', 'a\u2028b', 'a⟦U+2028⟧b'],
    ['a joiner after a letter', 'a\u200Db', 'a⟦U+200D⟧b'],
    ['a selector after a digit', '1\uFE0F', '1⟦U+FE0F⟧'],
    ['tags after another flag', '🏳\u{E0067}', '🏳⟦U+E0067⟧'],
    ['half a pair', 'a\uD83D', 'a⟦U+D83D⟧'],
    ['private use', '\uE000', '⟦U+E000⟧'],
  ])('%s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
    for (const [, way] of waysOut) expect(way(text)).not.toMatch(/[\p{Cf}\u{E0100}-\u{E01EF}]/u);
  });
  test.each([
    'plain text\n\twith a tab',
    'naïve café',
    '日本語',
    'עברית',
    '❤️ ☺︎ 👍🏽 👨‍👩‍👧 👩🏽‍💻 🏳️‍🌈',
    '1️⃣ #️⃣',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'می‌خواهم',
    'क्‍ष',
    '→ ✓ …',
  ])('%s is unchanged', text => expect(visible(text)).toBe(text));
});

describe('length', () => {
  test('is cut at whole characters, with an ellipsis', () => {
    expect(plainLine('abcdef', 3)).toBe('abc…');
    expect(plainLine('👍👍👍👍', 2)).toBe('👍👍…');
    expect(plainLine('abc', 3)).toBe('abc');
    expect(plainLine('👍👍👍', 3)).toBe('👍👍👍');
    expect(plainLine('👩‍💻x', 2)).toBe('👩…');
  });
  const waysWithLimit = [neutralise, plainLine, fence].map(way => [way.name, way] as const);
  test.each(waysWithLimit)('%s of a million hostile characters stays small and quick', (_, way) => {
    const workedMs = stopwatch();
    for (const unit of ['@a ', '[skip', '`', '#1', '/a\n', 'a-', '>>', '\u202E', 'www.', '\n', '>\n', 'a']) {
      const posted = way(unit.repeat(1_000_000 / unit.length), 60_000);
      expect(posted.length).toBeLessThan(600_000);
    }
    expect(workedMs()).toBeLessThan(5_000);
  });
});

test('a login right after an address of mail is no mention; the address itself is left alone', () => {
  expect(neutralise('a@b.c@octo', 100)).toBe('a@b.c@ octo');
  expect(neutralise('write to a@b.c or d@e.f', 100)).toBe('write to a@b.c or d@e.f');
});
