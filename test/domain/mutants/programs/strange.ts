/** Mutants that are none, and what has to be said of each. */
import { type Mutant, mutantsOf } from '../mutant.ts';

export const MUTANTS: readonly Mutant[] = mutantsOf('gate.ts', [
  [
    'changes nothing',
    'if (given.length === 0) return undefined;',
    'if (given.length < 1) return undefined;',
    '7 bound',
    'the whole life',
  ],
  [
    'is found by another',
    'return MODE_RIGHTS[mode].startGate ?',
    'return false ?',
    '9 opt-in',
    'the whole life',
  ],
  ['does not apply', 'this stands nowhere', '', '7 bound'],
  ['stands twice', 'approvalFor(state, gate)', 'undefined', '7 bound'],
  ['is no TypeScript', 'if (given.length === 0) return undefined;', 'if (', '7 bound', 'the whole life'],
]);

export const STRANGE_OUTCOMES: readonly RegExp[] = [
  /^SURVIVED/,
  /^broke “7 bound” instead/,
  /^does not apply/,
  /^does not apply/,
  /^broke “an error” instead/,
];
