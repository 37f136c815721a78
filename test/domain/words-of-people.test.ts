/** What people write reaches the agent, or its author learns that it did not: once, and only people who may decide. */
import { describe, expect, test } from '@jest/globals';
import { decisionProblem } from '../../src/domain/decision-problem.ts';
import { evolve } from '../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import type { Observation, ObservedCommand, ObservedReview } from '../../src/domain/observation.ts';
import { projection } from '../../src/domain/projection.ts';
import type { IssueState } from '../../src/domain/state.ts';
import type { Upkeep } from '../../src/domain/step.ts';
import { nextUpkeep } from '../../src/domain/upkeep.ts';
import { type Name, PEOPLE } from './life/fixtures.ts';
import { AUTO, Scene } from './mutants/scene.ts';

const ISSUE = 7;
const PULL = 70;

function observed(state: IssueState, observation: Observation): IssueState {
  return evolve(state, { type: 'observed', observation, mark: state.mark, at: state.at + 1000 });
}

type Said = Partial<ObservedCommand> & Pick<ObservedCommand, 'request'>;

function command(by: Name, said: Said): ObservedCommand {
  const { account: author, role } = PEOPLE[by];
  return { commentId: 1, author, role, edited: false, thread: ISSUE, ...said };
}

/** The comments of the issue were read, with these commands. */
function heard(state: IssueState, ...commands: readonly ObservedCommand[]): IssueState {
  const lastId = Math.max(state.commentsReadTo, ...commands.map(({ commentId }) => commentId));
  return observed(state, { facets: ['comments'], comments: { commands, lastId, status: null } });
}

function repliesIn(state: IssueState): Extract<Upkeep, { kind: 'reply' }>['replies'] {
  const upkeep = nextUpkeep({ ...state, due: {} });
  return upkeep?.kind === 'reply' ? upkeep.replies : [];
}

const atStart = (): IssueState => new Scene({ signOff: 'low' }).until('start').world.state;
const pause = { kind: 'pause' } as const;
const miss = {
  request: pause,
  unclear: '“/puase” is not a command; did you mean /pause?',
  near: true,
} as const;

describe('a refused command', () => {
  test('is answered once, in its thread, with what was meant', () => {
    const state = heard(atStart(), command('ann', miss));
    const [reply, ...others] = repliesIn(state);
    expect(others).toEqual([]);
    expect(reply).toMatchObject({ commentId: 1, thread: ISSUE, marker: '<!-- signalbox:reply 1 -->' });
    expect(reply?.body).toContain('did you mean /pause?');
    expect(reply?.body).toContain('An edited comment does not count.');
    const sent = evolve(state, { type: 'replied', commentIds: [1], at: state.at });
    expect(repliesIn(sent)).toEqual([]);
    expect(repliesIn(heard(sent, command('ann', miss)))).toEqual([]);
  });

  test('shares its answer with the others of its comment', () => {
    const state = heard(
      atStart(),
      command('ann', miss),
      command('ann', { request: { kind: 'resume' }, position: 1 }),
    );
    const [reply] = repliesIn(state);
    expect(reply?.body).toMatch(/- `\/pause`: .*\n- `\/resume`: the issue is neither paused nor escalated/);
  });

  test.each(['reader', 'robot', 'unreadable'] as const)('of %s has no answer', name => {
    const refused = heard(atStart(), command(name, { request: pause }));
    expect(refused.refusedDecision?.kind).toBe('pause');
    expect(repliesIn(refused)).toEqual([]);
    const before = atStart();
    expect(heard(before, command(name, miss)).audit.nextSeq).toBe(before.audit.nextSeq);
  });

  test('is not answered if an older build read it, nor before the opt-in', () => {
    const { thread, ...older } = command('ann', miss);
    expect(thread).toBe(ISSUE);
    expect(repliesIn(heard(atStart(), older))).toEqual([]);
    const state = heard(atStart(), command('ann', miss));
    const { projected, subject, ...rest } = state;
    if (projected === undefined || subject === undefined) throw new Error('not projected');
    expect(repliesIn({ ...rest, subject: { ...subject, optIn: null } })).toEqual([]);
    expect(repliesIn({ ...rest, subject })).toHaveLength(1);
  });

  test('of many within an hour has an answer for ten; the next hour has answers again', () => {
    const many = Array.from({ length: 12 }, (_, index) => command('ann', { ...miss, commentId: index + 1 }));
    const state = heard(atStart(), ...many);
    expect(repliesIn(state)).toHaveLength(10);
    const later = { ...state, at: state.at + 3_600_001 };
    expect(repliesIn(heard(later, command('ann', { ...miss, commentId: 13 })))).toHaveLength(11);
  });

  test('that cannot be answered holds nothing: it stays in the status comment', () => {
    const state = heard(atStart(), command('ann', miss));
    const failed = {
      type: 'upkeep-failed',
      upkeep: 'reply',
      failure: 'GitHubForbidden',
      message: 'locked',
    } as const;
    const after = evolve(state, { ...failed, at: state.at });
    expect([repliesIn(after), after.blocked, after.upkeepStopped]).toEqual([[], undefined, false]);
    expect(projection(after).comment).toContain('did you mean /pause?');
  });
});

