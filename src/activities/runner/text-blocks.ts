/** Lines of output, joined into a few long strings: millions of short lines must not cost memory beyond their text. */
const BLOCK_CHARS = 64 * 1024;

export class TextBlocks {
  readonly #blocks: string[] = [];
  #open: string[] = [];
  #openChars = 0;
  #closedChars = 0;

  /** Includes one line feed per line. */
  get chars(): number {
    return this.#closedChars + this.#openChars;
  }

  add(line: string): void {
    this.#open.push(line);
    this.#openChars += line.length + 1;
    if (this.#openChars >= BLOCK_CHARS) this.#close();
  }

  /** Drops the oldest lines, one block at a time, while at least `chars` characters remain. */
  keepLast(chars: number): void {
    for (let oldest = this.#blocks[0]; oldest !== undefined; oldest = this.#blocks[0]) {
      if (this.chars - oldest.length - 1 < chars) return;
      this.#closedChars -= oldest.length + 1;
      this.#blocks.shift();
    }
  }

  text(): string {
    return [...this.#blocks, ...this.#open].join('\n');
  }

  #close(): void {
    this.#blocks.push(this.#open.join('\n'));
    this.#closedChars += this.#openChars;
    this.#open = [];
    this.#openChars = 0;
  }
}
