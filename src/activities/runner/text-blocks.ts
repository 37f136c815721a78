/** Lines of output, joined into a few long strings: millions of short lines must not cost memory beyond their text. */
const BLOCK_CHARS = 64 * 1024;
const BLOCK_LINES = 1_000;

export interface TextLimits {
  readonly chars: number;
  readonly lines: number;
}

interface Block {
  readonly text: string;
  readonly lines: number;
}

export class TextBlocks {
  readonly #blocks: Block[] = [];
  #open: string[] = [];
  #openChars = 0;
  #closedChars = 0;
  #closedLines = 0;

  /** Includes one line feed per line. */
  get chars(): number {
    return this.#closedChars + this.#openChars;
  }

  get lines(): number {
    return this.#closedLines + this.#open.length;
  }

  add(line: string): void {
    this.#open.push(line);
    this.#openChars += line.length + 1;
    if (this.#openChars >= BLOCK_CHARS || this.#open.length >= BLOCK_LINES) this.#close();
  }

  /** Drops the oldest lines, one block at a time, while at least that much of one limit remains. */
  keepLast({ chars, lines }: TextLimits): void {
    for (let oldest = this.#blocks[0]; oldest !== undefined; oldest = this.#blocks[0]) {
      const charsLeft = this.chars - oldest.text.length - 1;
      if (charsLeft < chars && this.lines - oldest.lines < lines) return;
      this.#closedChars -= oldest.text.length + 1;
      this.#closedLines -= oldest.lines;
      this.#blocks.shift();
    }
  }

  text(): string {
    return [...this.#blocks.map(block => block.text), ...this.#open].join('\n');
  }

  #close(): void {
    this.#blocks.push({ text: this.#open.join('\n'), lines: this.#open.length });
    this.#closedChars += this.#openChars;
    this.#closedLines += this.#open.length;
    this.#open = [];
    this.#openChars = 0;
  }
}
