/** The words about adopted commits: in our commit, the pull request, the evidence and the holds. */
import { adoptedConcern, adoptedMessage, madeByText } from '../../../../src/domain/adopted-text.ts';
import { droppedBy, foreignChoices, foreignLines, knownHeads } from '../../../../src/domain/adoption.ts';
import { begin } from '../../../../src/domain/begin.ts';
import type { CommitAuthor, ForeignCommit } from '../../../../src/domain/foreign-head.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Adopted, RunFacts } from '../../../../src/domain/state/work.ts';
import { foreignAt, HEADS } from '../../life/branch.ts';
import { ISSUE, START_AT } from '../../life/fixtures.ts';
import { mustBe } from '../../life/invariants.ts';
import { check, type Probe } from '../scene.ts';

const SHORT = 'f0f0f0f0f0f0';
const BEN: CommitAuthor = { name: 'Ben', email: 'ben@example.com' };
const NOWHERE: CommitAuthor = { name: 'Cy', email: 'cy' };
const CREDIT = 'Co-authored-by: Ben <ben@example.com>';
const CONTAINS = `Contains 1 commit by ben (head ${SHORT}), adopted by ann.`;
const START = begin({ issue: ISSUE, generation: 1, at: START_AT });

const adopted = (...authors: readonly CommitAuthor[]): Adopted => ({
  ...foreignAt(HEADS.onTop),
  authors,
  by: { kind: 'person', login: 'ann', how: 'github-comment' },
});

const commits = (count: number, isSigned = false): readonly ForeignCommit[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${index}`, by: 'ben', isSigned }));

const madeBy = (part: Partial<RunFacts>): string => madeByText({ runId: 'r1', ...part } as RunFacts);

/** The state after the start, with an adoption that may be read already. */
const adopting = (runId?: string): IssueState =>
  ({
    ...START,
    adoption: { ...adopted(BEN), ...(runId === undefined ? {} : { runId }) },
  }) as unknown as IssueState;

export const ADOPTED_WORD_PROBES: readonly Probe[] = [
  check('adoptedMessage with and without authors', () => {
    mustBe('21 told', adoptedMessage(undefined), '');
    mustBe('21 told', adoptedMessage(adopted()), `${CONTAINS}\n`);
    mustBe('21 told', adoptedMessage(adopted(NOWHERE)), `${CONTAINS}\n`);
    mustBe('21 told', adoptedMessage(adopted(BEN, BEN)), `${CONTAINS}\n\n${CREDIT}\n`);
  }),
  check('trailerOf an address that is plain, long or none', () => {
    const trailer = (name: string, email: string): string | undefined =>
      adoptedMessage(adopted({ name, email })).split('\n')[2];
    mustBe('21 told', trailer('Ben', BEN.email), CREDIT);
    mustBe('21 told', trailer('<>', BEN.email), 'Co-authored-by: unknown <ben@example.com>');
    mustBe('21 told', trailer('Ben', 'ben@ex ample.com'), undefined);
    mustBe('21 told', trailer('Ben', `${'b'.repeat(95)}@e.com`), undefined);
  }),
  check('madeByText of an agent and of people', () => {
    const agent = (run: string): string =>
      `made by a coding agent in run \`${run}\` and verified by the scheduler.`;
    mustBe('21 told', madeByText(undefined), agent(''));
    mustBe('21 told', madeBy({}), agent('r1'));
    mustBe(
      '21 told',
      madeBy({ adopted: adopted(BEN) }).split('. ')[0],
      'made by a coding agent and people, and verified by the scheduler as run `r1`',
    );
  }),
  check('adoptedConcern of signed and unsigned commits', () => {
    const concern = (count: string): string =>
      `${count} by ben on the branch (head ${SHORT}), adopted by ann, are part of the change`;
    const of = (part: Partial<Adopted>): string => adoptedConcern({ ...adopted(BEN), ...part });
    mustBe('21 told', of({ commits: commits(1, true) }), concern('1 commit'));
    mustBe(
      '21 told',
      of({ total: 3, commits: [...commits(1, true), ...commits(2)] }),
      `${concern('3 commits')}; 2 of them without a verified signature, so their authors are not proven`,
    );
  }),
  check('knownHeads are those that there are', () => {
    mustBe('23 named', knownHeads(START), []);
    mustBe('23 named', knownHeads({ ...START, pushed: 'a' }), ['a']);
    mustBe('23 named', knownHeads({ ...START, pushed: 'a', pushSent: 'b', dropped: 'c' }), ['a', 'b', 'c']);
  }),
  check('foreignLines of no, one and many commits', () => {
    const known = foreignAt(HEADS.onTop);
    const unread = [`the branch has commits that were not verified (${SHORT})`];
    mustBe('21 told', foreignLines(undefined, HEADS.onTop), unread);
    mustBe('21 told', foreignLines({ ...known, total: 0, commits: [] }, HEADS.onTop), unread);
    const first = (count: string): string => `the branch has ${count} by ben, not verified (head ${SHORT})`;
    const lines = (total: number, of: readonly ForeignCommit[]): readonly string[] =>
      foreignLines({ ...known, total, commits: of }, HEADS.onTop);
    mustBe('21 told', lines(1, commits(1, true)), [first('1 commit'), 'commit 0 by ben']);
    mustBe('21 told', lines(3, commits(1)), [
      first('3 commits'),
      'commit 0 by ben, without a verified signature',
      'and 2 earlier commits',
    ]);
  }),
  check('foreignChoices for commits that can be adopted or not', () => {
    const up = `/retry ${SHORT} gives them up: the push of Signalbox replaces them on the branch`;
    mustBe(
      '21 told',
      foreignChoices(foreignAt(HEADS.onTop), HEADS.onTop),
      `/adopt ${SHORT} takes them in: the branch as it is becomes the change, built and verified by Signalbox; ${up}`,
    );
    mustBe(
      '21 told',
      foreignChoices(undefined, HEADS.onTop),
      `they cannot be adopted (its commits have not been read yet; try again in a moment); ${up}`,
    );
  }),
  check('unreadHead can be given up until its files are read', () => {
    mustBe('23 named', droppedBy(START, SHORT), undefined);
    mustBe('23 named', droppedBy(adopting(), SHORT), HEADS.onTop);
    mustBe('23 named', droppedBy(adopting('r1'), SHORT), undefined);
  }),
];
