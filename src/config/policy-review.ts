/** The section `review` of the policy file: what comments on lines lead to. What has its default is left out. */
import { z } from 'zod';
import type { ReviewPolicy } from '../domain/policy.ts';
import { section } from './policy-section.ts';

const bot = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,39}\[bot\]$/, 'the login of a GitHub App with [bot], such as helper[bot]');

export const review = section({
  bots: z
    .array(bot)
    .max(10)
    .default([])
    .describe(
      'GitHub Apps, such as `helper[bot]`, whose requests for changes and comments on lines the next attempt gets, as those of people who may decide. They never approve. Each costs attempts, up to `limits.attempts`',
    ),
  resolveThreads: z
    .boolean()
    .default(false)
    .describe(
      '`true`: a thread is resolved when it was answered after a rework. The token needs to write contents for this. `false`: people resolve threads',
    ),
  suggestions: z
    .boolean()
    .default(false)
    .describe(
      '`true`: a review of a person who may decide that consists of suggestions only is applied exactly as it was written, without the agent, and verified like any change. `false`: the agent gets it as feedback',
    ),
}).transform(({ bots, resolveThreads, suggestions }): ReviewPolicy => ({
  ...(bots.length === 0 ? {} : { bots: [...new Set(bots)] }),
  ...(resolveThreads ? { resolveThreads } : {}),
  ...(suggestions ? { suggestions } : {}),
}));
