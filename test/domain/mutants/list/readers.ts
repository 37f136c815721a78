/** Mutants of what reads text: contracts and what hides in them, commands with their words, names, lines of ours. */
import { type Mutant, mutantsOf } from '../mutant.ts';

const FIELDS = 'how the fields of a contract are found';
const FENCES = 'headings and fences';
const TOLD = 'who stands at the gate is told of hidden text, and not without end';
const VIEW = 'what readers see, and what they do not';
const WORDS = 'commands with their words';
const NAMES = 'names of issues and repositories';

export const READER_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('contract.ts', [
    [
      'a mode is the first word of its field',
      "return /[A-Za-z-]+/.exec(text)?.[0] ?? '';",
      'return text;',
      '8 same text',
      FIELDS,
    ],
    [
      'a field has other names',
      'field.title.toLowerCase() === folded || field.also.includes(folded)',
      'field.title.toLowerCase() === folded',
      '8 same text',
      FIELDS,
    ],
    ['a list has items', 'found.length > 0 || text ===', 'text ===', '8 same text', FIELDS],
    [
      'a text without items is one',
      "=== '' ? found : [text];",
      "=== '' ? found : found;",
      '8 same text',
      FIELDS,
    ],
    [
      'a fence ends where it is closed',
      'return mark.startsWith(open) ? undefined : open;',
      'return open;',
      '8 same text',
      FENCES,
    ],
    [
      'a fence ends only with its own mark',
      'return mark.startsWith(open) ? undefined : open;',
      'return undefined;',
      '8 same text',
      FENCES,
    ],
    ['how much more is hidden is told', 'return more > 0 ?', 'return more > 99 ?', '8 same text', TOLD],
    [
      'hidden text is told, and not without end',
      'text.length > HIDDEN_CHARS_MAX ?',
      'text.length > 9_999 ?',
      '14 inert',
      TOLD,
    ],
  ]),
  ...mutantsOf('hidden-text.ts', [
    [
      'a fence of backticks ends with as many',
      'CLOSES.exec(line)?.[1]?.startsWith(fence) === true',
      'CLOSES.test(line)',
      '21 in vain',
      TOLD,
    ],
    ['a fence of tildes is one', 'return ticks ?? tildes;', 'return ticks;', '21 in vain', TOLD],
    ['code is shown as it is', 'isCode ? codeAsItIs', 'false ? codeAsItIs', '21 in vain', TOLD],
    ['what is no code is looked through', 'isCode ? codeAsItIs', 'true ? codeAsItIs', '8 same text', VIEW],
    [
      'what stands behind the mark of a fence is hidden',
      'hidden.push(...lines.filter(line => FENCE_MARK.test(line)).flatMap(asides));',
      '',
      '8 same text',
      VIEW,
    ],
    [
      'the same behind a mark that is no trusted one',
      'image ?? title ?? info ??',
      'image ?? title ??',
      '8 same text',
      VIEW,
    ],
    [
      'what a fence holds is code',
      'const isCode = isInside || place.fence !== undefined;',
      'const isCode = false;',
      '21 in vain',
      TOLD,
    ],
    [
      'what hides nothing asks nobody',
      "if (line !== '') hidden.push(line);",
      'hidden.push(line);',
      '21 in vain',
      TOLD,
    ],
    [
      'what is shown stays',
      'if (found === undefined) return token;',
      "if (found === undefined) return '';",
      '8 same text',
      FENCES,
    ],
    [
      'plain letters that cannot be seen are spelled',
      "return spelled.trim() === '' ?",
      'return true ?',
      '8 same text',
      VIEW,
    ],
    [
      'a comment goes on to its end',
      'return open === close ? before : open > close;',
      'return before;',
      '8 same text',
      VIEW,
    ],
    [
      'a line without a mark leaves it as it was',
      'return open === close ? before : open > close;',
      'return open > close;',
      '8 same text',
      VIEW,
    ],
  ]),
  ...mutantsOf('decision.ts', [
    [
      'an approval names its gate',
      '...(gate === undefined ? {} : { gate }),\n    ...(digest',
      '...(digest',
      '7 named',
      WORDS,
    ],
    [
      'an approval names its digest behind the gate',
      'gate === undefined ? words[0] : words[1]',
      'words[0]',
      '7 named',
      WORDS,
    ],
    [
      'a reason is not without end',
      '{ reason: text.slice(0, REASON_CHARS_MAX) }',
      '{ reason: text }',
      '9 command',
      WORDS,
    ],
    [
      'without a word there is no reason',
      "return text === '' ? {} :",
      'return false ? {} :',
      '9 command',
      WORDS,
    ],
    [
      'a command that lacks its word is none',
      'return found === undefined ? undefined : { kind, ...found };',
      'return { kind, ...found };',
      '9 command',
      'comments that are no commands',
    ],
  ]),
  ...mutantsOf('issue-ref.ts', [
    [
      'an issue by its short name',
      'SHORT.exec(text) ?? URL_FORM.exec(text)',
      'URL_FORM.exec(text)',
      '20 generation',
      NAMES,
    ],
    [
      'what names no issue leads to none',
      '  if (owner === undefined || repo === undefined || number === undefined) return undefined;\n',
      '',
      '20 generation',
      NAMES,
    ],
    [
      'what names no repository leads to none',
      'return owner === undefined || repo === undefined ? undefined : { owner, repo };',
      'return { owner, repo } as never;',
      '20 generation',
      NAMES,
    ],
  ]),
  ...mutantsOf('snapshot.ts', [
    [
      'a line that cannot be read tells of no life',
      '  } catch {\n    return {};',
      "  } catch {\n    return { generation: 1, stage: 'cancelled', actsReadTo: 0 };",
      '10 names',
      'a line of ours that cannot be read',
    ],
  ]),
];
