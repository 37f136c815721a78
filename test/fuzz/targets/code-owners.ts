/** CODEOWNERS files. Only logins and teams in GitHub's form come out, each once, and each from a line that names it. */
import fc from 'fast-check';
import { ownersOf } from '../../../src/domain/code-owners.ts';
import { isMention } from '../../../src/domain/mention.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, shortText } from '../texts.ts';

const pattern = fc.oneof(
  fc.constantFrom(
    '*',
    '**',
    '/src/',
    'docs/*',
    '*.js',
    '**/logs',
    '/a/**/b',
    'a\\ b',
    '!x',
    '[x]',
    '\\',
    '#',
    '/',
  ),
  shortText,
);
const owner = fc.oneof(
  fc.constantFrom('@ann', '@acme/core', 'ann@example.com', '@-', '@a/b/c', '@everyone!', '#'),
  shortText,
);
const line = fc
  .tuple(pattern, fc.array(owner, { maxLength: 4 }))
  .map(([glob, owners]) => [glob, ...owners].join(' '));
const file = fc.array(line, { maxLength: 20 }).map(lines => lines.join('\n'));
const paths = fc.array(
  fc.oneof(fc.constantFrom('src/a.js', 'docs/b.md', 'docs/c/d.md', 'a b', 'logs', 'a/x/b'), shortText),
  { maxLength: 5 },
);

export const target = fuzzTarget({
  name: 'code owners',
  inputs: fc.tuple(fc.oneof({ weight: 3, arbitrary: file }, outsideText), paths),
  check: ([text, changed]) => {
    const owners = ownersOf(text, changed);
    const names = new Set(owners.map(name => name.toLowerCase()));
    if (names.size !== owners.length) throw new Error('an owner is named twice');
    for (const name of owners) {
      if (!isMention(name)) throw new Error('an owner is not a mention');
      if (!text.includes(name)) throw new Error(`${name} is not in the file`);
    }
    const alone = changed.flatMap(path => ownersOf(text, [path]).map(name => name.toLowerCase()));
    if (new Set(alone).size !== names.size) throw new Error('the owners of a path depend on other paths');
  },
});
