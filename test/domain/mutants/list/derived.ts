/** Mutants of what merely derives one fact from another, and of what sends it on to where it is judged. */
import { type Mutant, mutantsOf } from '../mutant.ts';

export const DERIVED_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('bound.ts', [
    [
      'what is there is bound',
      '([, value]) => value !== undefined',
      '([, value]) => value === undefined',
      '7 bound',
      'approvals of states that differ in one fact',
    ],
  ]),
  ...mutantsOf('omit.ts', [
    ['what is taken back is gone', '!dropped.has(name)', 'true', '20 asked for', 'a person sets the mode'],
  ]),
  ...mutantsOf('next-step-release.ts', [
    [
      'a deployment is not asked for without a pause',
      'Math.max(RELEASE_POLL_MS.min, quarter)',
      'quarter',
      '21 rests',
      'everything is decided after the merge',
    ],
    [
      'a deployment is asked for more often at first',
      '(state.merge?.at ?? checkedAt)',
      '0',
      '21 told',
      'everything is decided after the merge',
    ],
  ]),
  ...mutantsOf('evolve/decisions.ts', [
    [
      'escalate: to whom it is said',
      'to: to ?? escalationOwner(state)',
      'to: escalationOwner(state)',
      '21 heard',
      'it is escalated to somebody, and to nobody',
    ],
    ['set-mode: the mode', '{ ...state, modeSet: mode }', 'state', '21 heard', 'a person sets the mode'],
    [
      'assign-release-owner: the owner',
      '{ ...state, releaseOwner: to }',
      'state',
      '21 heard',
      'the release owner is assigned',
    ],
  ]),
  ...mutantsOf('decision-problem.ts', [
    [
      'a gate is asked only where one holds',
      "const gate = step.kind === 'hold' ? step.hold.gate : undefined;",
      "const gate = step.kind === 'hold' ? step.hold.gate : 'start';",
      '21 sense',
      'an approval comes where nothing is asked',
    ],
  ]),
  ...mutantsOf('decision.ts', [
    [
      'a decision has its own kind of judgement',
      "if (judgement !== 'gate') return judgement;",
      "if (judgement !== 'gate') return 'automatic';",
      '16 audit',
      'everything is decided at the start gate',
    ],
    [
      'an approval that names no gate is judged by the one that is asked',
      'const gate = decision.gate ?? gateAsked;',
      'const gate = decision.gate;',
      '16 audit',
      'the start is rejected',
    ],
  ]),
  ...mutantsOf('due.ts', [
    [
      'what has no news is not due',
      'return since === undefined ? [] :',
      'return false ? [] :',
      '21 rests',
      'what is due',
    ],
  ]),
  ...mutantsOf('evolve/evolve.ts', [
    [
      'a delivered report is dated',
      'return isFirst ? { ...state, deliveredAt: state.at } : state;',
      'return state;',
      '6 stage',
      'a spike is done and edited',
    ],
    [
      'a change without a note says what holds it',
      "hold === 'none' ? 'nobody is waited for any more' : `held: ${hold}`",
      "''",
      '16 audit',
      'a spike',
    ],
    [
      'a step that holds nobody is no hold',
      "return step.kind === 'hold' ? holdName(step.hold) : 'none';",
      "return step.kind === 'hold' ? holdName(step.hold) : step.kind;",
      '16 audit',
      'a spike',
    ],
    [
      'what was lost is not called off',
      "    case 'step-lost':\n      return onStepLost(state, event.effect);",
      "    case 'step-lost':\n      return onStepCancelled(state, event.effect);",
      '21 limits',
      'how hosts are lost',
    ],
    [
      'what failed is not lost',
      '      return onStepFailed(state, event);',
      '      return onStepLost(state, event.effect);',
      '21 told',
      'how effects fail',
    ],
  ]),
  ...mutantsOf('evolve/observations.ts', [
    [
      'closed is not open',
      "issue.state === 'open' ? onOpen(state) : onClosed(state)",
      'onOpen(state)',
      '19 read',
      'what a look finds of the issue',
    ],
    [
      'open is not closed',
      "issue.state === 'open' ? onOpen(state) : onClosed(state)",
      'onClosed(state)',
      '6 stage',
      'the whole life',
    ],
  ]),
  ...mutantsOf('evolve/reviews.ts', [
    [
      'the record of a review names the head',
      "head: review.commit ?? ''",
      "head: ''",
      '16 audit',
      'whose review counts for nothing is told so',
    ],
    [
      'a reviewer is told once',
      ' || isTold(state, author.login, why)) return { state };',
      ') return { state };',
      '20 seen once',
      'a review that counts for nothing',
    ],
    [
      'of a bot nobody waits for an answer',
      "if (author.type !== 'User' || isTold",
      'if (isTold',
      '21 in vain',
      'whose review counts for nothing is told so',
    ],
    [
      'a reviewer is told of what they said',
      "const kind = said === 'approved' ? 'approve' : 'reject';",
      "const kind = 'reject';",
      '21 told',
      'whose review counts for nothing is told so',
    ],
    [
      'why an approval counts no longer: dismissed',
      "if (state !== 'approved') return 'the review was dismissed';",
      '',
      '21 told',
      'whose review counts for nothing is told so',
    ],
    [
      'why an approval counts no longer: the role',
      "role.kind === 'unreadable' ? 'their role could not be read' :",
      "false ? '' :",
      '21 told',
      'whose review counts for nothing is told so',
    ],
  ]),
  ...mutantsOf('evolve/run-facts.ts', [
    [
      'a report is kept where it is the result',
      "omit(end, 'account') : end;",
      "omit(end, 'account') : omit(end, 'account');",
      '7 modes',
      'what a run leaves',
    ],
    [
      'a report is not kept where a pull request tells it',
      "? omit(end, 'account') : end;",
      '? end : end;',
      '7 modes',
      'what a run leaves',
    ],
    ['the record names the box', "box === undefined ? '' :", "true ? '' :", '16 audit', 'what a run leaves'],
    [
      'the record says what was not as expected',
      '  return odd === 0\n',
      '  return odd >= 0\n',
      '16 audit',
      'what a run leaves',
    ],
  ]),
  ...mutantsOf('facts.ts', [
    [
      'set aside: for the run under way',
      '  const live = state.runs.filter(run => run.end === undefined);',
      '  const live = state.runs;',
      '21 shown',
      'what is shown of runs',
    ],
    [
      'an ending leads on in the mode it ran in',
      'sequelIn(run.mode, run.end.ending);',
      "sequelIn('auto-run', run.end.ending);",
      '21 endings',
      'an analysis',
    ],
  ]),
  ...mutantsOf('next-step-publish.ts', [
    [
      'a change is built on the base that it is to stand on',
      'const base = baseFor(state, run);',
      'const base = run.inputs.base;',
      '4 one base',
      'the default branch moves below an approved merge',
    ],
  ]),
  ...mutantsOf('next-step-run.ts', [
    [
      'a run has the feedback that it was made for',
      '...(run.feedback === undefined ? {} : { feedback: run.feedback }),',
      '',
      '8 same text',
      'changes are asked for, and the next change is merged',
    ],
    [
      'a run keeps the money that was set aside for it',
      'run.costUsdMax ?? budgetLeft(state)',
      'budgetLeft(state)',
      '19 undisturbed',
      'the policy changes what a run may cost',
    ],
  ]),
  ...mutantsOf('next-step.ts', [
    [
      'without an opt-in nothing goes on',
      '  if (problem === undefined) return undefined;\n  const label',
      '  if (problem !== null) return undefined;\n  const label',
      '9 opt-in',
      'nobody has opted in',
    ],
  ]),
  ...mutantsOf('upkeep.ts', [
    [
      'nobody is told of each step',
      "return step.kind !== 'effect' || LONG_EFFECTS.includes(step.effect.kind);",
      'return true;',
      '21 quiet',
      'the whole life',
    ],
    [
      'nobody is told of a verification',
      "return step.kind === 'effect' && step.effect.kind === 'verify-change';",
      'return false;',
      '21 quiet',
      'the whole life',
    ],
    [
      'people are told of a run',
      "const LONG_EFFECTS: readonly Effect['kind'][] = ['run-agent',",
      "const LONG_EFFECTS: readonly Effect['kind'][] = [",
      '21 shown',
      'people are told of a run',
    ],
  ]),
];
