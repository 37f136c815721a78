/** Passes values on a few times a second at most. The latest one always arrives. */
const PER_SECOND = 4;
const SECOND_MS = 1_000;

export class Paced<T> {
  readonly #take: (value: T) => void;
  #left = PER_SECOND;
  #latest: readonly T[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(take: (value: T) => void) {
    this.#take = take;
  }

  offer(value: T): void {
    this.#timer ??= setTimeout(() => this.#nextSecond(), SECOND_MS);
    if (this.#left === 0) {
      this.#latest = [value];
      return;
    }
    this.#left -= 1;
    this.#take(value);
  }

  /** Passes on the value that still waits. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const value of this.#taken()) this.#take(value);
  }

  #nextSecond(): void {
    this.#timer = undefined;
    this.#left = PER_SECOND;
    for (const value of this.#taken()) this.offer(value);
  }

  #taken(): readonly T[] {
    const latest = this.#latest;
    this.#latest = [];
    return latest;
  }
}
