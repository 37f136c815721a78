/** The rules of the line of merges: who has the turn, who is next, and what a lost issue or a forged message does. */
import { describe, expect, test } from '@jest/globals';
import type { LineEventBody } from '../../../src/domain/line/event.ts';
import { evolveLine } from '../../../src/domain/line/evolve.ts';
import { readAhead, readJoin, readLeave, readTurn } from '../../../src/domain/line/message.ts';
import { nextLineStep, TELL_AGAIN_MS } from '../../../src/domain/line/next-step.ts';
import { beginLine, type JoinRequest, type LineState, WAITING_MAX } from '../../../src/domain/line/state.ts';
import { lineDetails, lineView } from '../../../src/domain/line/view.ts';
import { placeText } from '../../../src/domain/line/words.ts';

const START_AT = 1_700_000_000_000;
const REPOSITORY = { owner: 'acme', repo: 'shop' };

const request = (issue: number, change: Partial<JoinRequest> = {}): JoinRequest => ({
  ...{ id: `1.${issue}`, issue, target: 'main', head: `head-${issue}`, approvedAt: START_AT + issue },
  ...change,
});
const joins = (issue: number, change: Partial<JoinRequest> = {}): LineEventBody => ({
  type: 'joined',
  request: request(issue, change),
});

function after(...events: readonly LineEventBody[]): LineState {
  return events.reduce<LineState>(
    (state, event) => evolveLine(state, { ...event, at: state.at + 1 }),
    beginLine(REPOSITORY, START_AT),
  );
}

const told = (issue: number, id = `1.${issue}`): LineEventBody => ({ type: 'told', issue, id });
const left = (issue: number, ids: readonly string[] = [`1.${issue}`]): LineEventBody => ({
  type: 'left',
  issue,
  ids,
});

describe('the turn', () => {
  test('goes to the earliest approval, then to the lowest number', () => {
    expect(nextLineStep(after(joins(2), joins(1)))).toEqual({ kind: 'tell', issue: 1, id: '1.1' });
    const same = { approvedAt: START_AT };
    expect(nextLineStep(after(joins(3, same), joins(2, same)))).toMatchObject({ issue: 2 });
  });

  test('is given once, and to the next one when its holder leaves', () => {
    const state = after(joins(1), joins(2), told(1));
    expect(nextLineStep(state)).toEqual({ kind: 'rest', until: state.at + TELL_AGAIN_MS });
    expect(nextLineStep(after(joins(1), joins(2), told(1), left(1)))).toMatchObject({ issue: 2 });
  });

  test('is one for each target branch', () => {
    const state = after(joins(1), joins(2, { target: 'next' }), told(1));
    expect(nextLineStep(state)).toEqual({ kind: 'tell', issue: 2, id: '1.2' });
  });

  test('stays with its holder when an earlier approval joins later', () => {
    const state = after(joins(2), told(2), joins(1));
    expect(nextLineStep(state)).toMatchObject({ kind: 'rest' });
    expect(lineView(state).targets[0]?.places.map(({ issue }) => issue)).toEqual([2, 1]);
  });

  test('is told again after a while, and passes on when nobody has this workflow', () => {
    const state = after(joins(1), joins(2), told(1));
    const later = evolveLine(state, { type: 'timer', at: state.at + TELL_AGAIN_MS });
    expect(nextLineStep(later)).toEqual({ kind: 'tell', issue: 1, id: '1.1' });
    const lost = evolveLine(later, { type: 'lost', issue: 1, id: '1.1', at: later.at });
    expect(nextLineStep(lost)).toMatchObject({ kind: 'tell', issue: 2 });
  });

  test('is kept by who asks again with the same place, and lost by who joins with another', () => {
    const again = after(joins(1), told(1), joins(1));
    expect(again.turns).toHaveLength(1);
    expect(after(joins(1), told(1), joins(1, { id: '2.1' })).turns).toEqual([]);
    expect(after(joins(1), told(1), joins(1, { target: 'next' })).turns).toEqual([]);
  });

  test('is not recorded for who has left while being told', () => {
    expect(after(joins(1), left(1), told(1)).turns).toEqual([]);
    expect(after(joins(1), joins(1, { id: '1.9' }), told(1)).turns).toEqual([]);
    expect(after(joins(1), told(1), joins(2), told(2)).turns).toMatchObject([{ issue: 1 }]);
  });
});

test('an empty line ends', () => {
  expect(nextLineStep(after())).toEqual({ kind: 'end' });
  expect(nextLineStep(after(joins(1), told(1), left(1)))).toEqual({ kind: 'end' });
});

test('only the named places are given up', () => {
  expect(after(joins(1), left(1, ['1.0']), left(2, ['1.1'])).waiting).toHaveLength(1);
});

test('a full line takes nobody else, but everybody who waits may ask again', () => {
  const all = Array.from({ length: WAITING_MAX }, (_, index) => joins(index + 1));
  const full = after(...all);
  expect(evolveLine(full, { ...joins(WAITING_MAX + 1), at: full.at }).waiting).toHaveLength(WAITING_MAX);
  const again = evolveLine(full, { ...joins(7, { id: '2.7' }), at: full.at });
  expect(again.waiting.find(({ issue }) => issue === 7)?.id).toBe('2.7');
});

