/** Mutants of what the evidence says: what is a concern, and what is proven. */
import { type Mutant, mutantsOf, type Row } from '../mutant.ts';

const CONCERN = 'what proves nothing is a concern';
const PROVEN = 'what is proven';

const PROOF_ROWS: readonly Row[] = [
  ['concern: flaky', 'if (check.flaky === true)\n', 'if (false)\n', '7 proven', CONCERN],
  [
    'concern: no command, no test',
    'const NEVER_RAN: readonly (number | null)[] = [126, 127];',
    'const NEVER_RAN: readonly (number | null)[] = [];',
    '7 proven',
    CONCERN,
  ],
  ['concern: exit 126', '= [126, 127];', '= [127];', '7 proven', CONCERN],
  ['concern: exit 127', '= [126, 127];', '= [126];', '7 proven', CONCERN],
  ['concern: no end', 'if (exitCode === null) return', 'if (false) return', '7 proven', CONCERN],
  [
    'concern: a failure that proves nothing',
    "if (check.expected === 'fail' && !check.passed) return unproven(check);",
    '',
    '7 proven',
    CONCERN,
  ],
  ['concern: notes of the verification', '    ...notes,\n', '', '7 proven', CONCERN],
  ['proven: on the base', "before.on !== 'base' || ", '', '7 proven', PROVEN],
  ['proven: failed before', '|| before.passed || ', '|| ', '7 proven', PROVEN],
  ['proven: by a test that ran', ' || concernOf(before) !== undefined)', ')', '7 proven', PROVEN],
  ['proven: on the commit', "check.on === 'head' && ", '', '7 proven', PROVEN],
  ['proven: by the same command', ' && check.command === before.command;', ';', '7 proven', PROVEN],
  ['proven: passes after', 'isSame && check.passed && ', 'isSame && ', '7 proven', PROVEN],
  ['proven: not by turns', ' && concernOf(check) === undefined;', ';', '7 proven', PROVEN],
];

export const EVIDENCE_MUTANTS: readonly Mutant[] = mutantsOf('evidence.ts', PROOF_ROWS);
