/** The rules of the line itself. */
import type { LineEventBody } from '../../../../src/domain/line/event.ts';
import { evolveLine } from '../../../../src/domain/line/evolve.ts';
import { readJoin, readLeave, readTurn } from '../../../../src/domain/line/message.ts';
import { nextLineStep, TELL_AGAIN_MS } from '../../../../src/domain/line/next-step.ts';
import {
  beginLine,
  type JoinRequest,
  type LineState,
  WAITING_MAX,
} from '../../../../src/domain/line/state.ts';
import { lineDetails, lineView } from '../../../../src/domain/line/view.ts';
import { placeText } from '../../../../src/domain/line/words.ts';
import { isInTurn } from '../../../../src/domain/merge-place.ts';
import type { DelayedKind } from '../../../../src/domain/state/delays.ts';
import { type Invariant, mustBe } from '../../life/invariants.ts';
import { check, type Probe } from '../scene.ts';

const request = (issue: number, change: Partial<JoinRequest> = {}): JoinRequest => ({
  ...{ id: `1.${issue}`, issue, target: 'main', head: `head-${issue}`, approvedAt: issue },
  ...change,
});
const joins = (issue: number, change: Partial<JoinRequest> = {}): LineEventBody => ({
  type: 'joined',
  request: request(issue, change),
});
const told = (issue: number, id = `1.${issue}`): LineEventBody => ({ type: 'told', issue, id });
const lost = (issue: number, id = `1.${issue}`): LineEventBody => ({ type: 'lost', issue, id });
const left = (issue: number, ids = [`1.${issue}`]): LineEventBody => ({ type: 'left', issue, ids });

function after(...events: readonly LineEventBody[]): LineState {
  return events.reduce<LineState>(
    (state, event) => evolveLine(state, { ...event, at: state.at + 1 }),
    beginLine({ owner: 'acme', repo: 'shop' }, 0),
  );
}

const IN_TURN: readonly DelayedKind[] = [
  ...(['read-policy', 'build-change', 'verify-change', 'assemble-evidence', 'push-commit'] as const),
  ...(['publish-evidence', 'open-pull-request', 'rerun-check', 'build-candidate'] as const),
  ...(['verify-candidate', 'merge'] as const),
];
const OUT_OF_TURN: readonly DelayedKind[] = ['claim-branch', 'run-agent', 'join-line', 'look'];

const next = (...events: readonly LineEventBody[]) => {
  const step = nextLineStep(after(...events));
  return step.kind === 'tell' ? step.issue : step.kind;
};
const turns = (...events: readonly LineEventBody[]) => after(...events).turns.map(({ issue }) => issue);
const waiting = (...events: readonly LineEventBody[]) => after(...events).waiting.map(({ issue }) => issue);

/** Each row: what is, and what must be. */
const rows = (
  name: string,
  invariant: Invariant,
  made: () => readonly (readonly [unknown, unknown])[],
): Probe =>
  check(`the line: ${name}`, () => {
    for (const [is, wanted] of made()) mustBe(invariant, is, wanted);
  });

