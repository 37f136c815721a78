/** Mutants of what a look and an answer of GitHub may say. */
import { type Mutant, mutantsOf } from '../mutant.ts';

export const OBSERVED_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('evolve/observations.ts', [
    [
      'a poke makes due what it names',
      'READ_BY_LOOKS.filter(isDue)',
      '[]',
      '19 read',
      'an edit comes in while a look is out',
    ],
    [
      'what was read is not due any more',
      '{ state: withRead(state, facets, mark) }',
      '{ state }',
      '21 rests',
      'a spike',
    ],
    [
      'an issue that is gone',
      '    if (state.gone === issue.gone) return { state };\n    return {',
      '    if (state.gone === issue.gone) return { state };\n    if (state.at > 0) return { state };\n    return {',
      '19 read',
      'the issue was transferred',
    ],
  ]),
  ...mutantsOf('evolve/pull-requests.ts', [
    [
      'merged out there',
      'if (found.merged !== null) return onMergedOutThere(next, found, found.merged);',
      '',
      '7 merge',
      'a person merges unasked',
    ],
  ]),
  ...mutantsOf('evolve/publish-facts.ts', [
    [
      'pushed: the change',
      'if (commit !== state.change?.commit) return refuse(`${commit} was pushed, which is not the change`);',
      '',
      '4 one commit',
      'another commit is pushed',
    ],
    [
      'opened: the one of this generation',
      '    return refuse(`#${pullRequest.number}, but the pull request of this generation is #${known.number}`);',
      '    void 0;',
      '2 one pull request',
      'another pull request is opened',
    ],
    [
      'opened: of which commit it speaks',
      'state.change === undefined ? {} : { described: state.change.commit };',
      '{};',
      '21 rests',
      'a life that needs only the merger',
    ],
    [
      'merged: once',
      "if (state.merge !== undefined) return refuse('it is merged already');",
      '',
      '4 one merge',
      'a merge is told of twice',
    ],
    [
      'merged: what was asked for',
      'if (mergeSent?.head !== head) return refuse(`merged with ${head}, which was not asked for`);',
      'if (mergeSent === undefined) return refuse(head);',
      '4 one merge',
      'another head is merged',
    ],
  ]),
  ...mutantsOf('evolve/reviews.ts', [
    [
      'a review of a person',
      "if (by === undefined || rules === undefined) return { why: 'only a person decides' };",
      "if (rules === undefined) return { why: 'only a person decides' };\n  if (by === undefined) return { by: { kind: 'person', login: author.login, how: 'github-review' } };",
      '9 persons only',
      'a review of robot approves',
    ],
    [
      'a review of a role that could be read',
      'if (by.role === undefined) return { why:',
      'if (by.role === undefined) return { by };\n  if (false) return { why:',
      '9 role',
      'a review of unreadable approves',
    ],
    [
      'a review of a role that suffices',
      '  return roleIsAtLeast(by.role, rules.roleMin)\n',
      '  return by.role\n',
      '9 role',
      'a review of reader approves',
    ],
  ]),
  ...mutantsOf('evolve/comments.ts', [
    [
      'a comment is read once',
      'comments.commands.filter(command => command.commentId > state.commentsReadTo)',
      'comments.commands',
      '20 seen once',
      'a comment is read twice',
    ],
    [
      'a comment of a person',
      "if (by === undefined) return notTaken(state, command, 'only a person decides');",
      "if (by === undefined) return onDecision(state, { ...command.request, id: `c${command.commentId}`, source: 'github', by: { kind: 'person', login: command.author.login, how: 'temporal' } }) as never;",
      '9 persons only',
      'comments of robot',
    ],
    [
      'a comment that was not edited',
      "if (command.edited) return notTaken(state, command, 'the comment was edited after it was written');",
      '',
      '9 edited',
      'comments of rewriter',
    ],
  ]),
  ...mutantsOf('evolve/person.ts', [
    [
      'a bot is nobody',
      "  if (account.type !== 'User') return undefined;\n",
      '',
      '9 persons only',
      'comments of robot',
    ],
  ]),
];
