/** The sections `limits` and `change` of the policy file. */
import { z } from 'zod';
import { defaultProtectedPaths } from '../git/protected-paths.ts';
import { duration, list } from './policy-kinds.ts';
import { as, section } from './policy-section.ts';

export const limits = section({
  silence: as(
    'silenceMs',
    duration.prefault('5m').describe('the longest time without any output of the agent'),
  ),
  noProgress: as(
    'noProgressMs',
    duration.prefault('15m').describe('the longest time without a command, a change or a message'),
  ),
  wallClock: as('wallClockMs', duration.prefault('45m').describe('the longest duration of a run')),
  tokens: as(
    'tokensMax',
    z
      .int()
      .positive()
      .max(1_000_000_000)
      .default(4_000_000)
      .describe('the limit of input and output tokens of a run'),
  ),
  costUsd: as(
    'costUsdMax',
    z.number().positive().max(10_000).default(10).describe('the cost limit of a run, in USD'),
  ),
  costUsdPerIssue: as(
    'costUsdPerIssueMax',
    z.number().positive().max(100_000).default(30).describe('the cost limit of all runs of an issue, in USD'),
  ),
  attempts: as(
    'attemptsMax',
    z.int().positive().max(20).default(3).describe('the limit of attempts; lost runs do not count'),
  ),
  lostRuns: as(
    'lostRunsMax',
    z
      .int()
      .positive()
      .max(100)
      .default(10)
      .describe('the limit of runs, or of verifications of one change, that were lost with their host'),
  ),
});

export const change = section({
  allowedPaths: list.default(['**']).describe('globs; a change outside is refused. Case matters'),
  protectedPaths: list
    .default([...defaultProtectedPaths])
    .describe('globs; the publish gate asks about a change of these paths. Case does not matter'),
  files: as(
    'filesMax',
    z.int().positive().max(5_000).default(300).describe('the limit of files in a change'),
  ),
  bytes: as(
    'bytesMax',
    z
      .int()
      .positive()
      .max(64 * 1024 * 1024)
      .default(5 * 1024 * 1024)
      .describe('the limit of bytes in each file and in all files together'),
  ),
  signOff: z
    .boolean()
    .default(false)
    .describe('adds `Signed-off-by` with the identity of the commit (Developer Certificate of Origin)'),
}).transform(({ signOff, ...rest }) => ({ ...rest, ...(signOff ? { signOff } : {}) }));
