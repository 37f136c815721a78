/** Sends one request, or one per page, and returns only responses that match their schema. */
import type { z } from 'zod';
import { GitHubFailure, isFailure } from './failure.ts';

/** Octokit's response. The client's hook sets `url` to the route. */
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
  /** More pages are an error: a list is never shortened silently. */
  readonly pagesMax?: number;
}

export async function ask<T>(sending: Promise<RawAnswer>, schema: z.ZodType<T>): Promise<T> {
  return parsed(await sending, schema);
}

/** For reads where 404 is a valid answer: returns undefined. */
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

/** Requests pages by number. The URLs in `Link` are never followed, because they could name another host. */
export async function askPages<T>({ send, schema, pagesMax = 30 }: Pages<T>): Promise<T[]> {
  const first = await send({ page: 1, per_page: PER_PAGE });
  return await restOfPages({ send, schema, pagesMax }, first);
}

/** Like `askPages`, when the first page was already fetched. */
export async function restOfPages<T>(
  { send, schema, pagesMax = 30 }: Pages<T>,
  first: RawAnswer,
): Promise<T[]> {
  const all = [...parsed(first, schema)];
  let last = first;
  for (let page = 2; hasNext(last); page += 1) {
    if (page > pagesMax) throw badAnswer(last, `the list is longer than ${pagesMax} pages`);
    last = await send({ page, per_page: PER_PAGE });
    all.push(...parsed(last, schema));
  }
  return all;
}

export function parsed<T>(answer: RawAnswer, schema: z.ZodType<T>): T {
  const result = schema.safeParse(answer.data);
  if (result.success) return result.data;
  const [problem] = result.error.issues;
  throw badAnswer(
    answer,
    `unexpected response at ${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`,
  );
}

export const PER_PAGE = 100;

function hasNext(answer: RawAnswer): boolean {
  const link = answer.headers['link'];
  return typeof link === 'string' && /;\s*rel="?next"?/.test(link);
}

function badAnswer(answer: RawAnswer, message: string): GitHubFailure {
  return new GitHubFailure({ kind: 'bad-answer', status: answer.status, requestRoute: answer.url, message });
}
