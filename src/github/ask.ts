/** Sends one request and returns only responses that match their schema. */
import type { z } from 'zod';
import { GitHubFailure, isFailure } from './failure.ts';

/** Octokit's response. The client's hook sets `url` to the route. */
export interface RawAnswer {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
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

export function parsed<T>(answer: RawAnswer, schema: z.ZodType<T>): T {
  const result = schema.safeParse(answer.data);
  if (result.success) return result.data;
  const [problem] = result.error.issues;
  throw new GitHubFailure({
    kind: 'bad-answer',
    status: answer.status,
    requestRoute: answer.url,
    message: `unexpected response at ${problem?.path.join('.') ?? ''}: ${problem?.message ?? ''}`,
  });
}
