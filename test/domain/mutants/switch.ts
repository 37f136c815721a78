/** Which mutant is on. The instrumented rules ask at every guard, which also shows what a probe reaches and that it ends. */
import { SWITCH } from './instrument.ts';

const NONE = -1;
const now = { on: NONE, asked: 0, askedMax: Infinity, reached: new Set<number>() };

Object.assign(globalThis, {
  [SWITCH]: (number: number): boolean => {
    now.asked += 1;
    if (now.asked > now.askedMax) throw new Error('it does not end');
    now.reached.add(number);
    return number === now.on;
  },
});

export interface Asked {
  readonly asked: number;
  readonly reached: ReadonlySet<number>;
}

/** Until the next call; without a number the rules are unchanged. */
export function switchOn(number = NONE, askedMax = Infinity): void {
  Object.assign(now, { on: number, asked: 0, askedMax, reached: new Set() });
}

export function asked(): Asked {
  return { asked: now.asked, reached: now.reached };
}
