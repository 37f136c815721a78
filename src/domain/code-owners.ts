/**
 * The owners of paths by a CODEOWNERS file (GitHub docs, "About code owners"): the last line that matches a path decides; a
 * line without owners means that nobody owns it. Patterns are those of .gitignore without `!`, `[…]` and an escaped `#`.
 * Case matters. Matched without a regular expression: the time is at most the product of the two lengths.
 */
import { distinct, isMention } from './mention.ts';

/** Where GitHub looks, in its order; the first file counts. */
export const CODE_OWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

const CHARS_MAX = 256 * 1024;
const LINES_MAX = 5_000;
const LINE_CHARS_MAX = 2_000;

/** Mentions, each once, in the order of the paths. Owners named by an e-mail address cannot be mentioned. */
export function ownersOf(text: string, paths: readonly string[]): readonly `@${string}`[] {
  const rules = text
    .slice(0, CHARS_MAX)
    .replace(/^\uFEFF/, '')
    .split('\n', LINES_MAX)
    .map(ruleOf)
    .filter(rule => rule !== undefined);
  const ownersFor = (path: string): Rule['owners'] => {
    const components = path.split('/');
    return rules.findLast(rule => owns(rule, components))?.owners ?? [];
  };
  return distinct(paths.flatMap(ownersFor));
}

/** Components of characters; an escaped character keeps its backslash, so that it is no wildcard. */
type Pattern = readonly (readonly string[])[];

interface Rule {
  readonly pattern: Pattern;
  /** `docs/*` owns the files of the folder, but unlike in .gitignore not those of folders within. */
  readonly isFlat: boolean;
  readonly isFolder: boolean;
  readonly owners: readonly `@${string}`[];
}

/** Undefined for a line without a pattern, and for one that GitHub skips as invalid. */
function ruleOf(line: string): Rule | undefined {
  const [glob = '', ...owners] = wordsOf(line.slice(0, LINE_CHARS_MAX));
  if (glob === '' || glob.startsWith('!') || /[[\]]/.test(glob) || !owners.every(isOwner)) return undefined;
  const bare = glob.replace(/^\//, '').replace(/\/$/, '');
  const isAnchored = glob.startsWith('/') || bare.includes('/');
  const components = bare.split('/');
  return {
    pattern: [...(isAnchored ? [] : ['**']), ...components].map(charactersOf),
    isFlat: isAnchored && components.at(-1) === '*',
    isFolder: glob.endsWith('/'),
    owners: owners.filter(isMention),
  };
}

/** Words can contain escaped spaces; `#` at the start of one begins a comment. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const comment = words.findIndex(word => word.startsWith('#'));
  return comment === -1 ? words : words.slice(0, comment);
}

function isOwner(word: string): boolean {
  return isMention(word) || /^[^\s@]+@[^\s@]+$/.test(word);
}

function charactersOf(component: string): readonly string[] {
  return component.match(/\\?./gsu) ?? [];
}

function owns({ pattern, isFlat, isFolder }: Rule, path: readonly string[]): boolean {
  const below = [...pattern, ['*', '*']];
  // `**` also matches nothing: below a folder there must be something.
  if (isFolder) return fits(pattern.concat([['*'], ['*', '*']]), path);
  return fits(isFlat ? pattern : below, path);
}

function fits(pattern: Pattern, path: readonly string[]): boolean {
  return matches(pattern, path, {
    isAny: component => component.length === 2 && component.every(character => character === '*'),
    isOne: (component, name) =>
      matches(component, Array.from(name), {
        isAny: character => character === '*',
        isOne: (character, found) => character === '?' || character.replace(/^\\(?=.)/s, '') === found,
      }),
  });
}

interface Match<P, T> {
  /** Matches any number of items. */
  readonly isAny: (pattern: P) => boolean;
  readonly isOne: (pattern: P, text: T) => boolean;
}

/** On a mismatch only the latest wildcard takes one more: an earlier one could not help. */
function matches<P, T>(pattern: readonly P[], text: readonly T[], { isAny, isOne }: Match<P, T>): boolean {
  let [at, next] = [0, 0];
  let wildcard: { readonly after: number; readonly taken: number } | undefined;
  while (next < text.length) {
    const [wanted, found] = [pattern[at], text[next] as T];
    if (wanted !== undefined && isAny(wanted)) {
      at += 1;
      wildcard = { after: at, taken: next };
    } else if (wanted !== undefined && isOne(wanted, found)) {
      at += 1;
      next += 1;
    } else if (wildcard === undefined) return false;
    else {
      wildcard = { ...wildcard, taken: wildcard.taken + 1 };
      [at, next] = [wildcard.after, wildcard.taken];
    }
  }
  return pattern.slice(at).every(isAny);
}
