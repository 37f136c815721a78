/** Mutants of the words that people act on: who is asked, for what, why, and what is owed. */
import { type Mutant, mutantsOf } from '../mutant.ts';

export const WORD_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('actor.ts', [
    [
      'a person is known by the login',
      'return actor.login;',
      "return 'somebody';",
      '21 told',
      'everything is decided at the start gate',
    ],
  ]),
  ...mutantsOf('evidence.ts', [
    [
      'owed after the merge: a deployment',
      "release.verify === 'deployment'\n",
      "release.verify === ('never' as never)\n",
      '6 release',
      'what the release will owe is told',
    ],
    [
      'owed after the merge: the soak',
      'release.soakMs > 0\n',
      'release.soakMs > 9e15\n',
      '6 release',
      'what the release will owe is told',
    ],
    [
      'owed after the merge: the sign-off',
      "release.signOffFromRisk === 'never'\n",
      "release.signOffFromRisk !== 'never'\n",
      '6 release',
      'what the release will owe is told',
    ],
    [
      'not checked: no command',
      'verification.commands.length === 0\n',
      'verification.commands.length > 9e9\n',
      '7 proven',
      'what was not checked is told',
    ],
    [
      'not checked: no command for tests',
      "...(verification.testCommand === ''\n",
      "...(verification.testCommand === 'never'\n",
      '7 proven',
      'what was not checked is told',
    ],
    [
      'not checked: no test was changed',
      "verification.testCommand !== '' && !checks.some",
      "verification.testCommand === 'never' && !checks.some",
      '7 proven',
      'what was not checked is told',
    ],
  ]),
  ...mutantsOf('evolve/decisions.ts', [
    [
      'the record names the gate',
      "return gate === undefined ? '' : ` at the ${gate} gate`;",
      "return '';",
      '16 audit',
      'a spike',
    ],
  ]),
  ...mutantsOf('hold.ts', [
    [
      'who merges by hand is told which pull request',
      'what: `merge pull request #${state.pullRequest?.number ?? 0};',
      'what: `merge pull request #${0};',
      '7 named',
      'the policy leaves merging to people',
    ],
    [
      'escalated to whom the policy names',
      "return to === undefined || to === '' ? 'a maintainer' : to;",
      "return 'a maintainer';",
      '21 heard',
      'it is escalated to somebody, and to nobody',
    ],
    [
      'escalated to somebody where the policy names nobody',
      "return to === undefined || to === '' ? 'a maintainer' : to;",
      "return to ?? '';",
      '21 named',
      'the policy names nobody',
    ],
    [
      'gates have names of their own',
      'return hold.gate === undefined ? hold.kind : `${hold.kind}:${hold.gate}`;',
      'return hold.kind;',
      '16 audit',
      'a spike',
    ],
    [
      'a pause is for whoever paused',
      "paused.by.kind === 'person' ? paused.by.login : 'a maintainer'",
      "'a maintainer'",
      '21 named',
      'a person merges while the issue is paused',
    ],
    [
      'a pause by a rule is for somebody',
      "paused.by.kind === 'person' ? paused.by.login : 'a maintainer'",
      "paused.by.kind === 'person' ? paused.by.login : ''",
      '21 named',
      'nobody has opted in',
    ],
    [
      'a gate says what opens it',
      'const approve = `/approve ${gate} ${digest}`;',
      'const approve = `/approve ${gate}`;',
      '7 named',
      'a spike',
    ],
    [
      'the merge gate says that a review opens it',
      "  if (gate === 'merge')\n    return `approve",
      "  if (gate === ('never' as never))\n    return `approve",
      '21 named',
      'what is asked at each gate',
    ],
    [
      'the release gate says that it can be verified by hand',
      "  if (gate === 'release') return `${approve}, or /verify-release`;\n",
      '',
      '21 named',
      'what is asked at each gate',
    ],
  ]),
  ...mutantsOf('limits.ts', [
    [
      'who is asked for more attempts is told how the last one ended',
      "return end === undefined ? '' :",
      "return true ? '' :",
      '21 named',
      'why a run holds it',
    ],
  ]),
  ...mutantsOf('next-step-run.ts', [
    [
      'who is asked is told what the run came to',
      "const meaning = run.end === undefined ? '' : ENDING_RULES[run.end.ending].meaning;",
      "const meaning = '';",
      '21 named',
      'why a run holds it',
    ],
    [
      'who is asked is told that a report came in place of a change',
      "const odd = mayWrite(state) && run.end?.ending === 'analysis' ?",
      "const odd = run.end?.ending === ('never' as never) ?",
      '21 named',
      'why a run holds it',
    ],
  ]),
  ...mutantsOf('next-step-pull-request.ts', [
    [
      'whoever approved is told of a later push',
      "  if (approval === undefined || state.pushed === undefined) return '';\n",
      "  if (approval !== undefined || state.pushed === undefined) return '';\n",
      '7 told',
      'it is approved, and a person pushes',
    ],
  ]),
];