describe('what does not fit is dropped', () => {
  const good = { ...request(1) };
  test('of a request to join', () => {
    expect(readJoin(good)).toEqual({ type: 'joined', request: good });
    const bad = [null, 'x', {}, { ...good, issue: 0 }, { ...good, issue: '1' }, { ...good, id: '' }];
    const more = [
      { ...good, approvedAt: NaN },
      { ...good, target: 'x'.repeat(301) },
      { ...good, head: 1 },
    ];
    for (const payload of [...bad, ...more]) expect(readJoin(payload)).toBeUndefined();
  });

  test('of a request to leave', () => {
    expect(readLeave({ issue: 1, ids: ['1.1', 2, ''] })).toEqual({ type: 'left', issue: 1, ids: ['1.1'] });
    for (const payload of [{}, { issue: 1, ids: 'all' }, { issue: 1, ids: [] }, { ids: ['1.1'] }])
      expect(readLeave(payload)).toBeUndefined();
  });

  test('of a turn', () => {
    expect([readTurn({ id: '1.1' }), readTurn({ id: 1 }), readTurn(undefined)]).toEqual([
      ...['1.1', undefined, undefined],
    ]);
  });
});

describe('in words', () => {
  const line = lineView(after(joins(1), joins(2), joins(3), joins(4, { target: 'next' }), told(1)));

  test('an issue has its place, and who is before it', () => {
    expect(placeText(line, 3)).toBe('place 3 of 3 in the line of main, behind #1 and #2');
    expect(placeText(line, 2)).toBe('place 2 of 3 in the line of main, behind #1');
    expect(placeText(line, 1)).toMatch(/^place 1 of 3 in the line of main: its turn since 2023-11-14/);
    expect([placeText(line, 4), placeText(line, 9)]).toEqual(['place 1 of 1 in the line of next', undefined]);
  });

  test('of many, only some are named', () => {
    const many = lineView(after(...Array.from({ length: 9 }, (_, index) => joins(index + 1))));
    expect(placeText(many, 9)).toContain('behind #1, #2, #3, #4, #5 and 3 more');
    const most = after(...Array.from({ length: 60 }, (_, index) => joins(index + 1)));
    expect(lineDetails(most)).toContain('- and 10 more');
  });

  test('the Web UI shows the order, and inert names', () => {
    expect(lineDetails(after(joins(1, { target: 'a`b' }), told(1)))).toMatch(
      /Merges into `a\?b`: 1\*\*\n\n1\. #1 at `head-1`, approved .*, has the turn since/,
    );
    expect(lineDetails(after())).toBe('Nobody waits to be merged.');
  });
});

describe('what is verified ahead', () => {
  const near = (issue: number, ahead = 1): LineEventBody => joins(issue, { ahead });
  const before = (...issues: readonly number[]) => issues.map(issue => ({ issue, head: `head-${issue}` }));
  const toldAhead = (issue: number, ...issues: readonly number[]): LineEventBody => ({
    ...{ type: 'told-ahead', issue, id: `1.${issue}`, before: before(...issues) },
  });
  const tells = (issue: number, ...issues: readonly number[]) => ({
    ...{ kind: 'tell-ahead', issue, id: `1.${issue}`, before: before(...issues) },
  });

  test('the next ones are told who is before them, as many as they ask for, once the turn is given', () => {
    expect(nextLineStep(after(near(1), near(2)))).toMatchObject({ kind: 'tell', issue: 1 });
    expect(nextLineStep(after(near(1), near(2), near(3), told(1)))).toEqual(tells(2, 1));
    expect(nextLineStep(after(near(1), near(2), near(3), told(1), toldAhead(2, 1)))).toMatchObject({
      kind: 'rest',
    });
    const far = after(near(1), near(2), near(3, 2), told(1), toldAhead(2, 1));
    expect(nextLineStep(far)).toEqual(tells(3, 1, 2));
    expect(nextLineStep(after(joins(1), joins(2), told(1)))).toMatchObject({ kind: 'rest' });
  });

  test('they are told again when the order before them changes, also that they are too far now', () => {
    const three = [near(1), near(2, 2), near(3, 2), told(1), toldAhead(2, 1), toldAhead(3, 1, 2)];
    expect(nextLineStep(after(...three, left(2)))).toEqual(tells(3, 1));
    expect(nextLineStep(after(...three, left(1), told(2)))).toEqual(tells(3, 2));
    const two = [near(1), near(3), told(1), toldAhead(3, 1), near(2)];
    expect(nextLineStep(after(...two, toldAhead(2, 1)))).toEqual(tells(3));
    expect(nextLineStep(after(...two, toldAhead(2, 1), toldAhead(3)))).toMatchObject({ kind: 'rest' });
  });

  test('who asks again with the same place is not told again', () => {
    const state = after(near(1), near(2), told(1), toldAhead(2, 1), near(2));
    expect(nextLineStep(state)).toMatchObject({ kind: 'rest' });
    expect(
      nextLineStep(after(near(1), near(2), told(1), toldAhead(2, 1), joins(2, { id: '2.2', ahead: 1 }))),
    ).toEqual({
      ...tells(2, 1),
      id: '2.2',
    });
  });

  test('a message that does not fit is dropped', () => {
    const one = { issue: 1, head: 'h' };
    expect(readAhead({ id: '1.1', before: [one] })).toEqual({ id: '1.1', before: [one] });
    for (const odd of [{ issue: 0, head: 'h' }, { issue: 1 }, 1]) {
      expect(readAhead({ id: '1.1', before: [one, odd] })).toBeUndefined();
    }
    expect(readAhead({ id: '1.1' })).toBeUndefined();
    expect(readAhead({ id: '', before: [] })).toBeUndefined();
    expect(readAhead({ id: '1.1', before: [one, one, one, one] })).toBeUndefined();
    const asked = (ahead: unknown) => readJoin({ ...request(1), ahead });
    expect(asked(9)).toEqual({ type: 'joined', request: request(1, { ahead: 3 }) });
    expect(asked('9')).toEqual({ type: 'joined', request: request(1) });
  });
});
