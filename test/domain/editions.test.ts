/** Twelve digits name a text only together with a secret, and an approval is for one edition of the text. */
import { describe, expect, test } from '@jest/globals';
import { decisionProblem, gateAsked } from '../../src/domain/decision-problem.ts';
import { digestOf, shortDigest } from '../../src/domain/digest.ts';
import { evolve } from '../../src/domain/evolve/evolve.ts';
import { boundTo } from '../../src/domain/bound-to.ts';
import { details, projection } from '../../src/domain/projection.ts';
import { issueStory, viewOf } from '../../src/domain/view.ts';
import { approvalDigest, approvalFor } from '../../src/domain/gate.ts';
import type { ObservedIssue, ObservedReview } from '../../src/domain/observation.ts';
import { omit } from '../../src/domain/omit.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { issueOf } from './life/fixtures.ts';
import { approvalAsked, comment, decide } from './life/people.ts';
import type { World } from './life/world.ts';
import { Scene } from './mutants/scene.ts';

const atStart = (): Scene => new Scene().until('start');
const gateOf = ({ state }: World) => gateAsked(state)?.gate;

/** The state after the issue was read like this. */
function read(state: IssueState, issue: ObservedIssue): IssueState {
  const observation = { facets: ['issue'] as const, issue };
  return evolve(state, { type: 'observed', observation, at: state.at + 1 });
}

const shown = (state: IssueState): string => shortDigest(approvalDigest(state, 'start'));

describe('the digest that a gate shows', () => {
  /** What an author can compute: everything but the secret. Few digits, so that the test finds a pair at once. */
  const DIGITS = 4;
  const known = (state: IssueState, edition: number): string => {
    const subject = issueOf({ edition });
    return shortDigest(approvalDigest({ ...state, subject }, 'start')).slice(0, DIGITS);
  };

  /** Two editions whose digests begin alike: of few digits, any two of some hundred texts do. */
  function pair(state: IssueState): readonly [number, number] {
    const seen = new Map<string, number>();
    for (let edition = 2; ; edition++) {
      const digits = known(state, edition);
      const earlier = seen.get(digits);
      if (earlier !== undefined) return [earlier, edition];
      seen.set(digits, edition);
    }
  }

  test('cannot be computed from the text: a pair that collides without the secret does not with it', () => {
    const { state } = atStart().world;
    const [harmless, harmful] = pair(state);
    expect(known(state, harmless)).toBe(known(state, harmful));
    const asked = read(state, { ...issueOf({ edition: harmless }), secret: 'one' });
    const edited = read(asked, { ...issueOf({ edition: harmful }), secret: 'two' });
    expect(shown(asked).slice(0, DIGITS)).not.toBe(shown(edited).slice(0, DIGITS));
    expect(shown(asked).slice(0, DIGITS)).not.toBe(known(state, harmless));
  });

  test('depends on the secret of the reading that first saw the text, and on no later one', () => {
    const { state } = atStart().world;
    const text = issueOf({ edition: 2, edits: { count: 1 } });
    const [one, two] = ['one', 'two'].map(secret => read(state, { ...text, secret }));
    if (one === undefined || two === undefined) throw new Error('two readings');
    expect(shown(one)).not.toBe(shown(two));
    expect(shown(read(one, { ...text, secret: 'three' }))).toBe(shown(one));
  });

  test('is nowhere shown together with its secret', () => {
    const secret = 'the secret of this reading';
    const state = read(atStart().world.state, { ...issueOf({ edition: 2 }), secret });
    const { asked, audit } = state;
    const posted = [projection(state), details(state), viewOf(state), issueStory(state)];
    expect(JSON.stringify([asked, audit, posted])).not.toContain(secret);
    expect(JSON.stringify(posted)).not.toContain(boundTo(state, 'start').subject);
    expect(state.subject?.secret).toBe(secret);
  });

  test('stays as it was for a text that an older build had read', () => {
    const { state } = atStart().world;
    const old = read(state, omit(issueOf({ edition: 2 }), 'edits'));
    const again = read(old, { ...issueOf({ edition: 2 }), edits: { count: 3, lastAt: 1 }, secret: 'new' });
    expect(shown(again)).toBe(shown(old));
    const edited = read(again, {
      ...issueOf({ edition: 2 }),
      edits: { count: 4, lastAt: 2 },
      secret: 'newer',
    });
    expect(shown(edited)).not.toBe(shown(old));
  });
});

