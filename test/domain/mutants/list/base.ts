/** Mutants of what a default branch that moves on brings about. */
import { type Mutant, mutantsOf } from '../mutant.ts';

export const BASE_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('facts.ts', [
    [
      'a change counts: on the base that it has to stand on',
      'return baseOf(change, run) === baseFor(state, run) ? change : undefined;',
      'return change;',
      '6 stage',
      'the default branch moves below an approved merge',
    ],
    [
      'base: where the policy wants it up to date',
      'policy?.merge.upToDate === true && ',
      '',
      '4 one base',
      'the default branch moves, and may',
    ],
    [
      'base: of what becomes a pull request',
      ' && MODE_RIGHTS[run.mode].mayOpenPullRequest',
      '',
      '4 one base',
      'the default branch moves below a spike',
    ],
    [
      'base: after the merge as it was',
      '  if (merge !== undefined && change?.runId === run.runId) return baseOf(change, run);\n',
      '',
      '21 in vain',
      'the default branch moves after the merge',
    ],
    [
      'base: of the built change',
      'return change.base ?? run.inputs.base;',
      'return run.inputs.base;',
      '21 rests',
      'the default branch moves below an approved merge',
    ],
    [
      'base: as it is while no run counts',
      'return run === undefined ? runBase(state) : baseFor(state, run);',
      'return run === undefined ? undefined : baseFor(state, run);',
      '7 told',
      'the issue is edited after the merge',
    ],
    [
      'base: where a change no longer fits',
      'return state.runBase ?? state.claim?.base;',
      'return state.claim?.base;',
      '8 same text',
      'the default branch changes the same file',
    ],
  ]),
  ...mutantsOf('evolve/facts.ts', [
    [
      'base moved: perhaps by a merge that nobody told us of',
      "    state: withDue(state, ['pull-request']),\n",
      '    state,\n',
      '21 in vain',
      'the default branch moves by a merge of which no word came',
    ],
  ]),
  ...mutantsOf('evolve/run-facts.ts', [
    [
      'outdated: by a file',
      'attempt === undefined || paths.length === 0',
      'attempt === undefined',
      '21 told',
      'answers that fit nothing',
    ],
    [
      'outdated: the next run starts from there',
      '      runBase: base,\n',
      '',
      '21 rests',
      'the default branch changes the same file',
    ],
  ]),
  ...mutantsOf('next-step-publish.ts', [
    [
      'built: told what the run saw',
      '...(from === base ? {} : { from }),',
      '',
      '8 same text',
      'the default branch moves below an approved merge',
    ],
    [
      'publish: under a base and a policy that were read since',
      "  if (state.policy?.merge.upToDate === true && policyIsStale(state))\n    return effect({ kind: 'read-policy', because: 'it was read before an approval' });\n",
      '',
      '7 policy',
      'the default branch moves below what is to be published',
    ],
  ]),
];
