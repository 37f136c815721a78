/** What is known of a head of our branch that we did not push: its commits and their authors. */

/** Commits that are read and adopted at once. GitHub's comparison has at most 250 on a page. */
export const FOREIGN_COMMITS_MAX = 50;
/** Distinct authors: each gets a trailer in our commit. */
export const FOREIGN_AUTHORS_MAX = 20;
/** Of a name or an address; longer ones are cut or left out. */
export const AUTHOR_CHARS_MAX = 100;

export interface ForeignCommit {
  readonly id: string;
  /** The login that GitHub finds for the author, otherwise the author's name. Self-declared, unless the commit is signed. */
  readonly by: string;
  /** GitHub verified the signature. */
  readonly isSigned: boolean;
}

export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

/** A head of the branch that others left. */
export interface ForeignHead {
  readonly head: string;
  /** How many commits it has that neither the target branch nor we have. */
  readonly total: number;
  /** Oldest first, at most `FOREIGN_COMMITS_MAX`. */
  readonly commits: readonly ForeignCommit[];
  /** Each name with its address once, at most `FOREIGN_AUTHORS_MAX`. */
  readonly authors: readonly CommitAuthor[];
  /** There are more authors. */
  readonly isCrowd?: true;
  /** It contains the commit that we left on the branch. If not, the branch was replaced. */
  readonly isOnOurs: boolean;
}

/** “2 commits by ann, ben”, with at most three names. */
export function commitsText({ total, commits }: Pick<ForeignHead, 'total' | 'commits'>): string {
  const names = [...new Set(commits.map(({ by }) => by))];
  const shown = names.slice(0, NAMES_MAX).join(', ');
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
  const by = shown === '' ? '' : ` by ${shown}${more}`;
  return `${total} ${total === 1 ? 'commit' : 'commits'}${by}`;
}

const NAMES_MAX = 3;

/** Commit ids are shown and named by their first digits, as digests are. */
export function shortHead(head: string): string {
  return head.slice(0, HEAD_DIGITS);
}

const HEAD_DIGITS = 12;
/** Git's own shortest form. Fewer digits could name another head that is pushed later. */
const HEAD_DIGITS_MIN = 7;

/** Whether `word` names this head, in full or by its first digits. */
export function namesHead(word: string, head: string): boolean {
  return isHeadName(word) && head.startsWith(word.toLowerCase());
}

export function isHeadName(word: string): boolean {
  return word.length >= HEAD_DIGITS_MIN && word.length <= 40 && /^[0-9a-f]+$/i.test(word);
}
