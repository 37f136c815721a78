/** Compares the filter with its tables: every number of both architectures, and edge cases of each argument rule. */
import { describe, expect, test } from '@jest/globals';

import { assemble, type Instruction } from '../../../src/box/seccomp/assemble.ts';
import { argumentRules } from '../../../src/box/seccomp/by-argument.ts';
import { denials } from '../../../src/box/seccomp/denied.ts';
import { seccompFilter, verdicts } from '../../../src/box/seccomp/filter.ts';
import { interpret } from './interpreter.ts';

const ALLOW = 0x7fff_0000;
const KILL = 0x8000_0000;
const answers = { EPERM: 0x0005_0001, ENOSYS: 0x0005_0026 } as const;
const architectures = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
const foreign = { i386: 0x4000_0003, arm: 0x4000_0028, mips: 8, nothing: 0 };

function filterOf(architecture: keyof typeof architectures) {
  const program = seccompFilter(architecture);
  if (program === undefined) throw new Error('no filter');
  return (number: number, ...args: (number | bigint)[]): number =>
    interpret(program, { number, architecture: architectures[architecture], args: args.map(BigInt) }).value;
}

describe.each(['x64', 'arm64'] as const)('on %s', architecture => {
  const run = filterOf(architecture);
  const table = verdicts(architecture);
  const numberOf = (name: string): number => {
    const calls = [...denials.flatMap(denial => denial.calls), ...argumentRules.map(rule => rule.call)];
    return calls.find(call => call.name === name)?.numbers[architecture] ?? -1;
  };

  test('every number up to 1023 gets the answer of its table, or does not exist', () => {
    const seen: Record<string, number> = {};
    for (let number = 0; number < 1024; number += 1) {
      const verdict = table.get(number) ?? 'ENOSYS';
      if (typeof verdict !== 'string') continue;
      expect([number, run(number)]).toEqual([number, verdict === 'allow' ? ALLOW : answers[verdict]]);
      seen[verdict] = (seen[verdict] ?? 0) + 1;
    }
    expect(seen['allow']).toBeGreaterThan(240);
    expect(seen['EPERM']).toBeGreaterThanOrEqual(50);
  });

  test.each([1024, 0x7fff_ffff, 0x4000_0000, 0x4000_0000 + 39, 0x4000_0000 + 512, 0xffff_ffff])(
    'the number %d, out of range or of x32, does not exist',
    number => expect(run(number)).toBe(answers.ENOSYS),
  );

  test.each(Object.entries(foreign))('a call of the architecture %s kills the process', (_, other) => {
    const program = seccompFilter(architecture) ?? Buffer.alloc(0);
    expect(interpret(program, { number: 1, architecture: other }).value).toBe(KILL);
  });

  const CLONE_NEWUSER = 0x1000_0000;
  test.each<[string, readonly (number | bigint)[], boolean]>([
    ['socket', [1, 1, 0], true],
    ['socket', [1, 2 | 0x80000, 0], true],
    ['socket', [2, 1 | 0x80800, 6], true],
    ['socket', [10, 2, 17], true],
    ['socket', [16, 3, 0], true],
    ['socket', [2, 3, 1], false],
    ['socket', [2, 1, 132], false],
    ['socket', [2, 1, 262], false],
    ['socket', [16, 3, 9], false],
    ['socket', [0, 1, 0], false],
    ['socket', [17, 3, 0], false],
    ['socket', [31, 3, 0], false],
    ['socket', [38, 5, 0], false],
    ['socket', [40, 1, 0], false],
    // the kernel reads an int: higher bits have no effect
    ['socket', [0xffff_ffff_0000_0028n, 1, 0], false],
    ['socket', [0xffff_ffff_0000_0001n, 1, 0], true],
    ['socketpair', [1, 1, 0], true],
    ['socketpair', [30, 1, 0], false],
    ['clone', [0x003d_0f00], true],
    ['clone', [17], true],
    ...[0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x2000_0000, 0x4000_0000].map(
      flag => ['clone', [flag + 17], false] as [string, number[], boolean],
    ),
    ['clone', [CLONE_NEWUSER + 17], false],
    ['clone', [0x1_0000_0000n + BigInt(CLONE_NEWUSER)], false],
    ['unshare', [0x400], true],
    ['unshare', [CLONE_NEWUSER], false],
    ['unshare', [0x80], false],
    ['ioctl', [0, 0x5401], true],
    ['ioctl', [0, 0x5412], false],
    ['ioctl', [0, 0x541c], false],
    ['ioctl', [0, 0x1_0000_5412n], false],
    ['personality', [0], true],
    ['personality', [0xffff_ffff], true],
    ['personality', [0x0004_0000], true],
    ['personality', [0x0002_0000], false],
    ['personality', [0x0040_0000], false],
  ])('%s%j is allowed: %s', (name, args, allowed) => {
    expect(run(numberOf(name), ...args)).toBe(allowed ? ALLOW : answers.EPERM);
  });

  test('clone3 does not exist, so that libraries use clone', () => {
    expect(run(numberOf('clone3'), 0x1000, 88)).toBe(answers.ENOSYS);
  });

  test('no call needs 50 instructions or more', () => {
    const program = seccompFilter(architecture) ?? Buffer.alloc(0);
    const steps = [...table.keys()].map(
      number => interpret(program, { number, architecture: architectures[architecture] }).steps,
    );
    expect(Math.max(...steps)).toBeLessThan(50);
  });
});

test('each refusal has a reason, and no number is in the tables twice', () => {
  for (const { why, calls } of denials) {
    expect(why.length).toBeGreaterThan(20);
    expect(calls.length).toBeGreaterThan(0);
  }
  // throws for two names with one number
  expect(() => [verdicts('x64'), verdicts('arm64')]).not.toThrow();
});

test('there is no filter for an architecture without a table', () => {
  expect(seccompFilter('riscv64')).toBeUndefined();
});

describe('the assembler', () => {
  const far = (count: number): readonly Instruction[] => [
    { op: 'load', from: { word: 'number' } },
    { op: 'if-equal', value: 7, then: 'end', else: 'next' },
    { op: 'label', label: 'next' },
    ...Array.from({ length: count }, (): Instruction => ({ op: 'and', value: 0xffff_ffff })),
    { op: 'return', value: 1 },
    { op: 'label', label: 'end' },
    { op: 'return', value: 2 },
  ];
  test.each([0, 254, 255, 256, 3000])('jumps over %d instructions', count => {
    const program = assemble(far(count));
    expect(interpret(program, { number: 7, architecture: 0 }).value).toBe(2);
    expect(interpret(program, { number: 8, architecture: 0 }).value).toBe(1);
  });

  test.each<[string, readonly Instruction[]]>([
    ['missing label nowhere', [{ op: 'jump', to: 'nowhere' }]],
    [
      'before a jump to it',
      [
        { op: 'label', label: 'start' },
        { op: 'jump', to: 'start' },
      ],
    ],
    [
      'duplicate label a',
      [
        { op: 'label', label: 'a' },
        { op: 'label', label: 'a' },
      ],
    ],
    ['too long', far(5000)],
  ])('refuses a program: %s', (problem, program) => {
    expect(() => assemble(program)).toThrow(problem);
  });
});
