/** The answer in each thread after a rework: what was done in which commit, once. */
import { describe, expect, test } from '@jest/globals';
import type { Event } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/evolve/evolve.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { nextUpkeep } from '../../src/domain/upkeep.ts';
import { causesOf, lines, onLines, pullObserved } from './life/reviewed.ts';
import { AUTO, Scene } from './mutants/scene.ts';

describe('the answers', () => {
  const reworked = (...threads: readonly (readonly [number, number])[]): Scene => {
    const life = new Scene(AUTO).until('merge');
    const { state } = life.world;
    const observation = pullObserved(state, onLines(state, 'ben', { lines: lines(...threads) }));
    return life.event({ type: 'observed', observation });
  };
  const answering = (life: Scene): IssueState => {
    for (let at = 0; at < 40 && nextUpkeep(life.world.state)?.kind !== 'answer-threads'; at += 1) {
      life.world.land();
      if (nextUpkeep(life.world.state)?.kind !== 'answer-threads') life.world.landUpkeep();
    }
    return life.world.state;
  };

  test('are due when the pull request shows the new commit, one for each thread, and once', () => {
    const life = reworked([41, 41], [42, 43]);
    expect(nextUpkeep(life.world.state)?.kind).not.toBe('answer-threads');
    const state = answering(life);
    const upkeep = nextUpkeep(state);
    expect(upkeep).toMatchObject({
      kind: 'answer-threads',
      pullRequest: 70,
      answers: [
        { thread: 41, comment: 41, marker: '<!-- signalbox:thread 41 -->' },
        { thread: 42, comment: 43 },
      ],
    });
    expect(upkeep).not.toHaveProperty('resolve');
    const [answer] = upkeep?.kind === 'answer-threads' ? upkeep.answers : [];
    expect(answer?.body).toContain(`Its result is commit ${state.change?.commit.slice(0, 12) ?? ''}.`);
    expect(answer?.body).toContain('Attempt 2 got this comment.');
    life.flow();
    expect(life.world.state.requestedChanges?.flatMap(({ owed }) => owed)).toEqual([]);
    expect(causesOf(life.world.state)).toContain('answered 2 threads');
  });

  test('of several reviewers in one thread are one', () => {
    const state = answering(reworked([41, 41]));
    const [request] = state.requestedChanges ?? [];
    if (request === undefined) throw new Error('no request');
    const also = { ...request, reviewId: 9, owed: [{ thread: 41, comment: 60 }] };
    const two = { ...state, requestedChanges: [request, also] };
    const upkeep = nextUpkeep(two);
    expect(upkeep).toMatchObject({ answers: [{ thread: 41, comment: 60 }] });
    const told: Event = {
      type: 'threads-answered',
      threads: [{ thread: 41, comment: 60 }],
      problem: 'forbidden',
      at: state.at + 1,
    };
    const after = evolve(two, told);
    expect(nextUpkeep(after)?.kind).not.toBe('answer-threads');
    expect(causesOf(after)).toContain('answered 1 thread; not resolved: forbidden');
  });

  test('resolve the threads if the policy says so', () => {
    const state = answering(reworked([41, 41]));
    const { policy } = state;
    if (policy === undefined) throw new Error('no policy');
    const resolving = { ...state, policy: { ...policy, review: { resolveThreads: true as const } } };
    expect(nextUpkeep(resolving)).toMatchObject({ kind: 'answer-threads', resolve: true });
  });

  test('have the words of the agent inert', () => {
    const state = answering(reworked([41, 41]));
    const runs = state.runs.map(known => ({
      ...known,
      end: known.end && { ...known.end, summary: '@octo/team fixes #1 <!-- signalbox:thread 99 -->' },
    })) as IssueState['runs'];
    const upkeep = nextUpkeep({ ...state, runs });
    const body = upkeep?.kind === 'answer-threads' ? (upkeep.answers[0]?.body ?? '') : '';
    expect(body).not.toMatch(/@octo|#1|<!-- signalbox:thread 99/);
    expect(body).toContain('octo');
  });

  test('that GitHub refuses are given up, and hold nothing', () => {
    const state = answering(reworked([41, 41]));
    const after = evolve(state, {
      ...{ type: 'upkeep-failed', upkeep: 'answer-threads', at: state.at + 1 },
      ...{ failure: 'GitHubForbidden', message: 'the conversation is locked' },
    });
    expect(after.blocked).toBeUndefined();
    expect(nextUpkeep(after)?.kind).not.toBe('answer-threads');
    expect(causesOf(after)).toContain('answer-threads failed: the conversation is locked');
  });

  test('come in portions of 20', () => {
    const many = Array.from({ length: 25 }, (_, at) => [100 + at, 100 + at] as const);
    const state = answering(reworked(...many));
    const upkeep = nextUpkeep(state);
    const answers = upkeep?.kind === 'answer-threads' ? upkeep.answers : [];
    expect(answers).toHaveLength(20);
    const after = evolve(state, { type: 'threads-answered', threads: answers, at: state.at + 1 });
    expect(nextUpkeep(after)).toMatchObject({ answers: [{ thread: 120 }, {}, {}, {}, {}] });
  });
});
