/** What hides text while a document is read from its start to its end: comments, elements that show nothing, collapsed parts. */
import { visible } from '../invisible.ts';
import { ANCHORS, attributeAside } from './asides.ts';
import { EMPTY_ELEMENTS, SHOWN_ELEMENTS, SHRINKING_ELEMENTS, SWALLOWING_ELEMENTS } from './elements.ts';
import { hiddenFormulas } from './formulas.ts';
import { htmlPartAt, NEVER, type PlacedPart } from './html.ts';

type Does = 'shows' | 'hides' | 'collapsed' | 'summary';

interface OpenElement {
  readonly name: string;
  readonly does: Does;
  readonly text: string[];
  /** Of a link: what only its text would show. */
  readonly link?: { readonly address: string; readonly seen: number };
}

export class Concealment {
  readonly hidden: string[] = [];
  /** Characters written as entities that readers do not see, in the form of `visible`. */
  readonly unseen: string[] = [];
  /** The innermost comes last. The other members keep what is asked of it often, so that no question takes a search. */
  readonly #open: OpenElement[] = [];
  readonly #names = new Map<string, number>();
  /** Open details and summaries. */
  readonly #foldable: OpenElement[] = [];
  /** The outermost element whose content is hidden. */
  #hiding: OpenElement | undefined;
  readonly #anchors: string[] = [];
  /** How many texts and pictures readers have seen so far. */
  #seen = 0;
  /** Everything is swallowed until raw HTML contains this. */
  #swallowing: { readonly until: string; readonly text: string[] } | undefined;

  get isHiding(): boolean {
    return this.#swallowing !== undefined || this.#hiding !== undefined;
  }

  get depth(): number {
    return this.#open.length;
  }

  note(text: string | undefined): void {
    const line = text?.replace(/\s+/g, ' ').trim() ?? '';
    if (line !== '') this.hidden.push(line);
  }

  picture(): void {
    this.#seen += 1;
  }

  /** Text between tags. */
  text(content: string): void {
    if (content.trim() !== '') this.#seen += 1;
    const written = visible(content);
    if (written !== content) this.unseen.push(written);
    const spaced = content.replace(BLANKS, blank => (blank === '\t' ? TAB : ' '));
    for (const { groups } of spaced.matchAll(FAR)) this.note(groups?.['text']);
    const collector = this.#swallowing ?? this.#hiding ?? this.#collapsed();
    collector?.text.push(content);
  }

  /** Returns what of the HTML shows all that it says. */
  html(html: string): string {
    const lower = html.toLowerCase();
    let shown = '';
    for (let at = this.#resumed(lower, html, 0); at < html.length;) {
      const part = htmlPartAt(html, at);
      const raw = html.slice(part.start, part.end);
      if (this.#part(part, raw)) shown += raw;
      at = this.#resumed(lower, html, part.end);
    }
    return shown;
  }

  /** Where HTML goes on after what is swallowed; `from` if nothing is. */
  #resumed(lower: string, html: string, from: number): number {
    const swallowing = this.#swallowing;
    if (swallowing === undefined) return from;
    const at = lower.indexOf(swallowing.until, from);
    swallowing.text.push(html.slice(from, at < 0 ? html.length : at));
    if (at < 0) return html.length;
    this.#endSwallowing();
    return swallowing.until === COMMENT_END ? at + COMMENT_END.length : at;
  }

