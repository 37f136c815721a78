/** The log of every request, for tests that count a client's requests. */
import { matches, type Matcher, type Target } from './matcher.ts';

export interface RequestEntry extends Target {
  /** Milliseconds since the epoch, by the simulator's clock. */
  readonly at: number;
  readonly contentCreating: boolean;
  /** 0 while it runs, or when the client never got a reply. */
  status: number;
}

export interface RequestLog {
  readonly entries: readonly RequestEntry[];
  readonly open: (entry: Omit<RequestEntry, 'status'>) => RequestEntry;
  readonly count: (matcher?: Matcher) => number;
  readonly contentCreating: () => number;
  /** Requests that can change something: not reads, not git's negotiation. */
  readonly writes: () => readonly RequestEntry[];
  readonly find: (matcher: Matcher) => readonly RequestEntry[];
  readonly reset: () => void;
}

/** Whether GitHub counts it against the rate limit. */
export const isCounted = ({ status }: Pick<RequestEntry, 'status'>): boolean => status !== 304;

const ENTRIES_MAX = 200_000;

export function createRequestLog(): RequestLog {
  const entries: RequestEntry[] = [];
  const find = (matcher: Matcher): RequestEntry[] => entries.filter(entry => matches(matcher, entry));
  return {
    entries,
    open: fields => {
      const entry: RequestEntry = { ...fields, status: 0 };
      if (entries.length < ENTRIES_MAX) entries.push(entry);
      return entry;
    },
    find,
    count: matcher => (matcher === undefined ? entries.length : find(matcher).length),
    contentCreating: () => entries.filter(entry => entry.contentCreating).length,
    writes: () => entries.filter(isWrite),
    reset: () => (entries.length = 0),
  };
}

const isWrite = (entry: RequestEntry): boolean =>
  entry.method !== 'GET' && entry.method !== 'HEAD' && !READING_POSTS.includes(entry.route);

const READING_POSTS = ['git-upload-pack', '/graphql'];
