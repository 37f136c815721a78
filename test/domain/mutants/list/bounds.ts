/** Mutants of what an approval is bound to, part by part, and of the limits of an issue. */
import { BOUND_PARTS, type BoundName } from '../../../../src/domain/bound.ts';
import { type Mutant, mutantsOf, type Row } from '../mutant.ts';

/** Where each part is taken from, and the directed life in which a state differs in it; a new part needs its row. */
const PARTS: Readonly<Record<BoundName, readonly [find: string, seen: string]>> = {
  generation: [
    '    generation: String(state.generation),\n',
    'two issues, and two lives of one, have the same text',
  ],
  subject: ['    subject: state.subject?.digest,\n', 'the issue is edited after the approval of the start'],
  policy: ['    policy: state.policy?.digest,\n', 'the policy is edited at the start gate'],
  mode: ['    mode: modeOf(state),\n', 'the mode is set after the approval of the start'],
  entryRisk: [
    '    entryRisk: entryRisk(state).level,\n',
    'the risk is labelled after the approval of the start',
  ],
  base: ['    base: currentBase(state),\n', 'approvals of states that differ in one fact'],
  head: ['    head: change?.commit,\n', 'approvals of states that differ in one fact'],
  evidence: [
    '    evidence: currentEvidence(state)?.digest,\n',
    'approvals of states that differ in one fact',
  ],
  merge: [
    "    merge: gate === 'release' ? state.merge?.commit : undefined,\n",
    'approvals of states that differ in one fact',
  ],
};

const PART_ROWS = (Object.keys(BOUND_PARTS) as BoundName[]).map((part): Row => {
  const [find, seen] = PARTS[part];
  return [`an approval is for: ${part}`, find, '', '7 bound', seen];
});

export const BOUND_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('bound.ts', [
    ...PART_ROWS,
    [
      'an approval of the start is for nothing later',
      "  if (gate === 'start') return present(bound);\n",
      '',
      '21 in vain',
      'the whole life',
    ],
    [
      'what changed is told: what differs',
      '.filter(name => before[name] !== now[name])',
      '.filter(name => before[name] === now[name])',
      '7 told',
      'what an approval was for has changed',
    ],
    [
      'what changed is told: words as they were and are',
      'was.length + is.length > 2 * WORD_CHARS_MAX ? text :',
      'true ? text :',
      '7 told',
      'what an approval was for has changed',
    ],
    [
      'what changed is told: what is gone',
      'return is === undefined ? `${text} (there is none now)` : text;',
      'return text;',
      '7 told',
      'changes are told in words',
    ],
  ]),
  ...mutantsOf('gate.ts', [
    [
      'an approval is for: the issue',
      'digestOf({ gate, issue: state.issue, ',
      'digestOf({ gate, ',
      '7 bound',
      'two issues, and two lives of one, have the same text',
    ],
    [
      'what changed is told: of the latest approval',
      'return { approval, changed: changedParts(approval.bound, boundTo(state, gate)) };',
      'return undefined;',
      '7 told',
      'what an approval was for has changed',
    ],
    [
      'what changed is told: only of what is void',
      'if (approval === undefined || approvalFor(state, gate) !== undefined) return undefined;',
      'if (approval === undefined) return undefined;',
      '7 told',
      'changes are told in words',
    ],
  ]),
  ...mutantsOf('hold.ts', [
    [
      'what changed is told: at the gate',
      '...(voided === undefined ? [] : [voidText(voided)]), ',
      '',
      '7 told',
      'what an approval was for has changed',
    ],
  ]),
];
