/** The policy file of a repository: it is a policy, or its problems are named. It never throws. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parsePolicyFile, problemText } from '../../../src/config/policy-file.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, shortText } from '../texts.ts';

const keys = fc.constantFrom(
  ...['version', 'optIn', 'label', 'limits', 'silence', 'risk', 'words', 'high', 'change', 'protectedPaths'],
  ...[
    'verify',
    'commands',
    'merge',
    'release',
    'probes',
    'gates',
    'agent',
    'setUp',
    'escalation',
    '__proto__',
    '<<',
  ],
);
const scalars = fc.oneof(
  fc.constantFrom<unknown>(
    1,
    0,
    -1,
    null,
    true,
    '5m',
    '1e999',
    'ai',
    'low',
    [],
    {},
    '**',
    '/etc',
    '..',
    '*a',
  ),
  shortText,
  fc.double(),
);
const values = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(keys, shortText), tie('value'), { maxKeys: 5 }),
  ),
})).value;

const written = values.map(value => stringify(value, { aliasDuplicateObjects: false }));
const lines = fc
  .array(fc.tuple(fc.nat(3), fc.oneof(keys, shortText), fc.oneof(scalars.map(String), shortText)), {
    maxLength: 12,
  })
  .map(rows => rows.map(([depth, key, value]) => `${'  '.repeat(depth)}${key}: ${value}`).join('\n'));
/** Aliases, anchors, tags, merge keys and directives. */
const yamlForms = fc.constantFrom(
  ...[
    'a: &a 1\n',
    'b: *a\n',
    '<<: *a\n',
    'x: &x [*x]\n',
    '*a : 1\n',
    '!!binary x',
    '!!set {a}\n',
    '!!js x\n',
  ],
  ...[
    '%YAML 1.1\n',
    '---\n',
    '...\n',
    '? a\n: b\n',
    '? {a: 1}\n: 2\n',
    '{a: ',
    '[',
    '- ',
    'a: |\n',
    'a: >+9\n',
    '"',
    "'",
  ],
  ...[
    'version: 1\n',
    'version: 1 # \n',
    '!!timestamp x\n',
    'a: !!null\n',
    '!<tag:x> a\n',
    '%TAG ! x\n',
    '\t',
  ],
);
const forms = fc.array(fc.oneof(yamlForms, shortText), { maxLength: 10 }).map(parts => parts.join(''));

export const target = fuzzTarget({
  name: 'policy',
  inputs: fc.oneof(written, lines, forms, outsideText),
  check: text => {
    const reading = parsePolicyFile(text);
    if ('policy' in reading) {
      const again = parsePolicyFile(text);
      if (!('policy' in again) || again.policy.digest !== reading.policy.digest)
        throw new Error('the same file is another policy');
      return;
    }
    if (reading.problems.length === 0) throw new Error('neither a policy nor a problem');
    for (const problem of reading.problems)
      if (problemText(problem).trim() === '') throw new Error('a problem without words');
  },
});
