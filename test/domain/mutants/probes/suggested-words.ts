/** What is read, said and credited of suggestions: in comments, files, our commit, the pull request and the threads. */
import { creditMessage, madeByText } from '../../../../src/domain/adopted-text.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Suggester } from '../../../../src/domain/state/work.ts';
import {
  suggestedBy,
  type SuggestedEdit,
  type SuggestingComment,
  suggestionText,
  withEdits,
} from '../../../../src/domain/suggestion.ts';
import { suggesterNames, suggesterAsAuthor } from '../../../../src/domain/suggested-text.ts';
import { pullRequestBody } from '../../../../src/domain/pull-request-text.ts';
import { answersDue } from '../../../../src/domain/thread-answer.ts';
import { foreignAt, HEADS } from '../../life/branch.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { onLines, pullObserved } from '../../life/reviewed.ts';
import { after, check, type Probe, Scene } from '../scene.ts';
import { suggesting } from './suggestions.ts';

const BEN = { login: 'ben', id: 7 } as const;
const CREDIT = 'Co-authored-by: ben <7+ben@users.noreply.github.com>';
const CONTAINS = 'Contains suggestions of ben, as they were written.';
const RUN = { runId: 'r1' } as IssueState['runs'][number];
const ADOPTED = {
  ...foreignAt(HEADS.onTop),
  authors: [{ name: 'Cy', email: 'cy@example.com' }],
  by: { kind: 'person', login: 'ann', how: 'github-comment' },
} as const;

const block = (...texts: readonly string[]): string => ['```suggestion', ...texts, '```'].join('\n');

const comment = (part: Partial<SuggestingComment> = {}): SuggestingComment => ({
  ...{ path: 'a', lines: { from: 2, to: 3, side: 'RIGHT' }, hunk: '@@ -1,2 +2,2 @@', commit: 'c' },
  body: block('x'),
  ...part,
});

const problemOf = (...comments: readonly SuggestingComment[]): string => {
  const found = suggestedBy(comments);
  return found !== undefined && 'problem' in found ? found.problem : JSON.stringify(found);
};

const textOf = (body: string): string => {
  const read = suggestionText(body);
  return 'problem' in read ? read.problem : read.text;
};

const edit = (from: number, to: number, text: string): SuggestedEdit => ({ path: 'a', from, to, text });
const fileAfter = (file: string, ...edits: readonly SuggestedEdit[]): string => {
  const after = withEdits(file, edits);
  return 'problem' in after ? after.problem : after.text;
};

/** At the merge gate, with answers to a suggestion and to words of an earlier review. */
function answering(): IssueState {
  const life = new Scene({ mode: 'auto-run', review: { suggestions: true } }).until('merge');
  const { state } = life.world;
  life.event({ type: 'observed', observation: pullObserved(state, suggesting(state)) }).until('merge');
  const now = life.world.state;
  const owed = [{ thread: 5, comment: 5 }];
  const [taken] = now.requestedChanges ?? [];
  if (taken === undefined) throw new Error('no request');
  const words = { ...taken, reviewId: 4, attempt: 1, owed: [{ thread: 4, comment: 4 }] };
  return { ...now, requestedChanges: [words, { ...taken, owed }] };
}

