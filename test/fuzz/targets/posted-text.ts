/** Outside text in our posts: nothing in it has an effect, and what is shown is what was said, but for the spaces that break live forms. */
import fc from 'fast-check';
import { visible } from '../../../src/domain/invisible.ts';
import { fence, neutralise, plainLine } from '../../../src/domain/posted-text.ts';
import { readAsGitHub } from '../../support/read-as-github.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, shortText } from '../texts.ts';

const CHARS_MAX = 100_000;
/** The independent reader takes longer than the rules. */
const READ_CHARS_MAX = 4_000;

/** Markdown with the text in it, and what the rest of it shows. */
const PLACES: readonly (readonly [markdown: (text: string) => string, around: readonly [string, string]])[] =
  [
    [text => `${neutralise(text, CHARS_MAX)}\n\nend`, ['', '\nend\n']],
    [text => `- concern: ${neutralise(text, CHARS_MAX)}\n- end`, ['\nconcern: ', '\nend\n\n']],
    [text => `**a:** ${neutralise(text, CHARS_MAX)} (b)`, ['a: ', ' (b)\n']],
  ];

/** Forms that other readers of the raw text act on, each written as its reader would find it. */
const LIVE: readonly RegExp[] = [
  /(?<![A-Za-z0-9])@[A-Za-z0-9]/,
  /#\p{Nd}/u,
  /\bGH-\d/i,
  /:\/\/\S/,
  /\bwww\.\S/i,
  /^[\t >*+-]*\/[a-z][\w-]*(?:\s|$)/im,
  /\[(?:skip|no) ci\]|\[ci skip\]|\[skip actions\]|\[actions skip\]/i,
  /\bskip-checks:|\bNO_CI\b/i,
  /(?:^|\s)(?:signed-off|co-authored|reviewed)-by:/i,
];

const liveText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['@octo', '#12', 'fixes ', 'Closes: ', 'GH-7', 'a/b', 'http', '://', 'www', '.x', '/approve', '/'],
        ...[
          '[skip ci]',
          '[no',
          ' ci]',
          'skip-checks',
          ':',
          '***NO_CI***',
          'Signed-off',
          '-by:',
          '$',
          '&#36;',
          '&',
        ],
        ...[
          '\\',
          '`',
          '<!--',
          '-->',
          '<b>',
          '![x](y)',
          '*',
          '_',
          '|',
          '1.',
          '- ',
          '> ',
          '# ',
          '\n',
          ' ',
          '~~~',
          '36',
        ],
      ),
      shortText,
    ),
    { maxLength: 14 },
  )
  .map(parts => parts.join(''));

export const target = fuzzTarget({
  name: 'posted text',
  inputs: fc.oneof(
    { weight: 3, arbitrary: liveText },
    outsideText.map(text => text.slice(0, READ_CHARS_MAX)),
  ),
  check: text => {
    const line = visible(text).replace(/\s+/g, ' ').trim();
    for (const [place, around] of line === '' ? [] : PLACES) {
      const plain = readAsGitHub(place('plain'));
      const { shown, ...effects } = withoutMail(readAsGitHub(place(text)));
      mustBe('the effects', effects, withoutMail({ ...plain, shown: undefined }));
      mustBeSaid(line, between(shown, around));
    }
    mustBeSaid(line, plainLine(text, CHARS_MAX));
    mustBeInert(neutralise(text, CHARS_MAX));
    mustBeInert(plainLine(text, CHARS_MAX));
    checkFence(text);
  },
});

function checkFence(text: string): void {
  const block = fence(text, CHARS_MAX);
  mustBeInert(block);
  const { shown, ...effects } = readAsGitHub(`a\n\n${block}\n\nend`);
  mustBe('the effects of a block', effects, {
    ...{ mentions: [], closes: [], references: [], elements: ['<pre', '<code'] },
  });
  mustBeSaid(visible(text).replace(/\n$/, ''), between(shown, ['a\n', '\n\nend\n']));
}

/** An address of mail becomes a link to the mail program, which is left alone. */
function withoutMail<
  R extends { readonly references: readonly string[]; readonly elements: readonly string[] },
>(reading: R): R {
  const references = reading.references.filter(reference => !/^(?:mailto|xmpp):/i.test(reference));
  const isMail = references.length < reading.references.length;
  return { ...reading, references, elements: reading.elements.filter(one => one !== '<a' || !isMail) };
}

function between(shown: string, [before, after]: readonly [string, string]): string {
  if (!shown.startsWith(before) || !shown.endsWith(after))
    throw new Error(`the text left its place: ${JSON.stringify(shown)}`);
  return shown.slice(before.length, shown.length - after.length);
}

function mustBe(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`${what} are ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

function mustBeInert(posted: string): void {
  const found = LIVE.find(form => form.test(posted));
  if (found !== undefined) throw new Error(`${String(found)} is live in ${JSON.stringify(posted)}`);
}

/** Without the added spaces, the shown text is the said one. */
function mustBeSaid(said: string, shown: string): void {
  let at = 0;
  for (const character of shown)
    if (said.startsWith(character, at)) at += character.length;
    else if (character !== ' ')
      throw new Error(`${JSON.stringify(said)} is shown as ${JSON.stringify(shown)}`);
  if (at !== said.length) throw new Error(`${JSON.stringify(said)} is shown as ${JSON.stringify(shown)}`);
}
