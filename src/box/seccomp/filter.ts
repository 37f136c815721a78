/** The box's system-call filter as a BPF program, made from the tables in this folder. Pure. */
import { allowedCalls } from './allowed.ts';
import { assemble, type Instruction } from './assemble.ts';
import { argumentRules, type ArgumentRule, type Condition } from './by-argument.ts';
import type { Architecture, Call } from './call.ts';
import { denials } from './denied.ts';
import { ERRNO, type Errno } from './errno.ts';

/** For `bwrap --seccomp`. Undefined for an architecture without a table. */
export function seccompFilter(architecture: string): Buffer | undefined {
  return architecture === 'x64' || architecture === 'arm64' ? assemble(programFor(architecture)) : undefined;
}

/** The verdict on each call, by number. A number that is not in the map does not exist for the box. */
export function verdicts(architecture: Architecture): ReadonlyMap<number, CallVerdict> {
  const found = new Map<number, CallVerdict>();
  const add = ({ name, numbers }: Call, verdict: CallVerdict): void => {
    const number = numbers[architecture];
    if (number === undefined) return;
    if (found.has(number)) throw new Error(`the system call ${name} is in the tables twice`);
    found.set(number, verdict);
  };
  for (const call of allowedCalls) add(call, 'allow');
  for (const { calls, answer } of denials) for (const call of calls) add(call, answer);
  for (const rule of argumentRules) add(rule.call, rule);
  return found;
}

export type CallVerdict = 'allow' | Errno | ArgumentRule;

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64. */
const AUDIT_ARCH = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
/** SECCOMP_RET_…; the low half of an errno return is the number. */
const RETURN = { kill: 0x8000_0000, errno: 0x0005_0000, allow: 0x7fff_0000 } as const;

/** The x32 calls of x64 have a high bit set in their numbers, so they are in no table and do not exist. */
function programFor(architecture: Architecture): readonly Instruction[] {
  const segments = segmentsOf(verdicts(architecture));
  return [
    { op: 'load', from: { word: 'architecture' } },
    { op: 'if-equal', value: AUDIT_ARCH[architecture], then: 'known', else: 'kill' },
    { op: 'label', label: 'known' },
    { op: 'load', from: { word: 'number' } },
    ...search(segments),
    ...argumentRules.flatMap(ruleProgram),
    ...returning('allow', RETURN.allow),
    ...Object.entries(ERRNO).flatMap(([name, number]) => returning(name, RETURN.errno + number)),
    ...returning('kill', RETURN.kill),
  ];
}

function returning(label: string, value: number): readonly Instruction[] {
  return [
    { op: 'label', label },
    { op: 'return', value },
  ];
}

/** All numbers from `from` up to the next segment jump to the same label. */
interface Segment {
  readonly from: number;
  readonly label: string;
}

function segmentsOf(table: ReadonlyMap<number, CallVerdict>): readonly Segment[] {
  const last = Math.max(...table.keys());
  const segments: Segment[] = [];
  for (let number = 0; number <= last + 1; number += 1) {
    const label = labelOf(table.get(number) ?? 'ENOSYS');
    if (segments.at(-1)?.label !== label) segments.push({ from: number, label });
  }
  return segments;
}

function labelOf(verdict: CallVerdict): string {
  return typeof verdict === 'string' ? verdict : verdict.call.name;
}

/** A binary search, so that no call needs hundreds of comparisons. */
function search(segments: readonly Segment[]): readonly Instruction[] {
  const [first] = segments;
  if (first === undefined) throw new Error('no segments to search');
  if (segments.length === 1) return [{ op: 'jump', to: first.label }];
  const half = Math.ceil(segments.length / 2);
  const value = segments[half]?.from ?? 0;
  const [below, above] = [`below-${value}`, `from-${value}`];
  return [
    { op: 'if-at-least', value, then: above, else: below },
    { op: 'label', label: below },
    ...search(segments.slice(0, half)),
    { op: 'label', label: above },
    ...search(segments.slice(half)),
  ];
}

function ruleProgram({ call, allowedWhen, answer }: ArgumentRule): readonly Instruction[] {
  const alternatives = allowedWhen.map((conditions, index) => {
    const next = index + 1 < allowedWhen.length ? `${call.name}-${index + 1}` : answer;
    return [
      { op: 'label', label: `${call.name}-${index}` } as const,
      ...conditions.flatMap((condition, place) =>
        conditionProgram(condition, { label: `${call.name}-${index}-${place}`, otherwise: next }),
      ),
      { op: 'jump', to: 'allow' } as const,
    ];
  });
  const none: readonly Instruction[] = allowedWhen.length === 0 ? [{ op: 'jump', to: answer }] : [];
  return [{ op: 'label', label: call.name }, ...none, ...alternatives.flat()];
}

/** Falls through to the next instruction if the condition is met. */
function conditionProgram(
  { argument, mask, in: wanted, notIn: unwanted }: Condition,
  { label, otherwise }: { readonly label: string; readonly otherwise: string },
): readonly Instruction[] {
  const met = `${label}-met`;
  const values = wanted ?? unwanted ?? [];
  const [onEqual, atEnd] = wanted === undefined ? [otherwise, met] : [met, otherwise];
  return [
    { op: 'load', from: { argument } },
    ...(mask === undefined ? [] : [{ op: 'and', value: mask } as const]),
    ...values.flatMap((value, index): Instruction[] => [
      { op: 'if-equal', value, then: onEqual, else: `${label}-not-${index}` },
      { op: 'label', label: `${label}-not-${index}` },
    ]),
    { op: 'jump', to: atEnd },
    { op: 'label', label: met },
  ];
}