describe('an approval', () => {
  test('by a comment between the asking and an edit is not taken; one of what is asked now is', () => {
    const life = atStart();
    const before = approvalAsked(life.world);
    if (before === undefined) throw new Error('nothing is asked');
    life.act('the issue is edited', 1).comment('ann', before).flow();
    expect(gateOf(life.world)).toBe('start');
    expect(life.world.state.refusedDecision?.why).toMatch(/no longer valid; changed: the issue text/);
    life.comment('ann').flow();
    expect(gateOf(life.world)).toBe('merge');
  });

  test('of a text that was edited and restored since does not count, by a comment or by an update', () => {
    const life = atStart();
    const before = approvalAsked(life.world);
    if (before === undefined) throw new Error('nothing is asked');
    life
      .do(world => comment(world, 'ann', before))
      .act('the issue is edited and restored')
      .poked()
      .flow();
    expect(gateOf(life.world)).toBe('start');
    expect(life.world.state.refusedDecision?.why).toMatch(/changed: the issue text/);
    life.decide('ann', before);
    expect(life.world.state.approvals).toEqual([]);
    life.do(world => decide(world, 'ann', approvalAsked(world) ?? before)).flow();
    expect(gateOf(life.world)).toBe('merge');
  });

  test('over Temporal that overtakes an edit starts nothing: the issue is read first', () => {
    const approvedAt = (isEdited: boolean): World => {
      const life = atStart();
      if (isEdited) life.act('the issue is edited', 1);
      life.approve();
      expect(life.world.state.approvals).toHaveLength(1);
      // Reading is all that it may do before.
      expect(life.world.effect?.effect.kind).toBe('read-policy');
      return life.flow().world;
    };
    const edited = approvedAt(true);
    expect(gateOf(edited)).toBe('start');
    expect(edited.github.made.branches).toBe(0);
    expect(gateOf(approvedAt(false))).toBe('merge');
  });

  test('that was taken is void after an edit, also when the text is restored', () => {
    const life = atStart();
    life.decide('ann', { kind: 'pause' }).flow();
    const { state } = life.world;
    const approval = {
      gate: 'start',
      digest: approvalDigest(state, 'start'),
      bound: {},
      at: state.at,
    } as const;
    const approved = {
      ...state,
      approvals: [{ ...approval, by: { kind: 'person', login: 'ann', how: 'temporal' } }],
    };
    const text = state.subject;
    if (text === undefined) throw new Error('no text');
    const same = { ...text, labels: [...text.labels, 'other'] };
    expect(approvalFor(read(approved as IssueState, same), 'start')).toBeDefined();
    const restored = { ...text, edits: { count: 2, lastAt: 5 }, secret: 'fresh' };
    expect(approvalFor(read(approved as IssueState, restored), 'start')).toBeUndefined();
    const last = read(approved as IssueState, restored).audit.records.at(-1);
    expect(last?.cause).toBe('the issue was edited and restored');
  });

  test.each([
    ['before the reading', 999, true],
    ['in the second of the reading', 1_000, true],
    ['after the reading', 1_001, false],
  ])('of a text whose latest edit is %s', (_when, lastAt, isValid) => {
    const { state } = atStart().world;
    const text = { ...omit(issueOf({ edition: 2 }), 'edits'), updatedAt: 1_000, secret: 'first' };
    const asked = read(state, text);
    const labelled = read(asked, { ...text, updatedAt: 5_000, secret: 'second' });
    const approved = read(labelled, {
      ...text,
      updatedAt: 6_000,
      edits: { count: 2, lastAt },
      secret: 'third',
    });
    expect(shown(approved) === shown(asked)).toBe(isValid);
    expect(shown(read(approved, { ...text, secret: 'fourth' }))).toBe(shown(approved));
  });

  test('by a review does not count if the issue was edited after it, or in the same second', () => {
    const merged = (submittedAt: number, lastAt: number) => {
      const life = new Scene({ mode: 'auto-run' }).until('merge');
      life.decide('ann', { kind: 'pause' }).flow();
      const { state } = life.world;
      const { subject, pullRequest, change } = state;
      if (subject === undefined || pullRequest === undefined || change === undefined)
        throw new Error('no change');
      const account = { login: 'ben', type: 'User' } as const;
      const review: ObservedReview = {
        reviewId: 5,
        author: account,
        role: { kind: 'role', role: 'maintain' },
        state: 'approved',
        commit: change.commit,
        submittedAt,
        body: digestOf('fine'),
      };
      const observation = {
        facets: ['issue', 'pull-request'],
        issue: { ...subject, edits: { count: 1, lastAt }, secret: 'fresh' },
        pullRequest: { ...pullRequest, reviews: [review] },
      } as const;
      return evolve(state, { type: 'observed', observation, at: state.at + 1 });
    };
    for (const submittedAt of [1_000, 2_000]) {
      const { approvals, refusedDecision } = merged(submittedAt, 2_000);
      expect(approvals.filter(({ review }) => review === 5)).toEqual([]);
      expect(refusedDecision?.why).toBe('the issue was edited after the review; review it again');
    }
    expect(merged(3_000, 2_000).approvals).toMatchObject([{ review: 5 }]);
  });
});

describe('an unknown mode', () => {
  test('is refused by name and changes nothing, whoever sends it', () => {
    const { world } = atStart();
    const decision = {
      ...{ kind: 'set-mode', mode: 'wild', id: 'x', source: 'temporal' },
      by: { kind: 'person', login: 'ann', how: 'temporal' },
    } as never;
    expect(decisionProblem(world.state, decision)).toEqual({
      code: 'not-now',
      message: 'name the mode: auto-run, guarded, analysis, spike',
    });
    world.push({ type: 'decision', decision });
    expect(world.state.modeSet).toBeUndefined();
    decide(world, 'ann', { kind: 'set-mode', mode: 'spike' });
    expect(world.state.modeSet).toBe('spike');
  });
});
