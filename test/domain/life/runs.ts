/** What a run of the agent in memory leaves, and what its verification finds. */
import { digestOf } from '../../../src/domain/digest.ts';
import type { Ending } from '../../../src/domain/ending.ts';
import type { Risk } from '../../../src/domain/risk.ts';
import type { CheckResult } from '../../../src/domain/state/work.ts';
import type { GitHub } from './github.ts';

export interface NextRun {
  readonly ending: Ending;
  readonly path: string;
  /** No check is run on the commit. */
  readonly concern: boolean;
  /** A patch whose bytes did not leave the box. */
  readonly isEmpty?: boolean;
  readonly isProtected?: boolean;
  readonly raisedRisk?: Risk;
  /** Fails where it must pass, or passes where it must fail. */
  readonly oddOn?: 'head' | 'base';
  readonly claims?: 'skipped' | 'stopped';
}

export const runOf = ({ lastRun, nextRun }: GitHub): NextRun => lastRun ?? nextRun;

export function checksOf({ concern, oddOn }: NextRun): readonly CheckResult[] {
  const check = (on: 'head' | 'base', expected: 'pass' | 'fail'): CheckResult => ({
    name: `test on ${on}`,
    command: 'npm test',
    on,
    expected,
    passed: (expected === 'pass') !== (oddOn === on),
    exitCode: 0,
    durationMs: 1,
    output: digestOf({ on, oddOn }),
  });
  return concern ? [check('base', 'fail')] : [check('base', 'fail'), check('head', 'pass')];
}