  #part(part: PlacedPart, raw: string): boolean {
    switch (part.kind) {
      case 'text':
        this.text(part.text);
        return this.#formulas(part.text) && !this.isHiding;
      case 'unseen':
        if (part.until === undefined) this.note(part.text);
        else this.#swallow(part.until, part.text);
        return false;
      case 'open':
        return this.#opened(part, raw);
      case 'close':
        return this.#closed(part, raw);
    }
  }

  /** Whether all formulas in text between tags show what they say. If not, the whole text counts as hidden. */
  #formulas(text: string): boolean {
    const said = text.replace(DOLLAR, '$').replace(BACKSLASH, '\\');
    const isShown = hiddenFormulas(said).length === 0;
    if (!isShown) this.note(said);
    return isShown;
  }

  /** Ends what was opened in a paragraph and not closed there; a swallowing element goes on. */
  backTo(depth: number): void {
    while (this.#open.length > depth) this.#pop();
  }

  end(): void {
    this.#endSwallowing();
    this.backTo(0);
    // A few name places; many can spell a text.
    if (this.#anchors.length > ANCHORS_MAX) this.note(this.#anchors.join(' '));
  }

  #opened(part: Extract<PlacedPart, { kind: 'open' }>, raw: string): boolean {
    const { name, attributes, until } = part;
    if (until !== undefined) return this.#swallow(NEVER, raw);
    if (EMPTY_ELEMENTS.has(name) || SHOWN_ELEMENTS.has(name)) {
      const asides = attributes.flatMap(attribute => attributeAside(attribute, '') ?? []);
      for (const aside of asides) this.note(aside);
      this.#anchors.push(...attributes.filter(({ name: one }) => ANCHORS.has(one)).map(({ value }) => value));
      if (!EMPTY_ELEMENTS.has(name)) {
        const does = this.#isTooSmall(name) ? 'hides' : whatItDoes(part);
        this.#push({ name, does, text: [], ...this.#linkOf(part) });
      }
      if (name === 'img') this.picture();
      return asides.length === 0 && !this.isHiding;
    }
    if (SWALLOWING_ELEMENTS.has(name)) return this.#swallow(`</${name}`, `${raw.slice(1, -1)} `);
    this.#push({ name, does: 'hides', text: [`${raw.slice(1, -1)} `] });
    return false;
  }

  #linkOf({ name, attributes }: Extract<PlacedPart, { kind: 'open' }>): Pick<OpenElement, 'link'> {
    const address = attributes.find(attribute => attribute.name === 'href')?.value;
    return name === 'a' && address !== undefined ? { link: { address, seen: this.#seen } } : {};
  }

  /** Each of these elements makes its text smaller, in the end too small to read. */
  #isTooSmall(name: string): boolean {
    if (!SHRINKING_ELEMENTS.has(name)) return false;
    const around = Array.from(SHRINKING_ELEMENTS, shrinking => this.#names.get(shrinking) ?? 0);
    return around.reduce((sum, count) => sum + count, 0) >= SHRUNK_MAX;
  }

  #closed({ name, attributes }: Extract<PlacedPart, { kind: 'close' }>, raw: string): boolean {
    const isOpen = (this.#names.get(name) ?? 0) > 0;
    const at = isOpen ? this.#open.findLastIndex(open => open.name === name) : -1;
    if (at >= 0) this.backTo(at);
    const isKnown = at >= 0 || SHOWN_ELEMENTS.has(name) || SWALLOWING_ELEMENTS.has(name);
    if (attributes.length > 0 || !isKnown) this.note(raw.slice(2, -1));
    return attributes.length === 0 && SHOWN_ELEMENTS.has(name) && !this.isHiding;
  }

  #swallow(until: string, text: string): false {
    this.#swallowing = { until, text: [text] };
    return false;
  }

  #endSwallowing(): void {
    this.note(this.#swallowing?.text.join(''));
    this.#swallowing = undefined;
  }

  #push(element: OpenElement): void {
    const { name, does } = element;
    this.#open.push(element);
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    if (does === 'hides') this.#hiding ??= element;
    if (does === 'collapsed' || does === 'summary') this.#foldable.push(element);
  }

  #pop(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    const { name, does, text, link } = element;
    this.#names.set(name, (this.#names.get(name) ?? 0) - 1);
    if (link?.seen === this.#seen) this.note(link.address);
    if (this.#hiding === element) this.#hiding = undefined;
    if (this.#foldable.at(-1) === element) this.#foldable.pop();
    const said = text.join('').trim();
    if (does === 'hides') this.note(said);
    if (does === 'collapsed' && said !== '') this.note(`${COLLAPSED}${said}`);
  }

  /** The innermost collapsed element, unless its always visible summary is being read. */
  #collapsed(): OpenElement | undefined {
    const last = this.#foldable.at(-1);
    return last?.does === 'collapsed' ? last : undefined;
  }
}

const COMMENT_END = '-->';
const SHRUNK_MAX = 3;
const ANCHORS_MAX = 3;
/** As HTML can write the two signs that make a formula. */
const DOLLAR = /&(?:dollar|#0{0,9}36|#x0{0,9}24);?/gi;
const BACKSLASH = /&(?:bsol|#0{0,9}92|#x0{0,9}5c);?/gi;
/** Text in code that readers find only by scrolling to the side. */
const FAR = /(?<!\s)[^\S\n]{100,}(?<text>\S[^\n]*)/g;
const TAB = ' '.repeat(8);
/** A braille pattern without dots. */
const BLANKS = /\t|\u2800/g;
const COLLAPSED = 'shown only after a click: ';

function whatItDoes({ name, attributes }: Extract<PlacedPart, { kind: 'open' }>): Does {
  if (name === 'summary') return 'summary';
  return name === 'details' && !attributes.some(attribute => attribute.name === 'open')
    ? 'collapsed'
    : 'shows';
}
