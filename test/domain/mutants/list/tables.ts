/** Mutants of the tables, made from the tables: a new mode or ending has its mutants without a line here. */
import { type Ending, ENDING_RULES, type EndingSequel, ENDINGS } from '../../../../src/domain/ending.ts';
import { FAILURES } from '../../../../src/domain/failure.ts';
import { type Mode, MODE_RIGHTS, type ModeRights, MODES } from '../../../../src/domain/mode.ts';
import type { Invariant } from '../../life/invariants.ts';
import { type Mutant, mutantsOf, type Row } from '../mutant.ts';

const RIGHTS = [
  'mayWrite',
  'mayOpenPullRequest',
  'startGate',
] as const satisfies readonly (keyof ModeRights)[];
const BEFORE_PARSE = 'export function parseMode';

/** What is granted too much, and what is withheld. */
const BREAKS: Readonly<Record<(typeof RIGHTS)[number], Readonly<Record<'granted' | 'withheld', Invariant>>>> =
  {
    mayWrite: { granted: '7 modes', withheld: '7 modes' },
    mayOpenPullRequest: { granted: '7 modes', withheld: '21 rests' },
    startGate: { granted: '21 in vain', withheld: '7 bound' },
  };

/** The directed life of each mode. */
const LIFE: Readonly<Record<Mode, string>> = {
  'auto-run': 'a life that needs only the merger',
  guarded: 'the whole life',
  analysis: 'an analysis',
  spike: 'a spike',
};

const MODE_ROWS: readonly Row[] = MODES.flatMap(mode =>
  // An analysis has nothing to propose, and a spike has ended with its push: to forbid it once more shows nowhere.
  RIGHTS.filter(right => right !== 'mayOpenPullRequest' || MODE_RIGHTS[mode].mayOpenPullRequest).map(
    (right): Row => {
      const is = MODE_RIGHTS[mode][right];
      const changed = `Object.assign(MODE_RIGHTS['${mode}'], { ${right}: ${!is} });\n${BEFORE_PARSE}`;
      return [
        `mode ${mode}: ${right} ${is}`,
        BEFORE_PARSE,
        changed,
        BREAKS[right][is ? 'withheld' : 'granted'],
        LIFE[mode],
      ];
    },
  ),
);

const LAST_ROW = "  lost: { sequel: 'retry', counts: 'lost', meaning: 'the host of the run was lost' },\n};";
const OTHER: Readonly<Record<EndingSequel, EndingSequel>> = {
  build: 'ask',
  deliver: 'retry',
  retry: 'ask',
  ask: 'retry',
};

const changed = (ending: Ending, part: object): string =>
  `${LAST_ROW}\nObject.assign(ENDING_RULES['${ending}'], ${JSON.stringify(part)});`;

const ENDING_ROWS: readonly Row[] = ENDINGS.flatMap((ending): readonly Row[] => {
  const { sequel, counts } = ENDING_RULES[ending];
  const sequels: Row = [
    `ending ${ending}: ${sequel}`,
    LAST_ROW,
    changed(ending, { sequel: OTHER[sequel] }),
    '21 endings',
    `runs end as ${ending}`,
  ];
  // Where a person is asked after each, nothing counts them.
  if (sequel !== 'retry') return [sequels];
  const other = counts === 'own' ? 'none' : 'own';
  return [
    sequels,
    [
      `ending ${ending}: counts as ${counts}`,
      LAST_ROW,
      changed(ending, { counts: other }),
      '21 limits',
      `runs end as ${ending}`,
    ],
  ];
});

const FAILURE_ROWS: readonly Row[] = Object.entries(FAILURES).map(([name, mend]): Row => {
  const before = 'export type FailureName';
  const replace = `Object.assign(FAILURES, { ${name}: '' });\n${before}`;
  return [
    `failure ${name}: ${mend.slice(0, 40)}…`,
    before,
    replace,
    '21 named',
    `an effect fails as ${name}`,
  ];
});

export const TABLE_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('mode.ts', MODE_ROWS),
  ...mutantsOf('ending.ts', ENDING_ROWS),
  ...mutantsOf('failure.ts', FAILURE_ROWS),
  ...mutantsOf('failure.ts', [
    [
      'failure without a name: a defect',
      'isFailureName(failure) ? FAILURES[failure] : FAILURES.Unexpected',
      "isFailureName(failure) ? FAILURES[failure] : ''",
      '21 named',
      'an effect fails without a name',
    ],
  ]),
];
