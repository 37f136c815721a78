/** Mutants of the limits of an issue: each with what it counts, and where it ends. */
import { type Mutant, mutantsOf } from '../mutant.ts';

export const LIMIT_MUTANTS: readonly Mutant[] = mutantsOf('limits.ts', [
  [
    'limit: money of an issue',
    '    used: spentUsd,\n',
    '    used: () => 0,\n',
    '21 limits',
    'runs spend all the money',
  ],
  [
    'limit: money of an issue, to the last',
    '    max: limits => limits.costUsdPerIssueMax,\n',
    '    max: limits => limits.costUsdPerIssueMax + 0.001,\n',
    '21 limits',
    'lost runs spend all the money',
  ],
  [
    'limit: attempts',
    "    used: state => runsCounted(sinceSetAside(state), 'own'),\n",
    '    used: () => 0,\n',
    '21 limits',
    'runs end by themselves until the limit',
  ],
  [
    'limit: attempts, not one more',
    '    max: limits => limits.attemptsMax,\n',
    '    max: limits => limits.attemptsMax + 1,\n',
    '21 limits',
    'runs end by themselves until the limit',
  ],
  [
    'limit: attempts, not one fewer',
    '    max: limits => limits.attemptsMax,\n',
    '    max: limits => limits.attemptsMax - 1,\n',
    '21 limits',
    'runs end by themselves until the limit',
  ],
  [
    'limit: lost runs',
    "    used: state => runsCounted(sinceSetAside(state), 'lost'),\n",
    '    used: () => 0,\n',
    '21 limits',
    'runs are lost until the limit',
  ],
  [
    'limit: lost runs, not one more',
    '    max: limits => limits.lostRunsMax,\n',
    '    max: limits => limits.lostRunsMax + 1,\n',
    '21 limits',
    'runs are lost until the limit',
  ],
  [
    'limit: reached is used up',
    'if (used(state) >= max(limits)) return',
    'if (used(state) > max(limits)) return',
    '21 limits',
    'runs end by themselves until the limit',
  ],
  [
    'limit: a retry allows as many again',
    'run.attempt > state.setAsideTo',
    'run.attempt > 0',
    '21 limits',
    'runs end by themselves until the limit',
  ],
]);
