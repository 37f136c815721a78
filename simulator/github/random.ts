/** Seeded randomness (mulberry32): the same seed gives the same ids and delivery UUIDs. */

export interface Random {
  /** A whole number in [0, 2^32). */
  readonly uint32: () => number;
  readonly hex: (length: number) => string;
  readonly uuid: () => string;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const uint32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const hex = (length: number): string => {
    let digits = '';
    while (digits.length < length) digits += uint32().toString(16).padStart(8, '0');
    return digits.slice(0, length);
  };
  const uuid = (): string => {
    const variant = (8 + (uint32() % 4)).toString(16);
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
  };
  return { uint32, hex, uuid };
}
