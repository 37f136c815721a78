/** Reviews as looks read them, one by one, and which facets are due. */
import { begin } from '../../../../src/domain/begin.ts';
import { readable, withDue, withRead } from '../../../../src/domain/due.ts';
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import { settledReviews } from '../../../../src/domain/evolve/reviews.ts';
import type { ObservedReview } from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { ISSUE, type Name, PEOPLE, START_AT } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, check, type Probe, Scene, type Setting } from '../scene.ts';

/** Paused, so that an approval counts but has no effect yet. */
function atMerge(setting: Setting = AUTO): IssueState {
  const life = new Scene(setting).until('merge');
  return life.decide('ann', { kind: 'pause' }).flow().world.state;
}

function review(state: IssueState, by: Name, part: Partial<ObservedReview> = {}): ObservedReview {
  const { account: author, role } = PEOPLE[by];
  const commit = state.change?.commit ?? null;
  return { reviewId: 5, author, role, state: 'approved', commit, body: 'sha256:body', ...part };
}

function read(state: IssueState, ...reviews: readonly ObservedReview[]): IssueState {
  const { pullRequest } = state;
  if (pullRequest === undefined) throw new Error('there is no pull request');
  const observation = { facets: ['pull-request'] as const, pullRequest: { ...pullRequest, reviews } };
  return evolve(state, { type: 'observed', observation, at: state.at + 1 });
}

export const REVIEW_PROBES: readonly Probe[] = [
  check('a review counts and is withdrawn', () => {
    const state = atMerge();
    const given = review(state, 'ben');
    const approved = read(state, given);
    must('21 heard', approved.approvals.at(-1)?.review === 5, 'an approval is ignored');
    must('21 heard', read(approved, given).approvals.length === 1, 'a valid approval is forgotten');
    must('19 read', approved.reviewsSeen < 5, 'an approval is not read again');
    const dismissed = read(approved, { ...given, state: 'dismissed' });
    must('19 read', dismissed.approvals.length === 0, 'a dismissed review counts');
    const demoted = read(approved, { ...given, role: { kind: 'role', role: 'read' } });
    must('9 role', demoted.approvals.length === 0, 'an approval without the role counts');
    const unreadable = read(approved, { ...given, role: { kind: 'unreadable', why: '403' } });
    must('19 read', unreadable.approvals.length === 0, 'an approval counts although the role is unreadable');
    must(
      '21 heard',
      read(unreadable, given).approvals.length === 1,
      'a role that is readable again does not count',
    );
    const twice = read(approved, given, { ...given, reviewId: 6 });
    must('20 seen once', twice.approvals.length === 1, 'one person approves twice');
  }),
  check('reviews are settled while another one counts or asks for words', () => {
    const state = atMerge();
    const later = review(state, 'ben', { reviewId: 6, state: 'commented' });
    const approved = read(state, review(state, 'ben'), later);
    must('19 read', !settledReviews(approved).includes(5), 'a review that counts is not read again');
    must('20 seen once', settledReviews(approved).includes(6), 'a judged review is read again');
    const unread = read(state, review(state, 'unreadable'), later);
    must('19 read', !settledReviews(unread).includes(5), 'a role that could not be read is not read again');
    const wordless = review(state, 'ben', { state: 'changes-requested', empty: true });
    const asked = read(state, wordless, later);
    must('19 read', !settledReviews(asked).includes(5), 'a review that asks for words is not read again');
    must('20 seen once', settledReviews(asked).includes(6), 'a judged review is read again beside it');
  }),
  check('a review is older than the latest edit', () => {
    const state = atMerge();
    const { subject } = state;
    if (subject === undefined) throw new Error('the issue was not read');
    const edited = (lastAt?: number): IssueState => ({
      ...state,
      subject: { ...subject, edits: { count: 1, ...(lastAt === undefined ? {} : { lastAt }) } },
    });
    const counts = (lastAt: number | undefined, submittedAt: number | undefined): boolean => {
      const at = submittedAt === undefined ? {} : { submittedAt };
      return read(edited(lastAt), review(state, 'ben', at)).approvals.some(({ review: id }) => id === 5);
    };
    must('7 fresh', !counts(2000, 1000), 'an edit after a review is not seen');
    must('7 fresh', !counts(2000, 2000), 'an edit in the same second is not seen');
    must('21 heard', counts(2000, 3000) && counts(undefined, 1), 'a review after the edit does not count');
    must('21 heard', counts(2000, undefined), 'a review without a time does not count');
    const asked = read(edited(2000), review(state, 'ben', { submittedAt: 1, state: 'changes-requested' }));
    must('21 heard', asked.setAsideTo > state.setAsideTo, 'a request for changes before an edit is ignored');
  }),
  check('a review does not count', () => {
    const state = atMerge();
    const counted = (part: ObservedReview): number => read(state, part).approvals.length;
    must('7 bound', counted(review(state, 'ben', { commit: 'older' })) === 0, 'it is of an older head');
    const said = read(state, review(state, 'ben', { state: 'commented' }));
    must('21 in vain', said.setAsideTo === state.setAsideTo, 'a comment asks for changes');
    const later = review(state, 'ben', { state: 'commented', reviewId: 6 });
    const unread = read(state, review(state, 'unreadable'), later);
    must('19 read', unread.reviewsSeen < 5, 'a role that could not be read is not read again');
    const told = read(unread, review(state, 'unreadable'));
    must('20 seen once', told.audit.nextSeq === unread.audit.nextSeq, 'its author is answered at each look');
    const judged = read(state, review(state, 'reader'));
    const promoted = read(judged, { ...review(state, 'ben'), author: PEOPLE.reader.account });
    must('20 seen once', promoted.approvals.length === 0, 'a review is judged twice');
    const deaf = atMerge({ ...AUTO, sources: ['temporal'] });
    must(
      '9 source',
      read(deaf, review(deaf, 'ben')).approvals.length === 0,
      'a review counts although the policy excludes GitHub',
    );
  }),
  check('a review that asks for changes', () => {
    const state = atMerge();
    const asked = read(state, review(state, 'ben', { state: 'changes-requested' }));
    must('21 heard', asked.feedback?.reviewId === 5, 'the feedback is lost');
    must('21 heard', asked.setAsideTo === 1, 'there is no other attempt');
    const again = read(asked, review(state, 'ben', { state: 'changes-requested' }));
    must('20 seen once', again.audit.nextSeq === asked.audit.nextSeq, 'it is accepted twice');
    must('19 read', asked.reviewsSeen === 5, 'it is read again');
  }),
  check('due facets', () => {
    const state = new Scene(AUTO).until('merge').world.state;
    const isDue = (due: IssueState, facet: 'issue' | 'comments'): boolean => due.due[facet] !== undefined;
    const first = withDue(state, ['issue']);
    const second = withDue(first, ['issue']);
    must('19 read', isDue(withRead(second, ['issue'], first.mark), 'issue'), 'news during a look is lost');
    must(
      '21 rests',
      !isDue(withRead(second, ['issue'], second.mark), 'issue'),
      'a facet stays due after it was read',
    );
    must(
      '19 read',
      isDue(withRead(first, ['comments']), 'issue'),
      'a facet is not due although it was not read',
    );
    must('21 rests', readable({ ...second, upkeepStopped: true }).length === 0, 'a forbidden look is due');
    must('21 rests', readable(begin({ issue: ISSUE, at: START_AT })).length === 0, 'read without a policy');
    const before = omit(withDue(state, ['pull-request']), 'pullRequest');
    must('21 rests', !readable(before).includes('pull-request'), 'a missing pull request is due');
  }),
];
