/** An interpreter of classic BPF for seccomp, written independently from the kernel's documentation. */

export interface SyscallData {
  readonly number: number;
  readonly architecture: number;
  readonly args?: readonly bigint[];
}

export interface Outcome {
  readonly value: number;
  readonly steps: number;
}

export function interpret(program: Buffer, { number, architecture, args = [] }: SyscallData): Outcome {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number >>> 0, 0);
  data.writeUInt32LE(architecture, 4);
  args.forEach((arg, index) => data.writeBigUInt64LE(BigInt.asUintN(64, arg), 16 + 8 * index));
  let accumulator = 0;
  let steps = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    steps += 1;
    const code = program.readUInt16LE(8 * at);
    const k = program.readUInt32LE(8 * at + 4);
    const jump = (holds: boolean): void => void (at += program.readUInt8(8 * at + (holds ? 2 : 3)));
    if (code === 0x20) accumulator = data.readUInt32LE(k);
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (code === 0x05) at += k;
    else if (code === 0x15) jump(accumulator === k);
    else if (code === 0x35) jump(accumulator >= k);
    else if (code === 0x06) return { value: k, steps };
    else throw new Error(`unsupported instruction: ${code}`);
  }
  throw new Error('the program ends without a return');
}
