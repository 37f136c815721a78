/**
 * Builds a tiny program that makes given system calls and prints the kernel's answers. The self-test needs calls that no
 * tool makes, and cannot rely on a compiler or an interpreter on the host. Pure.
 */
import type { Architecture } from './call.ts';

/** A number, or bytes whose address is passed to the kernel. */
export type CallArgument = number | Uint8Array;

export interface CallToMake {
  readonly number: number;
  readonly args: readonly CallArgument[];
}

/**
 * A static ELF executable. The whole program is a loop over a table: load a row into the registers, call, store the
 * answer in place of the number (below zero: minus an errno). The last rows print the table and end the process.
 */
export function callProgram(architecture: Architecture, calls: readonly CallToMake[]): Uint8Array {
  const { write, exitGroup } = NUMBERS[architecture];
  const rows: readonly CallToMake[] = [
    ...calls,
    { number: write, args: [1, DATA_ADDRESS, calls.length * ROW_BYTES] },
    { number: exitGroup, args: [0] },
  ];
  const code = CODE[architecture];
  const data = dataOf(rows);
  // The kernel maps complete pages of the file, so the data starts on a page boundary.
  const padding = Buffer.alloc(PAGE_BYTES - HEADERS_BYTES - code.length);
  return Buffer.concat([headers(architecture, data.length), code, padding, data]);
}

const CODE_ADDRESS = 0x40_0000;
const DATA_ADDRESS = 0x80_0000;
const PAGE_BYTES = 0x1000;
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const HEADERS_BYTES = HEADER_BYTES + 2 * SEGMENT_BYTES;
/** The number and six arguments. */
const ROW_BYTES = 56;

const NUMBERS = {
  x64: { write: 1, exitGroup: 231, machine: 62 },
  arm64: { write: 64, exitGroup: 94, machine: 183 },
} as const;

const x64 = [
  ...[0x48, 0xc7, 0xc3, 0x00, 0x00, 0x80, 0x00], // mov rbx, DATA_ADDRESS
  ...[0x48, 0x8b, 0x03], // mov rax, [rbx]
  ...[0x48, 0x8b, 0x7b, 0x08], // mov rdi, [rbx+8]
  ...[0x48, 0x8b, 0x73, 0x10], // mov rsi, [rbx+16]
  ...[0x48, 0x8b, 0x53, 0x18], // mov rdx, [rbx+24]
  ...[0x4c, 0x8b, 0x53, 0x20], // mov r10, [rbx+32]
  ...[0x4c, 0x8b, 0x43, 0x28], // mov r8, [rbx+40]
  ...[0x4c, 0x8b, 0x4b, 0x30], // mov r9, [rbx+48]
  ...[0x0f, 0x05], // syscall
  ...[0x48, 0x89, 0x03], // mov [rbx], rax
  ...[0x48, 0x83, 0xc3, 0x38], // add rbx, 56
  ...[0xeb, 0xda], // jmp to the second line
];

const arm64 = [
  0xd2a0_1013, // movz x19, #0x80, lsl #16
  0xf940_0268, // ldr x8, [x19]
  0xa940_8660, // ldp x0, x1, [x19, #8]
  0xa941_8e62, // ldp x2, x3, [x19, #24]
  0xa942_9664, // ldp x4, x5, [x19, #40]
  0xd400_0001, // svc #0
  0xf803_8660, // str x0, [x19], #56
  0x17ff_fffa, // b to the second line
];

const CODE: Readonly<Record<Architecture, Buffer>> = {
  x64: Buffer.from(x64),
  arm64: Buffer.concat(arm64.map(instruction => uint32(instruction))),
};

function dataOf(rows: readonly CallToMake[]): Buffer {
  const table = Buffer.alloc(rows.length * ROW_BYTES);
  const texts: Uint8Array[] = [];
  let end = table.length;
  const place = (argument: CallArgument): bigint => {
    if (typeof argument === 'number') return BigInt.asUintN(64, BigInt(argument));
    texts.push(argument, Buffer.alloc(8 - (argument.length % 8)));
    const address = DATA_ADDRESS + end;
    end += argument.length + 8 - (argument.length % 8);
    return BigInt(address);
  };
  for (const [row, { number, args }] of rows.entries()) {
    for (const [column, value] of [number, ...args].entries())
      table.writeBigUInt64LE(place(value), row * ROW_BYTES + column * 8);
  }
  return Buffer.concat([table, ...texts]);
}

function headers(architecture: Architecture, dataBytes: number): Buffer {
  const identity = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const entry = CODE_ADDRESS + HEADERS_BYTES;
  return Buffer.concat([
    identity,
    ...[uint16(EXECUTABLE), uint16(NUMBERS[architecture].machine), uint32(1)],
    ...[uint64(entry), uint64(HEADER_BYTES), uint64(0), uint32(0)],
    ...[HEADER_BYTES, SEGMENT_BYTES, 2, 64, 0, 0].map(uint16),
    segment({ flags: READ + EXECUTE, offset: 0, address: CODE_ADDRESS, length: PAGE_BYTES }),
    segment({ flags: READ + WRITE, offset: PAGE_BYTES, address: DATA_ADDRESS, length: dataBytes }),
  ]);
}

/** ET_EXEC */
const EXECUTABLE = 2;
const EXECUTE = 1;
const WRITE = 2;
const READ = 4;

interface Segment {
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly length: number;
}

/** PT_LOAD */
function segment({ flags, offset, address, length }: Segment): Buffer {
  const places = [offset, address, address, length, length, PAGE_BYTES].map(uint64);
  return Buffer.concat([uint32(1), uint32(flags), ...places]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
