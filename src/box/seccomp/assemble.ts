/** A small assembler for the classic BPF of seccomp, with labels instead of offsets. Pure. */

/** One 32-bit word of `struct seccomp_data`. */
export type DataWord = { readonly word: 'number' | 'architecture' } | { readonly argument: 0 | 1 | 2 };

export type Instruction =
  | { readonly op: 'label'; readonly label: string }
  | { readonly op: 'load'; readonly from: DataWord }
  | { readonly op: 'and'; readonly value: number }
  | {
      readonly op: 'if-equal' | 'if-at-least';
      readonly value: number;
      readonly then: string;
      readonly else: string;
    }
  | { readonly op: 'jump'; readonly to: string }
  | { readonly op: 'return'; readonly value: number };

/** Returns an array of `struct sock_filter`. Throws if a label is missing, duplicate, or before a jump to it. */
export function assemble(program: readonly Instruction[]): Buffer {
  const { positions, length } = layOut(program);
  if (length > LENGTH_MAX) throw new Error(`a filter of ${length} instructions is too long`);
  const words: Buffer[] = [];
  for (const instruction of program) words.push(...encode(instruction, words.length, positions));
  return Buffer.concat(words);
}

/** BPF_MAXINSNS */
const LENGTH_MAX = 4096;
const CODE = {
  load: 0x20,
  and: 0x54,
  jump: 0x05,
  'if-equal': 0x15,
  'if-at-least': 0x35,
  return: 0x06,
} as const;

/**
 * A conditional jump reaches only 255 instructions. So each is followed by two unconditional jumps, which have no such
 * limit: more instructions than necessary, but simple offsets.
 */
function sizeOf({ op }: Instruction): number {
  if (op === 'label') return 0;
  return op === 'if-equal' || op === 'if-at-least' ? 3 : 1;
}

function layOut(program: readonly Instruction[]) {
  const positions = new Map<string, number>();
  let length = 0;
  for (const instruction of program) {
    if (instruction.op === 'label') {
      if (positions.has(instruction.label)) throw new Error(`duplicate label ${instruction.label}`);
      positions.set(instruction.label, length);
    }
    length += sizeOf(instruction);
  }
  return { positions, length };
}

function encode(instruction: Instruction, at: number, positions: ReadonlyMap<string, number>): Buffer[] {
  const jump = (to: string, from: number): Buffer => {
    const target = positions.get(to);
    if (target === undefined) throw new Error(`missing label ${to}`);
    if (target <= from) throw new Error(`the label ${to} is before a jump to it`);
    return word(CODE.jump, target - from - 1);
  };
  switch (instruction.op) {
    case 'label':
      return [];
    case 'load':
      return [word(CODE.load, offsetOf(instruction.from))];
    case 'and':
    case 'return':
      return [word(CODE[instruction.op], instruction.value)];
    case 'jump':
      return [jump(instruction.to, at)];
    case 'if-equal':
    case 'if-at-least':
      return [
        word(CODE[instruction.op], instruction.value, { ifTrue: 0, ifFalse: 1 }),
        jump(instruction.then, at + 1),
        jump(instruction.else, at + 2),
      ];
  }
}

/** Both architectures are little-endian: the low half of an argument comes first. */
function offsetOf(from: DataWord): number {
  if ('argument' in from) return 16 + 8 * from.argument;
  return from.word === 'number' ? 0 : 4;
}

function word(code: number, value: number, jumps = { ifTrue: 0, ifFalse: 0 }): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(jumps.ifTrue, 2);
  bytes.writeUInt8(jumps.ifFalse, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
