/**
 * An edition of the issue's text: a text that was edited and has its earlier words again is another one, because somebody
 * may have approved it in between. GitHub's record of edits costs a request, so it is read only with an approval; until
 * then the edition is known by the time of the reading.
 */
import type { ObservedIssue, TextEdits } from './observation.ts';
import { omit } from './omit.ts';

/** What is known of the edition that was read last. */
export type KnownEdition = Pick<ObservedIssue, 'edits' | 'updatedAt'>;

/** `unsure`: GitHub's times are whole seconds, and the latest edit is in the second of the reading. Read the text again. */
export type EditedSince = 'yes' | 'no' | 'unsure';

/** Whether the text was edited since this edition was first read. */
export function editedSince({ edits: known, updatedAt }: KnownEdition, edits: TextEdits): EditedSince {
  if (known !== undefined) return known.count === edits.count && known.lastAt === edits.lastAt ? 'no' : 'yes';
  if (updatedAt === undefined || edits.lastAt === undefined || edits.lastAt < updatedAt) return 'no';
  return edits.lastAt > updatedAt ? 'yes' : 'unsure';
}

export function isSameEdition(
  before: ObservedIssue | undefined,
  { digest, edits }: ObservedIssue,
): before is ObservedIssue {
  if (before?.digest !== digest) return false;
  return edits === undefined || editedSince(before, edits) !== 'yes';
}

/** The secret and the time belong to the edition, not to the reading. */
export function sameEdition(read: ObservedIssue, before: ObservedIssue): ObservedIssue {
  const { secret } = before;
  const edits = read.edits ?? before.edits;
  const updatedAt = before.updatedAt ?? read.updatedAt;
  return {
    ...omit(read, 'secret'),
    ...(secret === undefined ? {} : { secret }),
    ...(edits === undefined ? {} : { edits }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}
