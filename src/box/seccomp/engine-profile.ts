/**
 * The box's system-call filter in the format of container engines, from the same tables as filter.ts. Pure.
 *
 * An engine has one default answer, here EPERM. Calls that must look absent (ENOSYS) get a separate rule.
 */
import { allowedCalls } from './allowed.ts';
import { argumentRules, type ArgumentRule, type Condition } from './by-argument.ts';
import type { Architecture, Call } from './call.ts';
import { denials } from './denied.ts';
import { ERRNO } from './errno.ts';

export interface EngineProfile {
  readonly defaultAction: 'SCMP_ACT_ERRNO';
  readonly defaultErrnoRet: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly EngineRule[];
}

export interface EngineRule {
  readonly names: readonly string[];
  readonly action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO';
  readonly errnoRet?: number;
  /** All must be met. */
  readonly args?: readonly EngineCondition[];
}

export interface EngineCondition {
  readonly index: number;
  readonly op: 'SCMP_CMP_MASKED_EQ';
  /** The mask. */
  readonly value: number;
  /** The required value of the masked argument. */
  readonly valueTwo: number;
}

export function engineProfile(architecture: Architecture): EngineProfile {
  const known = (calls: readonly Call[]): readonly string[] =>
    calls.filter(({ numbers }) => numbers[architecture] !== undefined).map(({ name }) => name);
  const absent = [
    ...denials.filter(({ answer }) => answer === 'ENOSYS').flatMap(({ calls }) => calls),
    ...argumentRules.filter(({ answer }) => answer === 'ENOSYS').map(({ call }) => call),
  ];
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: ERRNO.EPERM,
    architectures: [ARCHITECTURES[architecture]],
    syscalls: [
      { names: known(allowedCalls), action: 'SCMP_ACT_ALLOW' },
      { names: known(absent), action: 'SCMP_ACT_ERRNO', errnoRet: ERRNO.ENOSYS },
      ...argumentRules.filter(({ call }) => known([call]).length > 0).flatMap(rulesOf),
    ],
  };
}

const ARCHITECTURES = { x64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' } as const;

/** One rule for each combination of values that meets all conditions. */
function rulesOf({ call, answer, allowedWhen }: ArgumentRule): readonly EngineRule[] {
  if (answer !== 'EPERM' && allowedWhen.length > 0)
    throw new Error(`an engine cannot answer ${answer} where ${call.name} is sometimes allowed`);
  return allowedWhen.flatMap(conditions =>
    conditions
      .map(optionsOf)
      .reduce<readonly (readonly EngineCondition[])[]>(
        (all, options) => all.flatMap(before => options.map(option => [...before, option])),
        [[]],
      )
      .map(args => ({ names: [call.name], action: 'SCMP_ACT_ALLOW', args }) as const),
  );
}

/** Engines compare all 64 bits of an argument, but the kernel reads 32. The mask makes the rules equal to filter.ts. */
function optionsOf({ argument, mask, in: wanted, notIn: unwanted }: Condition): readonly EngineCondition[] {
  const bits = mask ?? ALL_BITS;
  const option = (value: number, valueTwo: number): EngineCondition => {
    return { index: argument, op: 'SCMP_CMP_MASKED_EQ', value, valueTwo };
  };
  if (wanted !== undefined) return wanted.map(value => option(bits, value));
  return allBut(unwanted ?? []).map(({ prefix, value }) => option(prefix, value));
}

const ALL_BITS = 0xffff_ffff;
const WORD_BITS = 32;

/**
 * Engines have no masked inequality. So this expresses "all words except these" as prefixes: words that share the first
 * bits of an unwanted word and differ in the next bit, as a routing table would exclude an address.
 */
export function allBut(unwanted: readonly number[]): readonly { prefix: number; value: number }[] {
  const found = new Map<string, { prefix: number; value: number }>();
  for (const word of unwanted) {
    for (let bit = 0; bit < WORD_BITS; bit += 1) {
      const prefix = (ALL_BITS << bit) >>> 0;
      const value = ((word ^ (1 << bit)) & prefix) >>> 0;
      if (unwanted.some(other => (other & prefix) >>> 0 === value)) continue;
      found.set(`${prefix}/${value}`, { prefix, value });
    }
  }
  return [...found.values()];
}
