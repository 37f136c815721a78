/** The text of an issue as readers see it: no word is lost between what is shown and what is hidden, and what another parser does not show is reported. */
import fc from 'fast-check';
import { marked } from 'marked';
import { readersView } from '../../../src/domain/hidden-text.ts';
import { visible } from '../../../src/domain/invisible.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, shortText } from '../texts.ts';

const PAGE_CHARS_MAX = 2_000;

const PLACES: readonly ((word: string) => string)[] = [
  word => word,
  word => `\n\n${word}\n\n`,
  word => `<!-- ${word} -->`,
  word => `<!-- ${word}`,
  word => `\n\n<!--\n${word}\n-->\n`,
  word => `![${word}](https://a.example/x.png)`,
  word => `<img alt="${word}">`,
  word => `[a](https://a.example "${word}")`,
  word => `\n\n[a]: https://a.example "${word}"\n`,
  word => `\n\n[//]: # (${word})\n`,
  word => `<x-${word}>`,
  word => `<template>${word}</template>`,
  word => `\n\n<video>\n${word}\n</video>\n\n`,
  word => `<rp>${word}</rp>`,
  word => `<b title="${word}">a</b>`,
  word => `</b ${word}>`,
  word => `\n\n[^n]: ${word}\n\n`,
  word => `<?${word}?>`,
  word => `<![CDATA[${word}]]>`,
  word => `\n\n\`\`\`mermaid\n%% ${word}\n\`\`\`\n`,
  word => `\n\n\`\`\`geojson\n{"${word}": 1}\n\`\`\`\n`,
  word => `\n\n\`\`\`ts ${word} a b\n\`\`\`\n`,
  word => `\n\n| a |\n|---|\n| <!-- ${word} --> |\n\n`,
  word => `$x \\phantom{${word}}$`,
  word => `\n\n<details>\n\n${word}\n\n</details>\n\n`,
  word => `\n\n<div title="${word}\n\nend\n\n">`,
];

const piece = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...PLACES.keys()) },
  { weight: 1, arbitrary: shortText },
);

export const target = fuzzTarget({
  name: 'hidden text',
  inputs: fc.oneof(
    { weight: 4, arbitrary: fc.array(piece, { maxLength: 8 }) },
    { weight: 1, arbitrary: outsideText.map(text => [text]) },
  ),
  check: pieces => {
    const words = pieces.map((_, index) => `zqword${index}zq`);
    const body = visible(
      pieces
        .map((one, index) => (typeof one === 'string' ? one : PLACES[one]?.(words[index] ?? '')))
        .join(''),
    );
    const { shown, hidden } = readersView(body);
    const said = hidden.join('\n');
    // The parsers read broken markup differently, which can also make a word an address; some long runs take the other too long.
    const isSure = pieces.every(one => typeof one === 'number') && body.length <= PAGE_CHARS_MAX;
    const page = isSure ? visibleOnPage(body) : body;
    for (const word of words.filter(one => body.includes(one) && !isAddress(body, one))) {
      if (!shown.includes(word) && !said.includes(word)) throw new Error(`${word} is lost`);
      if (!page.includes(word) && !said.includes(word)) throw new Error(`${word} is hidden and not reported`);
    }
  },
});

const ADDRESSES: readonly (readonly [open: string, close: string])[] = [
  ['<a href="', '"'],
  ['](', ')'],
];

/** The address of a link is neither shown nor reported. */
function isAddress(body: string, word: string): boolean {
  const before = body.slice(0, body.indexOf(word));
  return ADDRESSES.some(([open, close]) => {
    const start = before.lastIndexOf(open);
    return start >= 0 && !before.slice(start + open.length).includes(close);
  });
}

/** What stands between the tags of the page, as far as this is sure. */
function visibleOnPage(body: string): string {
  const html = marked.parse(body, { async: false, gfm: true });
  return html.replace(UNSEEN, ' ');
}

/** The first that matches decides, as when a browser reads the page. */
const UNSEEN = new RegExp(
  [/<!--(?:-?>|[\s\S]*?-->|[\s\S]*$)/, /<(template|video|rp)\b[\s\S]*?(?:<\/\1>|$)/, /<[!?a-z/][^>]*(?:>|$)/]
    .map(part => part.source)
    .join('|'),
  'gi',
);
