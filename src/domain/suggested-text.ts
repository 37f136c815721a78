/** What our commit and the pull request say of suggestions that were applied. Logins are checked where trailers are made. */
import type { CommitAuthor } from './foreign-head.ts';
import type { Suggester } from './state/work.ts';

const NAMES_MAX = 10;

/** “Contains suggestions of ann, ben, as they were written.” */
export function suggestedLine(by: readonly Suggester[]): string {
  return `Contains suggestions of ${suggesterNames(by)}, as they were written.`;
}

export function suggesterNames(by: readonly Suggester[]): string {
  const more = by.length > NAMES_MAX ? ` and ${by.length - NAMES_MAX} more` : '';
  return `${by
    .slice(0, NAMES_MAX)
    .map(({ login }) => login)
    .join(', ')}${more}`;
}

/** With the address that GitHub gives every account, so that it shows the account as an author. */
export function suggesterAsAuthor({ login, id }: Suggester): CommitAuthor {
  const local = id === undefined ? login : `${id}+${login}`;
  return { name: login, email: `${local}@users.noreply.github.com` };
}
