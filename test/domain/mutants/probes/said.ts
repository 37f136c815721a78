/** What people say: near misses, edits, answers to it, words for the next attempt, and requests without a word. */
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import type { ObservedCommand, ObservedReview } from '../../../../src/domain/observation.ts';
import { projection } from '../../../../src/domain/projection.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { nextUpkeep } from '../../../../src/domain/upkeep.ts';
import { type Name, PEOPLE } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, check, type Probe, Scene } from '../scene.ts';

const HOUR_MS = 3_600_000;
const pause = { kind: 'pause' } as const;
const MISS = { request: pause, unclear: 'did you mean /pause?', near: true } as const;
const EDIT = { request: pause, edited: true, editedLater: true } as const;

type Said = Partial<ObservedCommand> & Pick<ObservedCommand, 'request'>;

function command(by: Name, said: Said): ObservedCommand {
  const { account: author, role } = PEOPLE[by];
  return { commentId: 1, author, role, edited: false, thread: 7, ...said };
}

function heard(state: IssueState, ...commands: readonly ObservedCommand[]): IssueState {
  const lastId = Math.max(state.commentsReadTo, ...commands.map(({ commentId }) => commentId));
  const comments = { commands, lastId, status: null };
  return evolve(state, {
    type: 'observed',
    observation: { facets: ['comments'], comments },
    at: state.at + 1,
  });
}

function owed(state: IssueState): number {
  const upkeep = nextUpkeep({ ...state, due: {} });
  return upkeep?.kind === 'reply' ? upkeep.replies.length : 0;
}

function reviewed(state: IssueState, part: Partial<ObservedReview>): IssueState {
  const { pullRequest, change } = state;
  if (pullRequest === undefined) throw new Error('there is no pull request');
  const { account: author, role } = PEOPLE.ben;
  const given = {
    reviewId: 5,
    author,
    role,
    state: 'changes-requested',
    commit: change?.commit ?? null,
  } as const;
  const observation = {
    facets: ['pull-request'] as const,
    pullRequest: { ...pullRequest, reviews: [{ ...given, body: 'sha256:b' as const, ...part }] },
  };
  return evolve(state, { type: 'observed', observation, at: state.at + 1 });
}

function decided(state: IssueState, kind: 'retry' | 'answer', reason?: string): IssueState {
  const by = { kind: 'person', login: 'ann', how: 'temporal' } as const;
  const words = reason === undefined ? {} : { reason };
  const decision = { kind, id: `${kind} ${state.at}`, source: 'temporal', by, ...words } as const;
  return evolve(state, { type: 'decision', decision, at: state.at + 1 });
}

const start = (): IssueState => new Scene({ signOff: 'low' }).until('start').world.state;

