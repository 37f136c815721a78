/** Reads mode and risk: a choice is one accepted word below its own heading, once and with no other word. */
import { onlyWord } from './contract-answer.ts';
import { CONTRACT_FIELDS, type FieldKey } from './contract-fields.ts';
import { choiceLines, type FieldNames, folded } from './contract-headings.ts';
import { type Block, wordsOf } from './markdown.ts';
import { type Mode, parseMode } from './mode.ts';
import { type Risk, RISKS } from './risk.ts';

export interface Said {
  /** The texts below the headings of each field that has any. */
  readonly given: ReadonlyMap<FieldKey, readonly string[]>;
  readonly blocks: readonly Block[];
  readonly names: FieldNames;
}

export interface Choices {
  readonly chosen: { readonly mode?: Mode; readonly declaredRisk?: Risk };
  readonly unclearMode?: string;
  readonly unclearRisk?: string;
}

export function choicesIn(said: Said): Choices {
  const { given } = said;
  const mode = parseMode(onlyChoice(given.get('mode')) ?? '');
  const risk = RISKS.find(level => level === onlyChoice(given.get('risk')));
  const elsewhere = saidElsewhere(said);
  const isUnclear = (key: 'mode' | 'risk', value: string | undefined): boolean =>
    value === undefined && (given.has(key) || elsewhere.has(key));
  return {
    chosen: {
      ...(mode === undefined ? {} : { mode }),
      ...(risk === undefined ? {} : { declaredRisk: risk }),
    },
    ...(isUnclear('mode', mode) ? { unclearMode: choiceText('mode') } : {}),
    ...(isUnclear('risk', risk) ? { unclearRisk: choiceText('risk') } : {}),
  };
}

/** A field with a choice is one accepted word, once. */
function onlyChoice(texts: readonly string[] | undefined): string | undefined {
  const [text, ...others] = texts ?? [];
  return text === undefined || others.length > 0 ? undefined : onlyWord(text);
}

function choiceText(key: 'mode' | 'risk'): string {
  const { title, options = [] } = CONTRACT_FIELDS.find(field => field.key === key) ?? {};
  return `${title ?? ''}: one of ${options.join(', ')}, below its own heading, once and with no other word`;
}

/** Fields without a heading whose value stands in a line of the text: `**Mode:** guarded`. It is not taken, and not ignored. */
function saidElsewhere({ blocks, given, names }: Said): ReadonlySet<FieldKey> {
  const open = CONTRACT_FIELDS.filter(({ key, options }) => options !== undefined && !given.has(key));
  if (open.length === 0) return new Set();
  const choices = choiceLines(open, names);
  const inline = blocks.flatMap(({ tokens }) => tokens.filter(({ type }) => type === 'inline'));
  const lines = wordsOf(inline).split('\n');
  return new Set(lines.flatMap(line => choices.get(folded(line))?.key ?? []));
}
