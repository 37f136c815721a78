/** Which field of the contract a heading names: by our own names, and by those of the policy. */
import { CONTRACT_FIELDS, type Field, type FieldKey } from './contract-fields.ts';
import { skeleton } from './look-alike.ts';
import { slipsBetween } from './near-word.ts';
import { RISKS } from './risk.ts';

/** Headings of a repository's own issue forms, each with the field that it names. */
export type HeadingMap = Readonly<Record<string, FieldKey>>;

/** The fields by the folded headings that name them. */
export type FieldNames = ReadonlyMap<string, Field>;

/** A longer heading names no field. */
export const HEADING_CHARS_MAX = 100;

const FIELDS = new Map(CONTRACT_FIELDS.map(field => [field.key, field]));

/** The words of the policy come before our own: a form may use one of our names for something else. */
export function namesWith(headings: HeadingMap): FieldNames {
  const theirs = Object.entries(headings).flatMap(([heading, key]) => {
    const field = FIELDS.get(key);
    return field === undefined ? [] : [[folded(heading), field] as const];
  });
  return new Map([...OWN_NAMES, ...theirs].filter(([name]) => name !== ''));
}

/** The field that a heading names. Case, punctuation, numbers, emoji and “(required)” make no difference. */
export function fieldOf(heading: string, names: FieldNames = OWN_NAMES): Field | undefined {
  return names.get(folded(heading));
}

/** The field whose name is almost or partly that of the heading, of those that are `open`. */
export function almost(
  heading: string,
  open: readonly Field[],
  names: FieldNames = OWN_NAMES,
): Field | undefined {
  const name = folded(heading);
  if (name === '') return undefined;
  return open.find(field =>
    [...names].some(([known, of]) => of === field && isAlmost(name, known, field.required)),
  );
}

/** A required field that is missing holds the issue anyway. An optional one must be nearly spelled out, in letters of any script. */
function isAlmost(name: string, known: string, isRequired: boolean): boolean {
  if (skeleton(name) === skeleton(known)) return true;
  if (isRequired && isWithin(name, known)) return true;
  const most = Math.min(SLIPS_MAX, Math.floor(known.length / LETTERS_PER_SLIP));
  return Math.abs(name.length - known.length) <= most && slipsBetween(name, known) <= most;
}

const SLIPS_MAX = 2;
const LETTERS_PER_SLIP = 5;

/** Whether a folded text contains folded words as they are. Scripts without blanks have no ends of words. */
export function isWithin(text: string, words: string): boolean {
  return UNSPACED.test(words) ? text.includes(words) : ` ${text} `.includes(` ${words} `);
}

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/**
 * The lines that give a field of `open` a value of their own, folded: `Mode: guarded`. The lowest value is what holds without
 * such a line.
 */
export function choiceLines(open: readonly Field[], names: FieldNames): ReadonlyMap<string, Field> {
  const lines = new Map<string, Field>();
  for (const [name, field] of names)
    if (open.includes(field))
      for (const option of field.options ?? [])
        if (option !== LOWEST_RISK) lines.set(`${name} ${folded(option)}`, field);
  return lines;
}

const [LOWEST_RISK] = RISKS;

/** Its words in lower case, without what people add to a heading. Empty for a text that is longer than a heading. */
export function folded(heading: string): string {
  if (heading.length > HEADING_CHARS_MAX) return '';
  const words = heading
    .normalize('NFKC')
    .replace(WRITTEN_OUT, '')
    .toLowerCase()
    .replace(SHORTCODE, ' ')
    .split(NO_WORD)
    .filter(word => word !== '');
  const first = words.findIndex(word => !NUMBER.test(word));
  return words
    .slice(Math.max(0, first))
    .filter(word => !ADDED.has(word))
    .join(' ');
}

/** Invisible characters, in the form that `visible` writes. */
const WRITTEN_OUT = /⟦U\+[0-9A-F]{4,6}⟧/g;
/** An emoji by its name. */
const SHORTCODE = /:[a-z0-9_+-]+:/g;
const NO_WORD = /[^\p{L}\p{N}\p{M}]+/u;
const NUMBER = /^\p{N}[\p{N}\p{M}]*$/u;
const ADDED: ReadonlySet<string> = new Set([
  ...['required', 'optional', 'mandatory', 'pflicht', 'pflichtfeld', 'erforderlich'],
  ...['obligatoire', 'facultatif', 'optionnel', 'obligatorio', 'opcional', 'obrigatório'],
  ...['obbligatorio', 'opzionale', 'verplicht', 'optioneel', 'wymagane', 'opcjonalne'],
  ...['必填', '选填', '必須', '任意', '필수', '선택', 'обязательно', 'необязательно'],
]);

const OWN_NAMES: FieldNames = new Map(
  CONTRACT_FIELDS.flatMap(field => [field.title, ...field.also].map(name => [folded(name), field] as const)),
);
