/** CI's results for a commit: commit statuses and check runs in one list. */
import { z } from 'zod';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import { askPages } from './pages.ts';

export type CheckState = 'pass' | 'fail' | 'pending';

export interface Check {
  readonly name: string;
  readonly source: 'status' | 'check-run';
  readonly state: CheckState;
  readonly detail: string;
  readonly url: string | undefined;
}

export interface Checks {
  /** `none`: nothing was reported yet. */
  readonly verdict: CheckState | 'none';
  readonly checks: readonly Check[];
  /** False when the token lacks the permission for check runs: the verdict then uses statuses only. */
  readonly checkRunsReadable: boolean;
}

export interface GetChecksInput extends RepositoryName {
  readonly ref: string;
  /** Our own status contexts, which do not count in the verdict. */
  readonly except?: readonly string[];
}

export async function getChecks(github: GitHub, input: GetChecksInput): Promise<Checks> {
  const statuses = await statusesOf(github, input);
  const runs = await checkRunsOf(github, input);
  const all = [...statuses, ...(runs ?? [])].filter(check => input.except?.includes(check.name) !== true);
  return { verdict: verdictOf(all), checks: all, checkRunsReadable: runs !== undefined };
}

function verdictOf(checks: readonly Check[]): Checks['verdict'] {
  const has = (state: CheckState) => checks.some(check => check.state === state);
  if (has('fail')) return 'fail';
  if (has('pending')) return 'pending';
  return checks.length === 0 ? 'none' : 'pass';
}

/** The combined status has the latest of each context. Its own `state` is unused: without statuses, it is `pending`. */
async function statusesOf(github: GitHub, { owner, repo, ref }: GetChecksInput): Promise<Check[]> {
  return await askPages({
    what: `the commit statuses of ${owner}/${repo}@${ref}`,
    send: at => github.rest.repos.getCombinedStatusForRef({ owner, repo, ref, ...at }),
    schema: StatusesAnswer,
  });
}

async function checkRunsOf(
  github: GitHub,
  { owner, repo, ref }: GetChecksInput,
): Promise<Check[] | undefined> {
  try {
    return await askPages({
      what: `the check runs of ${owner}/${repo}@${ref}`,
      send: at => github.rest.checks.listForRef({ owner, repo, ref, filter: 'latest', ...at }),
      schema: CheckRunsAnswer,
    });
  } catch (error) {
    if (isFailure(error, 'forbidden', 'not-found')) return undefined;
    throw error;
  }
}

const passing: readonly string[] = ['success', 'neutral', 'skipped'];
const statusState = { success: 'pass', pending: 'pending', failure: 'fail', error: 'fail' } as const;

const StatusesAnswer = z
  .object({
    statuses: z.array(
      z.object({
        context: z.string(),
        state: z.enum(['success', 'pending', 'failure', 'error']),
        description: z.string().nullish(),
        target_url: z.string().nullish(),
      }),
    ),
  })
  .transform(({ statuses }) =>
    statuses.map((status): Check => ({
      name: status.context,
      source: 'status',
      state: statusState[status.state],
      detail: status.description ?? status.state,
      url: status.target_url ?? undefined,
    })),
  );

const CheckRunsAnswer = z
  .object({
    check_runs: z.array(
      z.object({
        name: z.string(),
        status: z.string(),
        conclusion: z.string().nullish(),
        html_url: z.string().nullish(),
      }),
    ),
  })
  .transform(({ check_runs }) =>
    check_runs.map((run): Check => ({
      name: run.name,
      source: 'check-run',
      state: runState(run),
      detail: run.conclusion ?? run.status,
      url: run.html_url ?? undefined,
    })),
  );

/** An unknown conclusion fails: only the three in `passing` pass. */
function runState(run: {
  readonly status: string;
  readonly conclusion?: string | null | undefined;
}): CheckState {
  if (run.status !== 'completed') return 'pending';
  return passing.includes(run.conclusion ?? '') ? 'pass' : 'fail';
}
