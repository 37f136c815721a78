/** The filter for engines gives the same answers as the BPF program for the kernel. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { argumentRules } from '../../../src/box/seccomp/by-argument.ts';
import { allowedCalls } from '../../../src/box/seccomp/allowed.ts';
import { denials } from '../../../src/box/seccomp/denied.ts';
import { allBut, engineProfile, type EngineProfile } from '../../../src/box/seccomp/engine-profile.ts';
import { seccompFilter } from '../../../src/box/seccomp/filter.ts';
import { SEED } from '../../support/seed.ts';
import { interpret } from './interpreter.ts';

const AUDIT = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
const answers = new Map([
  [0x7fff_0000, 'allow'],
  [0x0005_0001, 'EPERM'],
  [0x0005_0026, 'ENOSYS'],
]);

/** As libseccomp documents it: the first rule whose conditions are all met, otherwise the default. */
function answerOf(profile: EngineProfile, name: string, args: readonly bigint[]): string {
  const rule = profile.syscalls.find(
    ({ names, args: conditions = [] }) =>
      names.includes(name) &&
      conditions.every(
        ({ index, value, valueTwo }) => ((args[index] ?? 0n) & BigInt(value)) === BigInt(valueTwo),
      ),
  );
  if (rule?.action === 'SCMP_ACT_ALLOW') return 'allow';
  return (rule?.errnoRet ?? profile.defaultErrnoRet) === 38 ? 'ENOSYS' : 'EPERM';
}

describe.each(['x64', 'arm64'] as const)('on %s', architecture => {
  const profile = engineProfile(architecture);
  const program = seccompFilter(architecture) ?? Buffer.alloc(0);
  const calls = [
    ...allowedCalls,
    ...denials.flatMap(denial => denial.calls),
    ...argumentRules.map(rule => rule.call),
  ].filter(({ numbers }) => numbers[architecture] !== undefined);
  const expectSameAnswer = (name: string, args: readonly bigint[]): void => {
    const number = calls.find(call => call.name === name)?.numbers[architecture] ?? -1;
    const { value } = interpret(program, { number, architecture: AUDIT[architecture], args });
    expect([name, args, answerOf(profile, name, args)]).toEqual([name, args, answers.get(value)]);
  };

  test('both answer every call in the tables alike', () => {
    for (const { name } of calls) expectSameAnswer(name, [0n, 0n, 0n]);
    expect(calls.length).toBeGreaterThan(300);
  });

  /** Values in rules, the same with one bit of 64 flipped, and random values. */
  const edges = argumentRules.flatMap(({ allowedWhen }) =>
    allowedWhen.flat().flatMap(condition => [...(condition.in ?? []), ...(condition.notIn ?? [])]),
  );
  const argument = fc.oneof(
    fc.constantFrom(...edges).map(BigInt),
    fc
      .tuple(fc.constantFrom(...edges), fc.integer({ min: 0, max: 63 }))
      .map(([value, bit]) => BigInt(value) ^ (1n << BigInt(bit))),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  );
  test.each(argumentRules.map(rule => rule.call.name))(
    `both answer %s alike for any arguments (seed ${SEED})`,
    name => {
      fc.assert(
        fc.property(fc.tuple(argument, argument, argument), args => expectSameAnswer(name, args)),
        { numRuns: 3000, seed: SEED },
      );
    },
  );

  test('a call that is in no table is refused', () => {
    expect(answerOf(profile, 'uselib', [])).toBe('EPERM');
  });
});

test('prefixes cover all words except the unwanted ones', () => {
  const cover = allBut([0x5412, 0x541c]);
  const covered = (word: number) => cover.some(({ prefix, value }) => (word & prefix) >>> 0 === value);
  expect([0x5412, 0x541c].map(covered)).toEqual([false, false]);
  expect([0, 0x5411, 0x5413, 0x541b, 0x541d, 0xffff_ffff, 0x8000_5412].map(covered)).not.toContain(false);
  expect(cover.length).toBeLessThan(64);
});
