/** A hostile text holds its own issue, and no other waits for it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Facet } from '../../../src/domain/observation.ts';
import { stopwatch } from '../../support/processor-time.ts';
import { factOf } from '../support/perform.ts';
import { newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const look = async (issue: number, facets: readonly Facet[]) =>
  await factOf(stage.activities.look, {
    ...{ context: stage.context(issue), facets, commentsReadTo: 0, reviewsSeen: 0 },
  });
const optedIn = () => {
  const issue = newIssue(stage);
  stage.person('alice').label(issue, stage.policy.optIn.label);
  return issue;
};

describe('a hostile text', () => {
  const BLOCKED_MS_MAX = 1_000;
  /** The most work of the processor in one piece, in which nothing else could happen in this process. */
  async function blockedMsDuring(act: () => Promise<unknown>): Promise<number> {
    let [sinceLast, longest] = [stopwatch(), 0];
    const note = (): void => {
      longest = Math.max(longest, sinceLast());
      sinceLast = stopwatch();
    };
    const timer = setInterval(note, 5);
    await act().finally(() => clearInterval(timer));
    note();
    return longest;
  }

  test.each([
    ['a heading with 60,000 blanks', `# a${' '.repeat(60_000)}b`, true],
    ['60,000 marks of a heading', '#'.repeat(60_000), true],
    ['60,000 dots', '.'.repeat(60_000), true],
    ['headings with 9,000 blanks', `# a${' '.repeat(9_000)}b\n`.repeat(7), false],
    ['paragraphs of 32,000 open brackets', `${'!['.repeat(4_500)}\n\n`.repeat(7), true],
    [
      'long paragraphs of 4,000 open brackets',
      `${'!['.repeat(660)}${'a'.repeat(8_600)}\n\n`.repeat(6),
      false,
    ],
    ['one paragraph of 4,000 open brackets', `${'!['.repeat(4_000)}${'a'.repeat(1_900)}`, false],
    ['60,000 lines', '\n'.repeat(60_000), true],
    ['60,000 invisible characters', '\u200b'.repeat(60_000), true],
  ])('of %s holds its own issue, and another is read meanwhile', async (_what, body, isUnread) => {
    const other = optedIn();
    const { number } = stage.person('rita').openIssue({ title: 'T', body });
    const act = async (): Promise<void> => {
      const [hostile, good] = await Promise.all([look(number, ['issue']), look(other, ['issue'])]);
      expect(good.issue).toMatchObject({ title: 'One', optIn: { by: { login: 'alice' } } });
      if (hostile.issue === undefined || 'gone' in hostile.issue) throw new Error('no issue');
      const { missing, unclear, unread } = hostile.issue.contract;
      expect(missing.length + unclear.length).toBeGreaterThan(0);
      expect(unread !== undefined).toBe(isUnread);
    };
    // A clean-up of memory may fall into a piece, so that the best of three counts.
    const blockedMs = Math.min(
      ...[await blockedMsDuring(act), await blockedMsDuring(act), await blockedMsDuring(act)],
    );
    expect(blockedMs).toBeLessThan(BLOCKED_MS_MAX);
  });
});
