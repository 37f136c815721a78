/**
 * Reads lists page by page, by number. The URLs in `Link` are never followed, because they could name another host. Lists
 * can be long, and outsiders write into many of them: a list is never shortened silently, and one that is too long to read
 * fails by name, with the login that wrote most of it.
 */
import type { z } from 'zod';
import { parsed, type RawAnswer } from './ask.ts';
import { GitHubFailure, isFailure } from './failure.ts';

export interface PageAt {
  readonly page: number;
  readonly per_page: number;
}

export interface Pages<T> {
  /** For people: “the comments of octo/app#7”. */
  readonly what: string;
  readonly send: (at: PageAt) => Promise<RawAnswer>;
  readonly schema: z.ZodType<T[]>;
  /** Who wrote an entry, where that is known. */
  readonly by?: (entry: T) => string;
  readonly pagesMax?: number;
}

export const PER_PAGE = 100;

/** Any ten entries fit into one response: a text of GitHub has at most 65,536 characters of at most 12 bytes in JSON. */
const SMALL_PER_PAGE = 10;
const PAGES_MAX = 30;
/** All pages of one list. */
const LIST_BYTES_MAX = 64 * 1024 * 1024;

/** The whole list, oldest first where GitHub sorts by age. */
export async function askPages<T>(pages: Pages<T>): Promise<T[]> {
  const reading = new Reading(pages);
  return await forward(reading, [await reading.page(1)]);
}

/** Like `askPages`, when the first page was already fetched. */
export async function restOfPages<T>(pages: Pages<T>, first: RawAnswer): Promise<T[]> {
  const reading = new Reading(pages);
  return await forward(reading, [reading.taken({ page: 1, per_page: PER_PAGE }, first)]);
}

/**
 * The end of a list that GitHub sorts by age: from the newest page backwards until `enough` entries are read. Returns them
 * oldest first. A list of one page costs one request.
 */
export async function askNewest<T>(
  pages: Pages<T>,
  enough: (entries: readonly T[]) => boolean,
): Promise<readonly T[]> {
  const reading = new Reading(pages);
  const first = await reading.page(1);
  // Without the number of the last page there is only one way to its end.
  if (first.last === undefined) return await forward(reading, [first]);
  const found: Page<T>[] = [];
  for (let number = first.last; number > 1; number -= 1) {
    found.unshift(await reading.page(number));
    const entries = entriesOf(found);
    if (enough(entries)) return entries;
  }
  return entriesOf([first, ...found]);
}

interface Page<T> {
  readonly number: number;
  readonly entries: readonly T[];
  readonly hasNext: boolean;
  readonly last?: number;
}

async function forward<T>(reading: Reading<T>, found: Page<T>[]): Promise<T[]> {
  for (let last = found.at(-1); last?.hasNext === true; last = found.at(-1))
    found.push(await reading.page(last.number + 1));
  return entriesOf(found);
}

function entriesOf<T>(pages: readonly Page<T>[]): T[] {
  return pages.flatMap(({ entries }) => entries);
}

/** One reading of one list, with its limits. */
class Reading<T> {
  readonly #list: Pages<T>;
  #route = '';
  #asked = 0;
  #read = 0;
  #bytes = 0;
  readonly #entriesBy = new Map<string, number>();

  constructor(list: Pages<T>) {
    this.#list = list;
  }

  /** In small pieces when the page is too large for one response. */
  async page(number: number): Promise<Page<T>> {
    const { pagesMax = PAGES_MAX } = this.#list;
    if (this.#asked >= pagesMax * PER_PAGE || this.#bytes > LIST_BYTES_MAX) throw this.#tooLong();
    try {
      return await this.#ask({ page: number, per_page: PER_PAGE });
    } catch (error) {
      if (!isFailure(error, 'too-large')) throw error;
      return await this.#inPieces(number);
    }
  }

  taken(at: PageAt, answer: RawAnswer): Page<T> {
    const { schema, by } = this.#list;
    const entries = parsed(answer, schema);
    this.#route = answer.url;
    this.#asked += at.per_page;
    this.#read += entries.length;
    this.#bytes += Number(answer.headers['content-length'] ?? 0);
    for (const login of by === undefined ? [] : entries.map(by))
      this.#entriesBy.set(login, (this.#entriesBy.get(login) ?? 0) + 1);
    return { number: at.page, entries, ...linksOf(answer) };
  }

  async #inPieces(number: number): Promise<Page<T>> {
    const pieces: Page<T>[] = [];
    const each = PER_PAGE / SMALL_PER_PAGE;
    do {
      const page = (number - 1) * each + pieces.length + 1;
      pieces.push(await this.#ask({ page, per_page: SMALL_PER_PAGE }));
    } while (pieces.length < each && pieces.at(-1)?.hasNext === true);
    const { hasNext = false, last } = pieces.at(-1) ?? {};
    return {
      ...{ number, entries: entriesOf(pieces), hasNext },
      ...(last === undefined ? {} : { last: Math.ceil(last / each) }),
    };
  }

  async #ask(at: PageAt): Promise<Page<T>> {
    return this.taken(at, await this.#list.send(at));
  }

  #tooLong(): GitHubFailure {
    const [most] = [...this.#entriesBy].sort(([, one], [, other]) => other - one);
    const whose = most === undefined ? '' : `, ${most[1]} of them by ${most[0]}`;
    return new GitHubFailure({
      kind: 'too-long',
      requestRoute: this.#route,
      message: `${this.#list.what} are too many to read: ${this.#read} were read${whose}, and there are more`,
    });
  }
}

/** Only the number of the last page is used, never its URL. */
function linksOf(answer: RawAnswer): { readonly hasNext: boolean; readonly last?: number } {
  const { link } = answer.headers;
  if (typeof link !== 'string') return { hasNext: false };
  const hasNext = /;\s{0,4}rel="?next"?/.test(link);
  const last = /[?&]page=(\d{1,6})[^<>]{0,1000}>;\s{0,4}rel="?last"?/.exec(link)?.[1];
  return { hasNext, ...(last === undefined ? {} : { last: Number(last) }) };
}
