/** Sends one request, or page after page, and lets only parsed answers in. */
import type { z } from 'zod';
import { GitHubFailure, isFailure } from './failure.ts';

/** What octokit answers; `url` carries the route, set by the client's hook. */
export interface RawAnswer {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

export interface PageAt {
  readonly page: number;
  readonly per_page: number;
}

export interface Pages<T> {
  readonly send: (at: PageAt) => Promise<RawAnswer>;
  readonly schema: z.ZodType<T[]>;
  /** More pages than this is an error, never a silently shortened list. */
  readonly pagesMax?: number;
}

export async function ask<T>(sending: Promise<RawAnswer>, schema: z.ZodType<T>): Promise<T> {
  return parsed(await sending, schema);
}

/** For reads where "it is not there" is an answer. */
export async function askOrUndefined<T>(
  sending: Promise<RawAnswer>,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  try {
    return parsed(await sending, schema);
  } catch (error) {
    if (isFailure(error, 'not-found')) return undefined;
    throw error;
  }
}

/** Counts pages itself: the addresses in `Link` are never followed, so no other host can be named there. */
export async function askPages<T>({ send, schema, pagesMax = 30 }: Pages<T>): Promise<T[]> {
  const first = await send({ page: 1, per_page: perPage });
  return await restOfPages({ send, schema, pagesMax }, first);
}

/** The same, when the first page was already asked for. */
export async function restOfPages<T>(
  { send, schema, pagesMax = 30 }: Pages<T>,
  first: RawAnswer,
): Promise<T[]> {
  const all = [...parsed(first, schema)];
  let last = first;
  for (let page = 2; hasNext(last); page += 1) {
    if (page > pagesMax) throw badAnswer(last, `the list is longer than ${pagesMax} pages`);
    last = await send({ page, per_page: perPage });
    all.push(...parsed(last, schema));
  }
  return all;
}

export function parsed<T>(answer: RawAnswer, schema: z.ZodType<T>): T {
  const result = schema.safeParse(answer.data);
  if (result.success) return result.data;
  const [problem] = result.error.issues;
  throw badAnswer(answer, `unexpected answer at ${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`);
}

export const perPage = 100;

function hasNext(answer: RawAnswer): boolean {
  const link = answer.headers['link'];
  return typeof link === 'string' && /;\s*rel="?next"?/.test(link);
}

function badAnswer(answer: RawAnswer, message: string): GitHubFailure {
  return new GitHubFailure({ kind: 'bad-answer', status: answer.status, requestRoute: answer.url, message });
}
