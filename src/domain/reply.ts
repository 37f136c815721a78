/** The text of an answer to a refused command. */
import { neutralise } from './posted-text.ts';
import type { IssueState } from './state.ts';
import type { OwedReply } from './state/people.ts';
import type { Reply } from './step.ts';

const WHY_CHARS_MAX = 600;
/** The start of every marker of ours: an answer, a status. */
export const OUR_MARKER = '<!-- signalbox:';
/** The start of the marker line of an answer. */
export const REPLY_MARKER = `${OUR_MARKER}reply`;

/** The answers that are due, oldest first. */
export function repliesDue({ replies }: IssueState): readonly Reply[] {
  return (replies?.owed ?? []).map(replyOf);
}

function replyOf(owed: OwedReply): Reply {
  const { commentId, thread, to, refusals } = owed;
  const marker = `${REPLY_MARKER} ${commentId} -->`;
  const lines = refusals.map(({ kind, why }) => `- \`/${kind}\`: ${neutralise(why, WHY_CHARS_MAX)}`);
  const body = [
    `${neutralise(to, WHY_CHARS_MAX)}, this was not taken:`,
    '',
    ...lines,
    '',
    'To try again, write a new comment. An edited comment does not count.',
    marker,
  ].join('\n');
  return { commentId, thread, marker, body };
}
