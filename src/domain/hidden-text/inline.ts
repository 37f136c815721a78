/** Reads the inside of a paragraph, heading or cell: what of it is shown, and what is hidden beside it. */
import type { Token } from 'markdown-it';
import { addressAside, alternativeAside, labelAside, titleAside } from './asides.ts';
import type { Concealment } from './concealment.ts';
import { hiddenInFormula } from './drawn-code.ts';
import { type Footnote, notesIn, notesNamedIn } from './footnotes.ts';
import { type HiddenFormula, hiddenFormulas } from './formulas.ts';
import { placeOf } from './markup.ts';

interface Cut {
  readonly start: number;
  readonly end: number;
}

interface OpenLink {
  readonly token: Token;
  text: string;
  hasPicture: boolean;
}

export interface InlineReading {
  /** The content without its hidden parts. */
  readonly shown: string;
  /** Whether it ends inside a footnote, and whether that is shown. */
  readonly endsIn: 'none' | 'shown' | 'hidden';
}

/** `named`: the labels of the footnotes that are shown. */
export function readInline(
  token: Token,
  concealment: Concealment,
  named: ReadonlySet<string>,
): InlineReading {
  const { content, children } = token;
  const depth = concealment.depth;
  const reading = new Inline(content, concealment);
  for (const child of children ?? []) reading.child(child);
  reading.end();
  concealment.backTo(depth);
  const all = notesIn(content);
  const notes = all.filter(({ label }) => !named.has(label));
  for (const note of notes) concealment.note(note.text);
  for (const label of notesNamedIn(content)) if (named.has(label)) concealment.note(labelAside(label, ''));
  const formulas = hiddenFormulasIn(token);
  for (const { text } of formulas) concealment.note(text);
  if (formulas.length === 0) for (const { text } of reading.drawn()) concealment.note(text);
  const cuts = [...reading.cuts, ...notes, ...formulas];
  return { shown: without(content, cuts), endsIn: endOf(all.at(-1), named) };
}

function endOf(last: Footnote | undefined, named: ReadonlySet<string>): InlineReading['endsIn'] {
  if (last === undefined) return 'none';
  return named.has(last.label) ? 'shown' : 'hidden';
}

/** The content with code blanked out: nothing in it is markup. */
export function withoutCode(token: Token): string {
  return blanked(token.content, codeIn(token));
}

/** The content with everything blanked out that is no text: in it a reference to a footnote is one. */
export function onlyText({ content, children }: Token): string {
  const cuts = (children ?? []).flatMap(child => {
    const place = placeOf(child);
    if (place === undefined) return [];
    return [{ start: place.textEnd ?? place.start, end: place.end }];
  });
  return blanked(content, cuts).replace(URL, url => ' '.repeat(url.length));
}

/** GitHub links it as it is, with brackets. */
const URL = /(?:https?:\/\/|ftp:\/\/|www\.)[^\s<]*/gi;

function codeIn({ children }: Token): readonly (Cut & { readonly code: string })[] {
  return (children ?? []).flatMap(child => {
    const place = child.type === 'code_inline' ? placeOf(child) : undefined;
    return place === undefined ? [] : [{ start: place.start, end: place.end, code: child.content }];
  });
}

/** Also code between two dollars is a formula. */
function hiddenFormulasIn(token: Token): readonly HiddenFormula[] {
  const { content } = token;
  const ofCode = codeIn(token)
    .filter(({ start, end }) => content.charAt(start - 1) === '$' && content.charAt(end) === '$')
    .filter(({ code }) => hiddenInFormula(code).length > 0)
    .map(({ start, end, code }) => ({ start: start - 1, end: end + 1, text: code }));
  return [...ofCode, ...hiddenFormulas(withoutCode(token))];
}

class Inline {
  readonly cuts: Cut[] = [];
  readonly #content: string;
  readonly #concealment: Concealment;
  #link: OpenLink | undefined;
  /** Where the part that is being hidden begins. */
  #hiddenFrom: number | undefined;
  /** What the page shows, with a line for each piece that is between tags or marks. */
  #rendered = '';

