/**
 * Separates the part of an issue's Markdown that readers on GitHub see from everything else. What they see is named: text,
 * code, the content of known elements, formulas and diagrams in forms that show all their words. The rest counts as hidden,
 * at the price of an unneeded question to a person. Takes time in proportion to the text.
 */
import type { Token } from 'markdown-it';
import { infoAside } from './hidden-text/asides.ts';
import { Concealment } from './hidden-text/concealment.ts';
import { hiddenInDrawing } from './hidden-text/drawn-code.ts';
import { notesIn, notesNamedIn } from './hidden-text/footnotes.ts';
import { onlyText, readInline } from './hidden-text/inline.ts';
import { tokensOf } from './hidden-text/markup.ts';
import { invisibleTexts } from './invisible.ts';
import { tooCostly } from './markdown.ts';

export interface ReadersView {
  /** The text without its hidden parts, still as Markdown. */
  readonly shown: string;
  /** Each hidden text as one line, without its markup. */
  readonly hidden: readonly string[];
}

/** `body`: with invisible characters written out. */
export function readersView(body: string): ReadersView {
  const text = body.replace(/\r\n?/g, '\n');
  const reader = new Reader(text);
  reader.read();
  return { shown: reader.shown(), hidden: reader.hidden(text) };
}

/** Only the texts that are hidden by markup, for comparing them with others. */
export function markupTexts(body: string): readonly string[] {
  const reader = new Reader(body.replace(/\r\n?/g, '\n'));
  reader.read();
  return reader.hidden('');
}

interface Row {
  readonly at: number;
  readonly cells: string[];
  isChanged: boolean;
}

class Reader {
  /** Undefined for a line whose text is now in the line before it. */
  readonly #lines: (string | undefined)[];
  readonly #tokens: readonly Token[];
  /** Only the rest of a footnote is read. */
  readonly #isNote: boolean;
  readonly #concealment = new Concealment();
  readonly #covered = new Set<number>();
  readonly #used: ReadonlySet<unknown>;
  readonly #named: ReadonlySet<string>;
  readonly #defined = new Set<unknown>();
  /** The row of a table: its cells have no place of their own. */
  #row: Row = { at: 0, cells: [], isChanged: false };
  #note: 'none' | 'shown' | 'hidden' = 'none';

  constructor(text: string, isNote = false) {
    this.#isNote = isNote;
    this.#lines = text.split('\n');
    this.#tokens = tokensOf(text);
    this.#used = usedLabels(this.#tokens);
    this.#named = shownNotes(this.#tokens);
  }

  shown(): string {
    return this.#lines.filter(line => line !== undefined).join('\n');
  }

  hidden(text: string): readonly string[] {
    const { hidden, unseen } = this.#concealment;
    return [...hidden, ...invisibleTexts([text, ...unseen].join('\n'))];
  }

  read(): void {
    for (const token of this.#tokens) this.#block(token);
    this.#concealment.end();
    this.#uncovered();
  }

  #block(token: Token): void {
    if (LEAVES.has(token.type)) this.#cover(token);
    switch (token.type) {
      case 'inline':
        this.#inline(token);
        break;
      case 'tr_open':
        this.#row = { at: token.map?.[0] ?? 0, cells: [], isChanged: false };
        break;
      case 'tr_close':
        this.#rowEnd();
        break;
      case 'fence':
        this.#fence(token);
        break;
      case 'code_block':
        this.#code(token, this.#hiddenInNote(token.content));
        break;
      case 'html_block':
        this.#html(token);
        break;
      case 'reference_definition':
        this.#definition(token);
        break;
    }
  }

