/** Mutants of generations: how a life begins again, what it leaves behind, and what it takes from none before. */
import { type Mutant, mutantsOf } from '../mutant.ts';

export const GENERATION_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('generation.ts', [
    ['again: by a newer act', 'id > life.actsReadTo', 'true', '20 generation', 'an ended issue begins again'],
    [
      'again: not by the last one once more',
      'id > life.actsReadTo',
      'id >= life.actsReadTo',
      '20 generation',
      'an ended issue begins again',
    ],
    ['again: by a person', " && by.type === 'User'", '', '9 persons only', 'an ended issue begins again'],
    [
      'again: neither by a ghost',
      "by.type === 'User'",
      "by.type !== 'Bot'",
      '9 persons only',
      'an ended issue begins again',
    ],
    [
      'again: at all',
      'acts.findLast(',
      'acts.slice(0, 0).findLast(',
      '21 heard',
      'an ended issue begins again',
    ],
  ]),
  ...mutantsOf('begin.ts', [
    [
      'begin: no comment of an earlier life',
      '    commentsReadTo,\n',
      '    commentsReadTo: 0,\n',
      '20 generation',
      'a life begins after all that came before it',
    ],
    [
      'begin: no act of an earlier life',
      '    actsReadTo,\n',
      '    actsReadTo: 0,\n',
      '20 generation',
      'a life begins after all that came before it',
    ],
    [
      'begin: under its own number',
      '    generation,\n    at,\n',
      '    generation: FIRST_GENERATION,\n    at,\n',
      '20 generation',
      'a life begins after all that came before it',
    ],
  ]),
  ...mutantsOf('snapshot.ts', [
    [
      'snapshot: the acts that are known',
      '    actsReadTo: state.actsReadTo,\n',
      '',
      '20 generation',
      'the snapshot tells of a life that has ended',
    ],
    [
      'snapshot: the latest life',
      'so === undefined || life.generation > so.generation ? life : so',
      'so ?? life',
      '20 generation',
      'the snapshot tells of a life that has ended',
    ],
    [
      'snapshot: a life that has ended',
      'return latest?.ended === true\n',
      'return latest !== undefined\n',
      '20 generation',
      'the snapshot tells of a life that has ended',
    ],
    [
      'snapshot: verified is an end',
      "['release-verified', ...OTHER_ENDS]",
      '[...OTHER_ENDS]',
      '20 generation',
      'the snapshot tells of a life that has ended',
    ],
    [
      'snapshot: delivered, cancelled and left are ends',
      "['release-verified', ...OTHER_ENDS]",
      "['release-verified']",
      '20 generation',
      'the snapshot tells of a life that has ended',
    ],
    [
      'snapshot: the last line',
      '.findLast(text => text.startsWith(OPENING)',
      '.find(text => text.startsWith(OPENING)',
      '20 generation',
      'what is no snapshot tells of no life',
    ],
    [
      'snapshot: numbers',
      'return Number.isSafeInteger(value) && Number(value) >= 0;',
      'return Number(value) >= 0;',
      '20 generation',
      'what is no snapshot tells of no life',
    ],
    [
      'snapshot: counts',
      ' && Number(value) >= 0;',
      ';',
      '20 generation',
      'what is no snapshot tells of no life',
    ],
  ]),
  ...mutantsOf('decision-problem.ts', [
    [
      'a decision for another generation',
      'if (decision.generation !== undefined && decision.generation !== state.generation) {',
      'if (false) {',
      '20 generation',
      'decisions are meant for another generation',
    ],
    [
      'a decision for this generation',
      'decision.generation !== undefined && decision.generation !== state.generation',
      'decision.generation !== undefined',
      '21 heard',
      'decisions are meant for another generation',
    ],
  ]),
  ...mutantsOf('projection.ts', [
    [
      'labels: only those that we write',
      'labels.filter(label => OUR_LABELS.some(({ name }) => name === label))',
      'labels.filter(label => label.startsWith(LABEL_PREFIX))',
      '23 theirs',
      'labels of others stay',
    ],
  ]),
  ...mutantsOf('upkeep.ts', [
    [
      'nothing is told before it was opted in',
      'if (state.subject.optIn === null && state.projected === undefined) return undefined;',
      '',
      '9 opt-in',
      'nobody has opted in',
    ],
  ]),
  ...mutantsOf('evolve/observations.ts', [
    [
      'an issue that has left does not come back',
      "issue === undefined || stageOf(state) === 'left'",
      'issue === undefined',
      '6 stage',
      'it is transferred, and comes back before the end',
    ],
    [
      'the latest act is remembered',
      'Math.max(state.actsReadTo, issue.lastAct ?? 0)',
      'issue.lastAct ?? 0',
      '20 generation',
      'an issue knows the latest act of its opt-in',
    ],
  ]),
  ...mutantsOf('evolve/steps.ts', [
    [
      'only a branch that is taken forgets the claim',
      "isTaken(event) ? omit(ended, 'claimSent') : ended",
      "omit(ended, 'claimSent')",
      '5 freed',
      'a claim is made and fails as GitHubForbidden, and it is cancelled',
    ],
    [
      'a branch that is taken forgets the claim',
      "isTaken(event) ? omit(ended, 'claimSent') : ended",
      'ended',
      '23 theirs',
      'a claim is made and fails as BranchTaken, and it is cancelled',
    ],
  ]),
];