export const LINE_RULE_PROBES: readonly Probe[] = [
  rows('the order', '29 in turn', () => [
    [next(joins(2), joins(1)), 1],
    [next(joins(2, { approvedAt: 1 }), joins(1)), 1],
    [next(joins(2), joins(1), told(2)), 'rest'],
    [
      lineView(after(joins(3), joins(2), joins(1), told(3))).targets[0]?.places.map(({ issue }) => issue),
      [3, 1, 2],
    ],
    [
      lineView(after(joins(1, { target: 'b' }), joins(2, { target: 'a' }))).targets.map(
        ({ target }) => target,
      ),
      ['a', 'b'],
    ],
  ]),
  rows('one turn for each branch', '29 in turn', () => [
    [next(joins(1), joins(2), told(1)), 'rest'],
    [next(joins(1), joins(2, { target: 'next' }), told(1)), 2],
    [turns(joins(1), joins(2), told(1), told(2)), [1]],
    [turns(joins(1), joins(2, { target: 'next' }), told(1), told(2)), [1, 2]],
    [turns(joins(1), told(1), told(1)), [1]],
    [turns(joins(1), told(1, 'other'), told(2, '1.1')), []],
    [turns(joins(1), told(1), joins(1, { id: '2.1' }), told(1)), []],
  ]),
  rows('a place ends with its holder', '27 place', () => [
    [waiting(joins(1), left(1, ['other']), left(2, ['1.1'])), [1]],
    [
      [waiting(joins(1), told(1), left(1)), turns(joins(1), told(1), left(1))],
      [[], []],
    ],
    [
      [waiting(joins(1), told(1), lost(1)), turns(joins(1), told(1), lost(1))],
      [[], []],
    ],
    [waiting(joins(1), lost(1, 'other'), lost(2, '1.1')), [1]],
    [turns(joins(1), told(1), joins(1)), [1]],
    [turns(joins(1), told(1), joins(2)), [1]],
    [turns(joins(1), told(1), joins(1, { id: '2.1' })), []],
    [turns(joins(1), told(1), joins(1, { target: 'next' })), []],
    [waiting(joins(1), joins(1, { id: '2.1' })), [1]],
    [after(joins(1), joins(2), joins(1)).waiting.find(({ issue }) => issue === 1)?.joinedAt, 1],
    [
      after(joins(1), joins(2), joins(1, { id: '2.1' })).waiting.find(({ issue }) => issue === 1)?.joinedAt,
      3,
    ],
    [
      [next(), next(joins(1), told(1), left(1))],
      ['end', 'end'],
    ],
  ]),
  rows('who has the turn is told again', '27 place', () => {
    const state = after(joins(1), joins(2), told(1));
    const at = (ms: number) => nextLineStep(evolveLine(state, { type: 'timer', at: state.at + ms }));
    const again = evolveLine(state, { ...told(1), at: state.at + TELL_AGAIN_MS });
    return [
      [nextLineStep(state), { kind: 'rest', until: state.at + TELL_AGAIN_MS }],
      [at(TELL_AGAIN_MS - 1).kind, 'rest'],
      [at(TELL_AGAIN_MS), { kind: 'tell', issue: 1, id: '1.1' }],
      [again.turns, [{ ...state.turns[0], toldAt: again.at }]],
      [evolveLine(state, { type: 'timer', at: 0 }).at, state.at],
    ];
  }),
  rows('the earliest time to tell again', '27 place', () => {
    const state = after(joins(1), joins(2, { target: 'next' }), told(1), told(2));
    return [[nextLineStep(state), { kind: 'rest', until: state.at - 1 + TELL_AGAIN_MS }]];
  }),
  rows('it is bounded', '27 place', () => {
    const full = after(...Array.from({ length: WAITING_MAX }, (_, index) => joins(index + 1)));
    return [
      [evolveLine(full, { ...joins(WAITING_MAX + 1), at: 0 }).waiting.length, WAITING_MAX],
      [evolveLine(full, { ...joins(1, { id: '2.1' }), at: 0 }).waiting.at(-1)?.id, '2.1'],
    ];
  }),
  rows('what does not fit is dropped', '10 names', () => {
    const good = { ...request(1) };
    const bad = [
      { issue: 0 },
      { issue: 1.5 },
      { id: '' },
      { id: 1 },
      { approvedAt: NaN },
      { approvedAt: '1' },
    ];
    const more = [{ target: '' }, { target: 'x'.repeat(301) }, { head: undefined }];
    return [
      [readJoin(good), { type: 'joined', request: good }],
      [readJoin({ ...good, target: 'x'.repeat(300) }) === undefined, false],
      ...[...bad, ...more].map(part => [readJoin({ ...good, ...part }), undefined] as const),
      [readLeave({ issue: 1, ids: ['a', '', 2] }), { type: 'left', issue: 1, ids: ['a'] }],
      [readLeave({ issue: 0, ids: ['a'] }), undefined],
      [readLeave({ issue: 1, ids: 'a' }), undefined],
      [readLeave({ issue: 1, ids: [''] }), undefined],
      [
        [readTurn({ id: 'a' }), readTurn({ id: 1 }), readTurn(null)],
        ['a', undefined, undefined],
      ],
    ];
  }),
  rows('what leads from the turn to the merge', '21 delayed', () => [
    ...IN_TURN.map(
      kind =>
        [
          [kind, isInTurn(kind)],
          [kind, true],
        ] as const,
    ),
    ...OUT_OF_TURN.map(
      kind =>
        [
          [kind, isInTurn(kind)],
          [kind, false],
        ] as const,
    ),
  ]),
  rows('in words', '21 shown', () => {
    const line = lineView(after(joins(1), joins(2), joins(3), joins(4, { target: 'next' }), told(1)));
    const many = Array.from({ length: 60 }, (_, index) => joins(index + 1));
    const long = lineView(after(...many));
    return [
      [placeText(line, 1), 'place 1 of 3 in the line of main: its turn since 1970-01-01 00:00 UTC'],
      [placeText(line, 2), 'place 2 of 3 in the line of main, behind #1'],
      [placeText(line, 3), 'place 3 of 3 in the line of main, behind #1 and #2'],
      [placeText(line, 4), 'place 1 of 1 in the line of next'],
      [placeText(line, 5), undefined],
      [placeText(long, 7), 'place 7 of 60 in the line of main, behind #1, #2, #3, #4, #5 and 1 more'],
      [line.targets[0]?.places.map(({ turnSince }) => turnSince), [5, null, null]],
      [lineDetails(after()), 'Nobody waits to be merged.'],
      [
        lineDetails(after(...many))
          .split('\n')
          .at(-2),
        '- and 10 more',
      ],
      [
        lineDetails(after(joins(1), told(1), joins(2)))
          .split('\n')
          .slice(0, 4),
        [
          '**Merges into `main`: 2**',
          '',
          '1. #1 at `head-1`, approved 1970-01-01 00:00 UTC, has the turn since 1970-01-01 00:00 UTC',
          '2. #2 at `head-2`, approved 1970-01-01 00:00 UTC',
        ],
      ],
    ];
  }),
];