  #cover({ map }: Token): void {
    const [from, to] = map ?? [0, 0];
    for (let line = from; line < to; line += 1) this.#covered.add(line);
  }

  #inline(token: Token): void {
    const { shown, endsIn } = readInline(token, this.#concealment, this.#named);
    this.#note = endsIn;
    const isChanged = shown !== token.content;
    if (token.map !== null && isChanged) this.#replace(token.map[0], token.content, shown);
    if (token.map !== null) return;
    this.#row.cells.push(shown.replaceAll('|', '\\|').replaceAll('\n', ' '));
    this.#row.isChanged ||= isChanged;
  }

  /** Keeps what stands before the content: marks of headings, lists and quotes. */
  #replace(from: number, content: string, shown: string): void {
    const rows = content.split('\n');
    const line = this.#lines[from] ?? '';
    const at = Math.max(0, line.indexOf(rows[0] ?? ''));
    this.#lines[from] = line.slice(0, at) + shown;
    this.#drop(from + 1, from + rows.length);
  }

  /** GitHub drops cells that have no heading. */
  #rowEnd(): void {
    const { at, cells, isChanged } = this.#row;
    const dropped = cellsIn((this.#lines[at] ?? '').replace(LEADING_MARKS, '')).slice(cells.length);
    for (const text of dropped) this.#concealment.note(text);
    if (isChanged || dropped.length > 0) this.#lines[at] = `| ${cells.join(' | ')} |`;
  }

  #fence(token: Token): void {
    const [language = ''] = token.info.trim().split(/\s+/);
    const aside = infoAside(token.info);
    this.#concealment.note(aside);
    const from = token.map?.[0] ?? 0;
    if (aside !== undefined) this.#lines[from] = (this.#lines[from] ?? '').replace(token.info, '');
    this.#code(token, hiddenInDrawing(language, token.content));
  }

  #code({ content, map }: Token, hidden: readonly string[]): void {
    this.#concealment.text(content);
    for (const text of hidden) this.#concealment.note(text);
    if (hidden.length > 0 || this.#concealment.isHiding) this.#drop(map?.[0] ?? 0, map?.[1] ?? 0);
  }

  /** On GitHub, what is indented below a footnote is more Markdown of it, and no code. */
  #hiddenInNote(content: string): readonly string[] {
    if (this.#note === 'none') return [];
    const isCostly = tooCostly(content, 'the note') !== undefined;
    if (this.#note === 'hidden' || this.#isNote || isCostly) return [content];
    const reader = new Reader(content, true);
    reader.read();
    return reader.hidden('');
  }

  #html({ content, map }: Token): void {
    const shown = this.#concealment.html(content);
    if (shown === content || map === null) return;
    this.#drop(map[0], map[1]);
    this.#lines[map[0]] = shown.trimEnd();
  }

  /** The first definition of a label that is used is shown where it is used. */
  #definition(token: Token): void {
    const label = token.meta?.['label'];
    const isShown = this.#used.has(label) && !this.#defined.has(label);
    this.#defined.add(label);
    const [from, to] = token.map ?? [0, 0];
    if (isShown) return;
    const text = this.#lines.slice(from, to).join(' ');
    this.#concealment.note(text.replace(EMPTY_DEFINITION, ''));
    this.#drop(from, to);
  }

  /** What belongs to nothing that is shown, such as blocks nested too deeply. */
  #uncovered(): void {
    const rest = this.#lines.flatMap((line = '', at) =>
      this.#covered.has(at) || MARKS.test(line) ? [] : [at],
    );
    this.#concealment.note(rest.map(at => this.#lines[at]?.replace(LEADING_MARKS, '')).join(' '));
    for (const at of rest) this.#lines[at] = '';
  }

  #drop(from: number, to: number): void {
    for (let line = from; line < to; line += 1) this.#lines[line] = undefined;
  }
}

const LEAVES: ReadonlySet<string> = new Set([
  'heading_open',
  'paragraph_open',
  'fence',
  'code_block',
  'html_block',
  'hr',
  'table_open',
  'reference_definition',
]);
/** `[//]: #` alone carries no text. */
const EMPTY_DEFINITION = /^ {0,3}\[\/*\]:[ \t]*(?:#|<>)/;
/** Empty items and quotes. */
const MARKS = /^[\s>*+\d.)-]*$/;
const LEADING_MARKS = /^[\s>*+-]+/;

/** The cells of a row as it is written. */
function cellsIn(row: string): readonly string[] {
  const cells = row.replaceAll('\\|', ' ').split('|');
  if (cells[0]?.trim() === '') cells.shift();
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells;
}

function usedLabels(tokens: readonly Token[]): ReadonlySet<unknown> {
  const children = tokens.flatMap(token => token.children ?? []);
  return new Set(children.flatMap(child => child.meta?.['label'] ?? []));
}

/** A footnote is shown if the text refers to it and there is one of that label. */
function shownNotes(tokens: readonly Token[]): ReadonlySet<string> {
  const texts = tokens.filter(({ type }) => type === 'inline').map(token => onlyText(token));
  const named = new Set(texts.flatMap(text => notesNamedIn(text)));
  const defined = new Set<string>();
  for (const { label } of texts.flatMap(text => notesIn(text)))
    if (defined.has(label)) named.delete(label);
    else defined.add(label);
  return named;
}