describe('an edited comment', () => {
  const edited = { request: pause, edited: true, editedLater: true } as const;

  test('that became a command after it was read is answered once, and does nothing', () => {
    const read = { ...atStart(), commentsReadTo: 5 };
    const state = heard(read, command('ann', { ...edited, commentId: 4 }));
    expect(state.paused).toBeUndefined();
    expect(repliesIn(state)[0]?.body).toContain('edited comments do not count; write a new one');
    const again = heard(state, command('ann', { ...edited, commentId: 4 }));
    expect(again.audit.nextSeq).toBe(state.audit.nextSeq);
  });

  test('of someone who may not decide is ignored', () => {
    const read = { ...atStart(), commentsReadTo: 5 };
    const state = heard(read, command('reader', { ...edited, commentId: 4 }));
    expect(state.audit.nextSeq).toBe(read.audit.nextSeq);
  });
});

test('a command that was taken is named in the status comment, and has no answer', () => {
  const state = heard(atStart(), command('ann', { request: { kind: 'pause', reason: 'so' } }));
  expect(state.paused?.reason).toBe('so');
  expect(projection(state).comment).toMatch(/- taken: `\/pause` by ann, \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  expect(repliesIn(state)).toEqual([]);
});

test('a command on the pull request counts like one on the issue, once', () => {
  const state = new Scene(AUTO).until('merge').world.state;
  const readTo = { lastId: 3, count: 1, updatedAt: '2026-01-01T00:00:00Z' };
  const said = command('ann', {
    commentId: 3,
    thread: PULL,
    request: { kind: 'reject', reason: 'it is slow' },
  });
  const pullComments = { commands: [said], readTo };
  const rejected = observed(state, { facets: ['pull-request'], pullComments });
  expect(rejected.blocked?.reason).toContain('it is slow');
  expect(rejected.pullCommentsRead).toEqual(readTo);
  const again = observed(rejected, { facets: ['pull-request'], pullComments });
  expect(again.audit.nextSeq).toBe(rejected.audit.nextSeq);
  const late = command('ann', { ...miss, commentId: 4, thread: PULL });
  const missed = observed(rejected, { facets: ['pull-request'], pullComments: { commands: [late], readTo } });
  expect(repliesIn(missed)).toMatchObject([{ commentId: 4, thread: PULL }]);
});

describe('words for the next attempt', () => {
  const asking = (ending: 'needs-human' | 'over-budget'): Scene => {
    const life = new Scene({ ...AUTO, run: { ending } });
    life.flow();
    return life;
  };
  const lessonsOf = (life: Scene): readonly string[] => {
    const { effect } = life.untilEffect('run-agent');
    return effect.kind === 'run-agent' ? effect.lessons : [];
  };

  test.each(['answer', 'retry'] as const)('by /%s become a lesson', kind => {
    const life = asking('needs-human').run({ ending: 'patch' });
    life.decide('ann', { kind, reason: 'use de-DE' });
    expect(lessonsOf(life)).toEqual([
      'attempt 1: needs-human: did needs-human',
      `attempt 1: ann said with /${kind}: use de-DE`,
    ]);
  });

  test('the hold says how to answer, and shows what the agent asks', () => {
    const { state } = asking('needs-human').world;
    const asked = {
      ...state,
      runs: state.runs.map(run => ({
        ...run,
        end: run.end && { ...run.end, questions: ['Which currency?'] },
      })),
    };
    const step = nextStep(asked as IssueState);
    if (step.kind !== 'hold') throw new Error(step.kind);
    expect(step.hold.what).toContain('begins with /answer and your words');
    expect(step.hold.why).toContain('it asks: Which currency?');
    expect(projection(asked as IssueState).comment).toContain('it asks: Which currency?');
  });

  test('/answer is refused without a question, and without words', () => {
    const problem = (state: IssueState, reason?: string): string | undefined =>
      decisionProblem(state, {
        ...{ kind: 'answer', id: 'x', source: 'temporal', ...(reason === undefined ? {} : { reason }) },
        by: { kind: 'person', login: 'ann', how: 'temporal' },
      })?.message;
    const { state } = asking('needs-human').world;
    expect(problem(state, 'yes')).toBeUndefined();
    expect(problem(state)).toContain('/answer WORDS');
    expect(problem(asking('over-budget').world.state, 'yes')).toContain('no question is open');
    expect(problem(atStart(), 'yes')).toContain('no question is open');
  });
});

describe('a request for changes without a word', () => {
  const review = (state: IssueState, part: Partial<ObservedReview>): IssueState => {
    const { pullRequest } = state;
    if (pullRequest === undefined) throw new Error('there is no pull request');
    const { account: author, role } = PEOPLE.ben;
    const commit = state.change?.commit ?? null;
    const one = {
      reviewId: 5,
      author,
      role,
      state: 'changes-requested',
      commit,
      body: 'sha256:b',
      ...part,
    } as const;
    return observed(state, {
      facets: ['pull-request'],
      pullRequest: { ...pullRequest, reviews: [one] },
    });
  };
  const asked = (): IssueState => review(new Scene(AUTO).until('merge').world.state, { empty: true });
  const decided = (state: IssueState, kind: 'retry' | 'answer', reason?: string): IssueState =>
    evolve(state, {
      type: 'decision',
      decision: {
        ...{ kind, id: `${kind} ${reason ?? ''}`, source: 'temporal' },
        by: { kind: 'person', login: 'ann', how: 'temporal' },
        ...(reason === undefined ? {} : { reason }),
      },
      at: state.at + 1,
    });

  test('asks the reviewer for words, and starts no paid attempt', () => {
    const state = asked();
    expect(state.setAsideTo).toBe(0);
    expect(nextStep(state)).toMatchObject({ kind: 'hold', hold: { kind: 'blocked', who: 'ben' } });
    expect(projection(state).comment).toContain('in a review without a text');
    expect(state.reviewsSeen).toBeLessThan(5);
    const bare = decided(state, 'retry');
    expect(bare.refusedDecision?.why).toContain('/retry WORDS');
    expect(bare.setAsideTo).toBe(0);
  });

  test.each(['retry', 'answer'] as const)('is ended by /%s with words, which the next attempt gets', kind => {
    const state = decided(asked(), kind, 'rename it');
    expect([state.blocked, state.setAsideTo]).toEqual([undefined, 1]);
    expect(state.rejections.at(-1)?.reason).toContain('rename it');
  });

  test.each<readonly [string, Partial<ObservedReview>, number]>([
    ['a review with a text', { reviewId: 6 }, 1],
    ['an approval of the same person', { reviewId: 6, state: 'approved' }, 0],
    ['its dismissal', { state: 'dismissed' }, 0],
  ])('is ended by %s', (_what, part, setAsideTo) => {
    const state = review(asked(), part);
    expect([state.blocked, state.setAsideTo]).toEqual([undefined, setAsideTo]);
  });

  test('stands while it is only read again', () => {
    const state = asked();
    expect(review(state, { empty: true }).audit.nextSeq).toBe(state.audit.nextSeq);
  });

  test('by /reject needs words for the retry too', () => {
    const life = new Scene(AUTO).until('merge').decide('ann', { kind: 'reject' });
    const bare = decided(life.world.state, 'retry');
    expect(bare.refusedDecision?.why).toContain('/retry WORDS');
    expect(decided(bare, 'retry', 'be faster').blocked).toBeUndefined();
  });
});

describe('the account that Signalbox runs as', () => {
  test('decides nothing, and the status comment says so', () => {
    const state = heard(atStart(), command('ann', { request: pause, own: true }));
    expect(state.paused).toBeUndefined();
    expect(repliesIn(state)).toEqual([]);
    expect(projection(state).comment).toContain('Signalbox runs as this account');
  });

  test('that also opted in is told at once how to go on', () => {
    const alone = projection({ ...atStart(), ownLogin: 'Ann' }).comment;
    expect(alone).toContain('What this account writes on GitHub decides nothing.');
    expect(alone).toContain('decisions.sources');
    expect(projection({ ...atStart(), ownLogin: 'signalbox-runner' }).comment).not.toContain(
      'decides nothing',
    );
    expect(projection(atStart()).comment).not.toContain('decides nothing');
  });
});