export const SUGGESTED_WORD_PROBES: readonly Probe[] = [
  check('a comment that is a suggestion, and those that are none', () => {
    mustBe('21 heard', suggestedBy([comment()]), { commit: 'c', edits: [edit(2, 3, 'x\n')] });
    mustBe('21 heard', suggestedBy([]), undefined);
    mustBe(
      '21 heard',
      suggestedBy([comment({ body: 'why?' }), comment({ body: 'no suggestion' })]),
      undefined,
    );
    must('21 told', problemOf(comment(), comment({ body: 'why?' })).includes('other words than a'), 'mixed');
    must('21 told', problemOf(comment({ lines: undefined })).includes('whole file a'), 'a file');
    const left = comment({ lines: { from: 2, to: 2, side: 'LEFT' } });
    must('21 told', problemOf(left).includes('deleted lines of a'), 'deleted lines');
    must('21 told', problemOf(comment({ isAcross: true })).includes('deleted lines'), 'both sides');
    must('21 told', problemOf(comment({ isOutdated: true })).includes('changed since'), 'outdated');
    for (const hunk of ['@@ -1,2 +3,2 @@', '@@ -1,2 +2 @@', '@@ -1,2 +1,2 @@', ' +2,2 @@', ''])
      must('21 told', problemOf(comment({ hunk })).includes('outside the diff'), hunk);
    must('21 told', problemOf(comment(), comment({ commit: 'd' })).includes('different commits'), 'commits');
    const one = comment({ hunk: '@@ -1 +2 @@ x', lines: { from: 2, to: 2, side: 'RIGHT' } });
    mustBe('21 heard', suggestedBy([one]), { commit: 'c', edits: [edit(2, 2, 'x\n')] });
  }),
  check('the text of a suggestion', () => {
    mustBe('21 heard', textOf(block('a', ' b ')), 'a\n b \n');
    mustBe('21 heard', textOf(block()), '');
    mustBe('21 heard', textOf(` \n${block('a')}\n\n`.replaceAll('\n', '\r\n')), 'a\n');
    mustBe('21 heard', textOf('````suggestion\n```\n `````\t'), '```\n');
    mustBe('21 heard', textOf('~~~ suggestion\n    ~~~\n``` x\n~~~'), '    ~~~\n``` x\n');
    mustBe('21 heard', textOf('  ```suggestion\n    a\n b\n```'), '  a\nb\n');
    const long = `a comment has more than 8000 characters`;
    mustBe('21 limits', textOf(block('a'.repeat(8_000))), long);
    const most = 'a'.repeat(8_000 - block('').length);
    mustBe('21 limits', textOf(block(most)), `${most}\n`);
    must('21 told', textOf(block('a\0')).includes('no text file'), 'NUL');
    for (const body of ['', ' ', 'a', '    ```suggestion\n```', '``suggestion\n``', '```suggestion:x\n```'])
      must('21 told', textOf(body).includes('other words than a'), body);
    for (const body of ['```suggestion', '```suggestion\n~~~', '````suggestion\n```', '```suggestion\n``` a'])
      must('21 told', textOf(body) === 'a suggestion has no end', body);
    for (const body of [`${block('a')}\nb`, `${block('a')}\n${block('b')}`])
      must('21 told', textOf(body).includes('other words than one'), body);
  }),
  check('a file after suggestions', () => {
    mustBe('8 same text', fileAfter('a\nb\nc\n', edit(3, 3, 'C\n'), edit(1, 1, '')), 'b\nC\n');
    mustBe('8 same text', fileAfter('a\nb', edit(2, 2, 'B\nC\n')), 'a\nB\nC');
    mustBe('8 same text', fileAfter('a\r\nb', edit(2, 2, 'B\nC\n')), 'a\r\nB\r\nC');
    mustBe('8 same text', fileAfter('a\r\nb\n', edit(1, 1, 'A\n'), edit(2, 2, 'B\n')), 'A\r\nB\n');
    mustBe('8 same text', fileAfter('b', edit(1, 1, 'B\nC\n')), 'B\nC');
    mustBe('8 same text', fileAfter('a\nb', edit(2, 2, '')), 'a\n');
    const absent = 'which the file does not have';
    mustBe('8 same text', fileAfter('a\n', edit(2, 2, 'x\n')), `a suggestion is for line 2 of a, ${absent}`);
    const range = `a suggestion is for lines 1 to 2 of a, ${absent}`;
    mustBe('8 same text', fileAfter('a\n', edit(1, 2, 'x\n')), range);
    for (const [from, to] of [
      [0, 1],
      [2, 1],
      [1, 1.5],
      [0.5, 1],
    ] as const)
      must('8 same text', fileAfter('a\nb\n', edit(from, to, 'x\n')).endsWith(absent), `${from} to ${to}`);
    must('8 same text', fileAfter('', edit(1, 1, 'x\n')).endsWith(absent), 'an empty file');
    const twice = 'two suggestions are for line 2 of a';
    mustBe('8 same text', fileAfter('a\nb\nc\n', edit(2, 3, 'x\n'), edit(1, 2, 'y\n')), twice);
    const same = 'a suggestion for lines 1 to 2 of a changes nothing';
    mustBe('8 same text', fileAfter('a\nb\n', edit(1, 2, 'a\nb\n')), same);
  }),
  check('who is credited for suggestions', () => {
    mustBe('21 told', creditMessage(RUN), '');
    mustBe('21 told', creditMessage({ ...RUN, suggestedBy: [BEN] }), `${CONTAINS}\n\n${CREDIT}\n`);
    const both = creditMessage({ ...RUN, suggestedBy: [BEN], adopted: ADOPTED }).split('\n');
    must(
      '21 told',
      both[0]?.startsWith('Contains 1 commit') === true && both[1] === CONTAINS,
      'one is missing',
    );
    mustBe('21 told', both.slice(2), ['', 'Co-authored-by: Cy <cy@example.com>', CREDIT, '']);
    const adoptedOnly = creditMessage({ ...RUN, adopted: ADOPTED });
    must('21 told', !adoptedOnly.includes('suggestions'), 'suggestions that are none');
    mustBe('21 told', suggesterAsAuthor({ login: 'ben' }), {
      name: 'ben',
      email: 'ben@users.noreply.github.com',
    });
    const many = (count: number): readonly Suggester[] =>
      Array.from({ length: count }, (_, at) => ({ login: `p${at}` }));
    mustBe('21 told', suggesterNames(many(10)), 'p0, p1, p2, p3, p4, p5, p6, p7, p8, p9');
    mustBe('21 told', suggesterNames(many(12)), 'p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more');
  }),
  check('the pull request names whose suggestions it has', () => {
    const people = 'made by a coding agent and people, and verified by the scheduler as run `r1`.';
    mustBe('21 told', madeByText({ ...RUN, suggestedBy: [BEN] }), `${people} ${CONTAINS}`);
    const both = madeByText({ ...RUN, suggestedBy: [BEN], adopted: ADOPTED });
    must('21 told', both.includes('Contains 1 commit') && both.endsWith(CONTAINS), 'one is missing');
    const body = pullRequestBody(answering());
    must('21 told', body.includes('suggestions of ben') && !body.includes('- attempt 2:'), 'it shows a cost');
  }),
  check('the answer to a suggestion names its commit', () => {
    const state = answering();
    const commit = state.change?.commit.slice(0, 12) ?? '';
    const [words, taken] = answersDue(state).map(({ body }) => body.split('\n')[0]);
    mustBe('21 told', words, `Attempt 2 got this comment. Its result is commit ${commit}.`);
    mustBe('21 told', taken, `Commit ${commit} has this suggestion as it was written. No agent was run.`);
  }),
  check('no agent run ends as a suggestion', () => {
    const life = new Scene({ mode: 'auto-run' }).untilEffect('run-agent');
    const { state } = life.world;
    for (const ending of ['adopted', 'suggested'] as const) {
      const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
      const end = { ending, endedAt: state.at, summary: '', usage, manifest: 'sha256:m' } as const;
      const ended = after(state, { type: 'run-ended', runId: 'g1-a1', end });
      const why = `no agent run ends as ${ending}`;
      must('9 persons only', ended.blocked?.reason.endsWith(why) === true, `${ending} is taken`);
    }
  }),
  check('a review on lines without suggestions has no reason', () => {
    const life = new Scene({ mode: 'auto-run', review: { suggestions: true } }).until('merge');
    const { state } = life.world;
    life.event({ type: 'observed', observation: pullObserved(state, onLines(state, 'ben')) });
    const [request = {}] = life.world.state.requestedChanges ?? [];
    must('21 heard', !('suggested' in request) && !('unsuggested' in request), 'a reason for nothing');
  }),
];