  constructor(content: string, concealment: Concealment) {
    this.#content = content;
    this.#concealment = concealment;
    if (concealment.isHiding) this.#hiddenFrom = 0;
  }

  child(token: Token): void {
    switch (token.type) {
      case 'html_inline':
        this.#html(token);
        break;
      case 'image':
        this.#image(token);
        break;
      case 'link_open':
        this.#link = { token, text: '', hasPicture: false };
        break;
      case 'link_close':
        this.#linkEnd();
        break;
      default:
        this.#text(token);
        break;
    }
  }

  /** GitHub finds formulas in the rendered text too, so neither an escape nor an entity keeps a dollar from opening one. */
  drawn(): readonly HiddenFormula[] {
    return this.#rendered.split('\n').flatMap(text => hiddenFormulas(text));
  }

  end(): void {
    this.#concealment.text('\n');
    this.#hide(this.#content.length);
  }

  #text({ type, content }: Token): void {
    const text = type === 'softbreak' || type === 'hardbreak' ? ' ' : content;
    this.#concealment.text(text);
    this.#rendered += type === 'text' || text === ' ' ? text : '\n';
    if (this.#link !== undefined) this.#link.text += text;
  }

  #html(token: Token): void {
    this.#rendered += '\n';
    const { start, end } = placeOf(token) ?? { start: 0, end: 0 };
    const isShown = this.#concealment.html(token.content) === token.content;
    if (this.#concealment.isHiding) this.#hiddenFrom ??= start;
    else if (this.#hiddenFrom !== undefined) this.#hide(end);
    else if (!isShown) this.cuts.push({ start, end });
  }

  #hide(end: number): void {
    if (this.#hiddenFrom !== undefined) this.cuts.push({ start: this.#hiddenFrom, end });
    this.#hiddenFrom = undefined;
  }

  /** A picture stays without its alternative text, unless more is hidden beside it. */
  #image(token: Token): void {
    if (this.#link !== undefined) this.#link.hasPicture = true;
    this.#concealment.picture();
    const { start, end } = placeOf(token) ?? { start: 0, end: 0 };
    const alternative = alternativeAside(token.content);
    const others = [
      titleAside(String(token.attrGet('title') ?? ''), token.content),
      addressAside(String(token.attrGet('src') ?? '')),
      labelAside(token.meta?.['label'], token.content),
    ].filter(aside => aside !== undefined);
    for (const aside of [alternative, ...others]) this.#concealment.note(aside);
    const textStart = start + '!['.length;
    if (others.length > 0) this.cuts.push({ start, end });
    else if (alternative !== undefined)
      this.cuts.push({ start: textStart, end: textStart + token.content.length });
  }

  #linkEnd(): void {
    const link = this.#link;
    this.#link = undefined;
    if (link === undefined) return;
    const asides = linkAsides(link);
    for (const aside of asides) this.#concealment.note(aside);
    const { textEnd = 0, end } = placeOf(link.token) ?? { end: 0 };
    if (asides.length > 0) this.cuts.push({ start: textEnd + 1, end });
  }
}

function linkAsides({ token, text, hasPicture }: OpenLink): readonly string[] {
  if (token.info === 'auto') return [];
  const address = String(token.attrGet('href') ?? '');
  const isSeen = hasPicture || text.trim() !== '';
  return [
    titleAside(String(token.attrGet('title') ?? ''), text),
    isSeen ? addressAside(address) : address,
    labelAside(token.meta?.['label'], text),
  ].filter(aside => aside !== undefined);
}

/** Places can contain each other. */
function blanked(content: string, cuts: readonly Cut[]): string {
  let [text, from] = ['', 0];
  for (const { start, end } of cuts.toSorted((one, other) => one.start - other.start)) {
    if (start > from) text += content.slice(from, start);
    text += ' '.repeat(Math.max(0, end - Math.max(start, from)));
    from = Math.max(from, end);
  }
  return text + content.slice(from);
}

function without(content: string, cuts: readonly Cut[]): string {
  let [shown, from] = ['', 0];
  for (const { start, end } of cuts.toSorted((one, other) => one.start - other.start)) {
    if (start > from) shown += content.slice(from, start);
    from = Math.max(from, end);
  }
  return shown + content.slice(from);
}
