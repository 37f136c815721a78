/**
 * Random lives of a line: issues join, leave, work, are terminated, and messages come late, twice or forged. There is never
 * more than one turn for a target branch, the order is kept, and in the end everybody has had their turn.
 */
import process from 'node:process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LineEventBody } from '../../../src/domain/line/event.ts';
import { evolveLine } from '../../../src/domain/line/evolve.ts';
import { nextLineStep, TELL_AGAIN_MS } from '../../../src/domain/line/next-step.ts';
import { beginLine, type LineState } from '../../../src/domain/line/state.ts';
import { SEED } from '../life/seed.ts';

const RUNS = Number(process.env['SIGNALBOX_TEST_SEQUENCES'] ?? 500);
const ISSUES = 6;
const STEPS_MAX = 200;

/** The issues as the line meets them: `gone` have no workflow; a live one answers a turn for another place by leaving it. */
class Lives {
  state: LineState = beginLine({ owner: 'acme', repo: 'shop' }, 0);
  readonly place = new Map<number, string>();
  readonly gone = new Set<number>();
  readonly hadTurn: number[] = [];
  #ids = 0;

  apply(event: LineEventBody, ms = 1): void {
    this.state = evolveLine(this.state, { ...event, at: this.state.at + ms });
    const targets = this.state.turns.map(({ target }) => target);
    expect(new Set(targets).size).toBe(targets.length);
    const issues = this.state.waiting.map(({ issue }) => issue);
    expect(new Set(issues).size).toBe(issues.length);
    for (const { issue, id, target } of this.state.turns)
      expect(this.state.waiting).toContainEqual(expect.objectContaining({ issue, id, target }));
  }

  join(issue: number, target: string, approvedAt: number): void {
    this.gone.delete(issue);
    const id = `g.${(this.#ids += 1)}`;
    this.place.set(issue, id);
    this.apply({ type: 'joined', request: { id, issue, target, head: 'h', approvedAt } });
  }

  leave(issue: number): void {
    const id = this.place.get(issue);
    this.place.delete(issue);
    if (id !== undefined) this.apply({ type: 'left', issue, ids: [id] });
  }

  /** As the workflow does it, until the line rests or ends. */
  run(): void {
    for (let steps = 0; steps < STEPS_MAX; steps++) {
      const step = nextLineStep(this.state);
      if (step.kind !== 'tell') return;
      const { issue, id } = step;
      this.#keepsOrder(issue, id);
      const isKnown = this.state.turns.some(turn => turn.issue === issue && turn.id === id);
      this.apply({ type: this.gone.has(issue) ? 'lost' : 'told', issue, id });
      if (this.gone.has(issue)) continue;
      if (this.place.get(issue) !== id) this.apply({ type: 'left', issue, ids: [id] });
      else if (!isKnown) this.hadTurn.push(issue);
    }
    throw new Error('the line never rests');
  }

  /** Nobody who waits for the same branch was approved before the one who gets the turn. */
  #keepsOrder(issue: number, id: string): void {
    if (this.state.turns.some(turn => turn.issue === issue && turn.id === id)) return;
    const mine = this.state.waiting.find(one => one.issue === issue);
    const first = this.state.waiting
      .filter(({ target }) => target === mine?.target)
      .map(({ approvedAt }) => approvedAt);
    expect(mine?.approvedAt).toBe(Math.min(...first));
  }
}

const act = fc.record({
  what: fc.constantFrom('join', 'join', 'leave', 'terminate', 'merge', 'forge', 'again', 'wait', 'none'),
  issue: fc.integer({ min: 1, max: ISSUES }),
  target: fc.constantFrom('main', 'main', 'next'),
  at: fc.nat(20),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

function perform(lives: Lives, { what, issue, target, at }: Act): void {
  const id = lives.place.get(issue) ?? 'none';
  switch (what) {
    case 'join':
      lives.join(issue, target, at);
      return;
    case 'leave':
      lives.leave(issue);
      return;
    case 'terminate':
      lives.gone.add(issue);
      lives.place.delete(issue);
      return;
    case 'merge':
      for (const turn of lives.state.turns) if (!lives.gone.has(turn.issue)) lives.leave(turn.issue);
      return;
    case 'forge':
      lives.apply(
        at % 2 === 0 ? { type: 'told', issue, id: 'forged' } : { type: 'left', issue, ids: ['no'] },
      );
      return;
    case 'again':
      lives.apply(at % 2 === 0 ? { type: 'told', issue, id } : { type: 'lost', issue, id: 'older' });
      return;
    default:
      lives.apply({ type: 'timer' }, what === 'wait' ? TELL_AGAIN_MS : 1);
  }
}

/** Everybody who has the turn is merged, and time goes by. */
function finish(lives: Lives): void {
  for (let round = 0; round < 3 * ISSUES; round++) {
    lives.run();
    for (const { issue } of lives.state.turns) if (!lives.gone.has(issue)) lives.leave(issue);
    lives.apply({ type: 'timer' }, TELL_AGAIN_MS);
  }
}

test('one turn for each branch, in order, and nobody waits for ever', () => {
  const property = fc.property(fc.array(act, { maxLength: 40, size: 'max' }), acts => {
    const lives = new Lives();
    for (const one of acts) {
      perform(lives, one);
      lives.run();
    }
    const waiting = [...lives.place.keys()];
    const before = lives.hadTurn.length;
    const had = new Set(lives.state.turns.map(({ issue }) => issue));
    finish(lives);
    const served = new Set([...had, ...lives.hadTurn.slice(before)]);
    expect(waiting.filter(issue => !served.has(issue))).toEqual([]);
    expect(nextLineStep(lives.state)).toEqual({ kind: 'end' });
  });
  fc.assert(property, { seed: SEED, numRuns: RUNS });
});
