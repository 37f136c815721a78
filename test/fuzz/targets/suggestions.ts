/** Suggestions in comments. What is taken is in the comment, line by line, and replaces exactly its lines. */
import fc from 'fast-check';
import { suggestionText, withEdits } from '../../../src/domain/suggestion.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, shortText } from '../texts.ts';

const line = fc.oneof(
  fc.constantFrom('```', '````', '~~~', '``` ', '   ```', '```js', '', ' ', '\t', '/approve', '\r', '> ```'),
  shortText,
);
const opening = fc.constantFrom(
  '```suggestion',
  '````suggestion',
  '~~~suggestion',
  '  ``` suggestion',
  '```js',
);
const body = fc
  .tuple(opening, fc.array(line, { maxLength: 8 }), fc.constantFrom('```', '````', '~~~', ''))
  .map(([first, lines, last]) => [first, ...lines, last].join('\n'));
const file = fc
  .tuple(
    fc.array(shortText, { minLength: 1, maxLength: 8 }),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('\n', ''),
  )
  .map(([lines, between, end]) => `${lines.join(between)}${end}`);
const range = fc.tuple(fc.integer({ min: -1, max: 9 }), fc.integer({ min: -1, max: 9 }));

export const target = fuzzTarget({
  name: 'suggestions',
  inputs: fc.tuple(fc.oneof({ weight: 3, arbitrary: body }, outsideText), file, range),
  check: ([comment, before, [from, to]]) => {
    const read = suggestionText(comment);
    if ('problem' in read) return;
    const said = comment.split(/\r\n|\r|\n/).map(text => text.trim());
    for (const text of read.text.split('\n').slice(0, -1))
      if (!said.includes(text.trim())) throw new Error('a line that the reviewer did not write');
    const after = withEdits(before, [{ path: 'a', from, to, text: read.text }]);
    if ('problem' in after) return;
    const lines = before.split('\n');
    const kept = lines.slice(0, from - 1).map(text => `${text}\n`);
    if (!after.text.startsWith(kept.join(''))) throw new Error('lines before it changed');
    if (!after.text.endsWith(lines.slice(to).join('\n'))) throw new Error('lines after it changed');
  },
});
