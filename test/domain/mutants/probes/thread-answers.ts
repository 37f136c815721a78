/** The answers in threads after a rework: each once, and who did the work. */
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { ThreadAnswer } from '../../../../src/domain/thread-plan.ts';
import { isOwed, nextUpkeep } from '../../../../src/domain/upkeep.ts';
import { must } from '../../life/invariants.ts';
import { causesOf, lines, onLines, pullObserved } from '../../life/reviewed.ts';
import { AUTO, check, type Probe, probe, Scene } from '../scene.ts';
import { policyWith } from './threads.ts';

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A life whose second attempt answers these threads. */
function reworked(...marks: readonly (readonly [number, number])[]): Scene {
  const life = new Scene(AUTO).until('merge');
  const { state } = life.world;
  const observation = pullObserved(state, onLines(state, 'ben', { lines: lines(...marks) }));
  return life.event({ type: 'observed', observation });
}

function answersIn(state: IssueState): readonly ThreadAnswer[] {
  const upkeep = nextUpkeep({ ...state, due: {} });
  return upkeep?.kind === 'answer-threads' ? upkeep.answers : [];
}

/** Plays on until answers are due; checks that none are before the pull request shows the new commit. */
function answering(life: Scene): IssueState {
  for (let at = 0; at < 60 && answersIn(life.world.state).length === 0; at += 1) {
    life.world.land();
    if (answersIn(life.world.state).length === 0) life.world.landUpkeep();
  }
  const { state } = life.world;
  must('21 told', answersIn(state).length > 0, 'no thread is answered');
  const shown = [state.change?.commit, state.pushed, state.described, state.pullRequest?.head];
  must('21 told', new Set(shown).size === 1, 'an answer names a commit that is not shown');
  return state;
}

export const THREAD_ANSWER_PROBES: readonly Probe[] = [
  probe('a review on a line comes while the attempt of another one runs', AUTO, scene => {
    scene.until('merge').act('a person comments on a line', 1).untilEffect('run-agent');
    scene.act('a person comments on a line', 0);
    for (let looks = 0; looks < 3; looks += 1) scene.do(world => world.landUpkeep());
    must('21 heard', scene.world.state.requestedChanges?.length === 2, 'it is not heard');
    scene.until('merge');
    must('21 heard', scene.world.state.runs.length === 3, 'there is no attempt after the running one');
    const owed = scene.world.state.requestedChanges?.flatMap(request => request.owed);
    must('21 told', owed?.length === 0, 'a thread has no answer');
  }),
  check('threads are answered once', () => {
    const life = reworked([41, 41], [42, 43]);
    must('21 quiet', answersIn(life.world.state).length === 0, 'an answer before the work');
    const state = answering(life);
    const marks = answersIn(state).map(({ thread, comment }) => [thread, comment]);
    must(
      '21 told',
      isSame(marks, [
        [41, 41],
        [42, 43],
      ]),
      'other threads are answered',
    );
    const { body = '', marker = '-' } = answersIn(state)[0] ?? {};
    must('21 told', body.includes('Attempt 2 got this comment.') && body.includes(marker), 'the words');
    const step = nextStep(state);
    must('21 told', isOwed(state, 'answer-threads', step), 'an owed answer is not known as owed');
    const stopped = { ...state, upkeepStopped: true };
    must('21 quiet', !isOwed(stopped, 'answer-threads', step), 'upkeep that has stopped is owed');
    const gone = { ...state, gone: 'deleted' as const, due: {} };
    must('21 quiet', nextUpkeep(gone)?.kind !== 'answer-threads', 'an answer where the issue was');
    life.flow();
    must('20 seen once', answersIn(life.world.state).length === 0, 'it is answered again');
    must('16 audit', causesOf(life.world.state).includes('answered 2 threads'), 'not recorded');
  }),
  check('one answer for each thread, in portions', () => {
    const state = answering(
      reworked(...Array.from({ length: 25 }, (_, at) => [100 + at, 100 + at] as const)),
    );
    const first = answersIn(state);
    must('21 limits', first.length === 20, 'too many answers at once');
    const told = { type: 'threads-answered', threads: first, at: state.at + 1 } as const;
    const rest = evolve(state, told);
    must('21 told', answersIn(rest).length === 5, 'the rest is lost');
    const [request] = state.requestedChanges ?? [];
    if (request === undefined) throw new Error('there is no request');
    const owed = [{ thread: 124, comment: 200 }];
    const two = { ...rest, requestedChanges: [...(rest.requestedChanges ?? []), { ...request, owed }] };
    const shared = answersIn(two).filter(({ thread }) => thread === 124);
    must(
      '20 seen once',
      isSame(
        shared.map(({ comment }) => comment),
        [200],
      ),
      'two answers in one thread',
    );
    const after = evolve(two, { ...told, threads: shared, problem: 'forbidden' });
    must(
      '20 seen once',
      answersIn(after).every(({ thread }) => thread !== 124),
      'it is answered again',
    );
    must('16 audit', causesOf(after).includes('answered 1 thread; not resolved: forbidden'), 'not recorded');
    const earlier = evolve(two, { ...told, threads: [{ thread: 124, comment: 150 }] });
    must(
      '21 told',
      answersIn(earlier).some(({ comment }) => comment === 200),
      'a later comment is forgotten',
    );
    const future = { ...two, requestedChanges: [{ ...request, attempt: 9, owed }] };
    must('21 told', answersIn(future).length === 0, 'an answer for an attempt that did not get it');
    const failed = evolve(two, {
      ...{ type: 'upkeep-failed', upkeep: 'answer-threads', at: state.at + 1 },
      ...{ failure: 'GitHubForbidden', message: 'locked' },
    });
    must('21 rests', answersIn(failed).length === 0, 'a refused answer is sent again and again');
    must('21 in vain', failed.blocked === undefined, 'an answer holds the work');
    const replied = evolve(two, {
      ...{ type: 'upkeep-failed', upkeep: 'reply', at: state.at + 1 },
      ...{ failure: 'GitHubForbidden', message: 'locked' },
    });
    must('21 told', answersIn(replied).length > 0, 'another upkeep gives answers up');
    const resolving = nextUpkeep({ ...policyWith(two, { resolveThreads: true }), due: {} });
    const isTold = resolving?.kind === 'answer-threads' && resolving.resolve === true;
    must('21 heard', isTold, 'the policy is not heard');
    const plain = nextUpkeep({ ...policyWith(two, { bots: [] }), due: {} });
    must('9 role', plain?.kind === 'answer-threads' && plain.resolve === undefined, 'threads are resolved');
  }),
  check('an answer names whose work it is', () => {
    const state = answering(reworked([41, 41]));
    const { runs, requestedChanges } = state;
    const run = runs.at(-1);
    if (run === undefined) throw new Error('there is no run');
    const by = { kind: 'person', login: 'ann', how: 'temporal' } as const;
    const adopted = { ...run, adopted: { head: 'h', total: 1, commits: [], authors: [], by } };
    const body = (known: IssueState): string => answersIn(known)[0]?.body ?? '';
    const theirs = body({
      ...state,
      requestedChanges: requestedChanges ?? [],
      runs: [...runs.slice(0, -1), adopted],
    });
    must('21 told', theirs.includes('that ann adopted') && !theirs.includes('The agent says'), 'the agent');
    must('21 told', body(state).includes('The agent says of the attempt: did patch'), 'not the agent');
  }),
];