export const SAID_PROBES: readonly Probe[] = [
  check('a near miss is answered once', () => {
    const state = heard(start(), command('ann', MISS));
    must('9 command', state.paused === undefined, 'a near miss is taken');
    must('21 told', owed(state) === 1, 'a near miss has no answer');
    const sent = evolve(state, { type: 'replied', commentIds: [1], at: state.at });
    must('20 seen once', owed(sent) === 0, 'an answer is written twice');
    must('20 seen once', owed(heard({ ...sent, commentsReadTo: 0 }, command('ann', MISS))) === 0, 'again');
    for (const name of ['reader', 'robot', 'unreadable'] as const) {
      const before = start();
      const after = heard(before, command(name, MISS), command(name, { ...EDIT, commentId: 2 }));
      must('9 role', owed(after) === 0, `${name} has an answer`);
      must('21 quiet', after.audit.nextSeq === before.audit.nextSeq, `${name} fills the audit`);
      must('9 role', owed(heard(before, command(name, { request: pause }))) === 0, `${name} has an answer`);
    }
    const { thread, ...older } = command('ann', MISS);
    must('21 quiet', thread === 7 && owed(heard(start(), older)) === 0, 'an older reading is answered');
  }),
  check('the answers are bounded', () => {
    const many = Array.from({ length: 12 }, (_, index) => command('ann', { ...MISS, commentId: index + 1 }));
    const state = heard(start(), ...many);
    must('21 quiet', owed(state) === 10, `${owed(state)} answers within an hour`);
    const soon = { ...state, at: state.at + HOUR_MS - 2 };
    must('21 quiet', owed(heard(soon, command('ann', { ...MISS, commentId: 20 }))) === 10, 'another one');
    const later = { ...state, at: state.at + HOUR_MS };
    must('21 told', owed(heard(later, command('ann', { ...MISS, commentId: 20 }))) === 11, 'never again');
    const one = heard(start(), command('ann', MISS), command('ann', { ...MISS, position: 1 }));
    must('21 told', one.replies?.owed[0]?.refusals.length === 1, 'the same refusal is said twice');
    const failed = {
      type: 'upkeep-failed',
      upkeep: 'reply',
      failure: 'GitHubForbidden',
      message: '',
    } as const;
    const given = evolve(state, { ...failed, at: state.at });
    must('21 rests', owed(given) === 0 && given.blocked === undefined, 'an answer holds the issue');
    must('23 theirs', owed({ ...state, gone: 'deleted' }) === 0, 'an answer where the issue was');
  }),
  check('an edit into a command', () => {
    const read = { ...start(), commentsReadTo: 9 };
    const state = heard(read, command('ann', EDIT));
    must('9 edited', state.paused === undefined, 'an edited comment is taken');
    must('21 told', owed(state) === 1, 'an edit has no answer');
    const again = heard(state, command('ann', EDIT));
    must('20 seen once', again.audit.nextSeq === state.audit.nextSeq, 'an edit is refused again');
    const old = heard(read, command('ann', { request: pause }));
    must('20 seen once', old.paused === undefined, 'a comment is read twice');
  }),
  check('our own account', () => {
    const own = heard(start(), command('ann', { request: pause, own: true }));
    must('9 persons only', own.paused === undefined && owed(own) === 0, 'our account decides');
    must('21 told', own.refusedDecision?.why.includes('runs as this account') === true, 'nobody is told');
    const says = (ownLogin: string): boolean =>
      projection({ ...start(), ownLogin }).comment.includes('decides nothing');
    must('21 told', says('Ann') && !says('other'), 'a single account is not told');
    const taken = projection(heard(start(), command('ann', { request: pause }))).comment;
    must('21 shown', taken.includes('taken: `/pause` by ann'), 'what was taken is not shown');
  }),
  check('changes are asked for without a word', () => {
    const merge = new Scene(AUTO).until('merge').world.state;
    const state = reviewed(merge, { empty: true });
    must('21 limits', state.setAsideTo === 0, 'a paid attempt without a word');
    must('21 heard', state.blocked?.wordless?.by === 'ben', 'nobody is asked for words');
    must('19 read', state.reviewsSeen < 5, 'its dismissal is not read');
    const same = reviewed(state, { empty: true });
    must('20 seen once', same.audit.nextSeq === state.audit.nextSeq, 'it is judged twice');
    must('21 limits', decided(state, 'retry').setAsideTo === 0, 'a retry without words');
    for (const kind of ['retry', 'answer'] as const) {
      const next = decided(state, kind, 'rename it');
      const isGiven = next.rejections.at(-1)?.reason.includes('rename it') === true;
      must('21 heard', next.blocked === undefined && next.setAsideTo === 1 && isGiven, `/${kind} is lost`);
    }
    const over = (part: Partial<ObservedReview>): boolean => reviewed(state, part).blocked === undefined;
    must('21 heard', over({ state: 'dismissed' }), 'a dismissed review asks');
    must('21 heard', over({ reviewId: 6 }) && over({ reviewId: 6, state: 'approved' }), 'a review is lost');
    const other = { reviewId: 6, state: 'approved', author: PEOPLE.ann.account } as const;
    must('21 heard', !over(other), 'another person ends it');
  }),
  check('words for the next attempt', () => {
    const asking = (ending: 'needs-human' | 'over-budget') => new Scene({ ...AUTO, run: { ending } }).flow();
    const { state } = asking('needs-human').world;
    must('21 sense', decided(state, 'answer').refusedDecision !== undefined, 'an answer without words');
    must('21 sense', decided(start(), 'answer', 'x').refusedDecision !== undefined, 'an answer to nothing');
    const spent = asking('over-budget').world.state;
    must('21 sense', decided(spent, 'answer', 'x').refusedDecision !== undefined, 'an answer to a limit');
    const life = asking('needs-human').decide('ann', { kind: 'answer', reason: 'use de-DE' });
    const { effect } = life.untilEffect('run-agent');
    const lessons = effect.kind === 'run-agent' ? effect.lessons.join() : '';
    must('21 heard', /did needs-human,.*said with \/answer: use de-DE/.test(lessons), `lessons: ${lessons}`);
  }),
];
