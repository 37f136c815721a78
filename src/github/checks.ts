/** CI's reports on one commit: commit statuses and check runs in one form. */
import { z } from 'zod';
import type { CheckState, ReportedCheck } from '../domain/check-report.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import { askPages } from './pages.ts';

/** A report with what it says to people. */
export interface FoundCheck extends Omit<ReportedCheck, 'output'> {
  /** Title, summary and text of its output, or the description of a status; as its author wrote it. */
  readonly says: string;
  readonly annotations: number;
}

export interface FoundChecks {
  readonly checks: readonly FoundCheck[];
  /** What the credential may not read, and the permission that it lacks. */
  readonly unreadable?: string;
}

export interface ChecksOf extends RepositoryName {
  readonly sha: string;
  /** Only reports under these names. */
  readonly names: readonly string[];
}

/** Lists of up to five pages; longer ones are asked for by name. */
const PAGES_MAX = 5;
/** GitHub's bound on the names of statuses; those of check runs have none that is published. */
const NAME_CHARS_MAX = 255;

/** Two requests, if there are no more than 100 reports of each kind. */
export async function findChecks(github: GitHub, at: ChecksOf): Promise<FoundChecks> {
  const found = [
    await readable('commit statuses', statusesOf(github, at)),
    await readable('check runs', checkRunsOf(github, at)),
  ];
  const unreadable = found.flatMap(one => ('unreadable' in one ? [one.unreadable] : []));
  return {
    checks: found
      .flatMap(one => ('checks' in one ? one.checks : []))
      .filter(({ name }) => at.names.includes(name)),
    ...(unreadable.length === 0 ? {} : { unreadable: unreadable.join('; ') }),
  };
}

type Read = { readonly checks: readonly FoundCheck[] } | { readonly unreadable: string };

async function readable(what: string, reading: Promise<readonly FoundCheck[]>): Promise<Read> {
  try {
    return { checks: await reading };
  } catch (error) {
    // GitHub may not know a commit that was just pushed.
    if (isFailure(error, 'not-found', 'invalid')) return { checks: [] };
    if (!isFailure(error, 'forbidden')) throw error;
    const needs = error.neededPermissions === undefined ? '' : ` (needs ${error.neededPermissions})`;
    return { unreadable: `the credential may not read ${what}${needs}` };
  }
}

/** The combined status has the latest of each context. */
async function statusesOf(github: GitHub, { owner, repo, sha: ref }: ChecksOf): Promise<FoundCheck[]> {
  return await askPages({
    what: `the commit statuses of ${owner}/${repo}@${ref}`,
    send: at => github.rest.repos.getCombinedStatusForRef({ owner, repo, ref, ...at }),
    schema: StatusesAnswer,
  });
}

async function checkRunsOf(github: GitHub, at: ChecksOf): Promise<readonly FoundCheck[]> {
  try {
    return await checkRunsPaged(github, at);
  } catch (error) {
    if (!isFailure(error, 'too-long')) throw error;
    const found: FoundCheck[] = [];
    for (const name of at.names) found.push(...(await checkRunsPaged(github, at, name)));
    return found;
  }
}

/** Of each suite the latest run of each name. */
async function checkRunsPaged(
  github: GitHub,
  { owner, repo, sha: ref }: ChecksOf,
  name?: string,
): Promise<FoundCheck[]> {
  const only = name === undefined ? {} : { check_name: name };
  return await askPages({
    what: `the check runs of ${owner}/${repo}@${ref}`,
    send: at => github.rest.checks.listForRef({ owner, repo, ref, filter: 'latest', ...only, ...at }),
    schema: CheckRunsAnswer,
    pagesMax: PAGES_MAX,
  });
}

const STATUS_STATES = { success: 'passed', pending: 'pending', failure: 'failed', error: 'unclear' } as const;

const StatusesAnswer = z
  .object({
    statuses: z.array(
      z.object({
        id: z.number(),
        context: z.string(),
        /** A state that GitHub adds later must not count as success. */
        state: z.enum(['success', 'pending', 'failure', 'error']).catch('error'),
        description: z.string().nullish(),
      }),
    ),
  })
  .transform(({ statuses }) =>
    statuses.map((status): FoundCheck => ({
      name: status.context.slice(0, NAME_CHARS_MAX),
      source: 'status',
      state: STATUS_STATES[status.state],
      detail: status.state,
      id: status.id,
      attempt: String(status.id),
      says: status.description ?? '',
      annotations: 0,
    })),
  );

const Output = z.object({
  title: z.string().nullish(),
  summary: z.string().nullish(),
  text: z.string().nullish(),
  annotations_count: z.number().default(0),
});

const CheckRunsAnswer = z
  .object({
    check_runs: z.array(
      z.object({
        id: z.number(),
        name: z.string(),
        status: z.string(),
        conclusion: z.string().nullish(),
        completed_at: z.string().nullish(),
        app: z.object({ id: z.number(), slug: z.string().max(200).optional() }).nullish(),
        output: Output.nullish(),
      }),
    ),
  })
  .transform(({ check_runs }) => check_runs.map(foundRun));

interface RunAnswer {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion?: string | null | undefined;
  readonly completed_at?: string | null | undefined;
  readonly app?: { readonly id: number; readonly slug?: string | undefined } | null | undefined;
  readonly output?: z.infer<typeof Output> | null | undefined;
}

/** An App may report another attempt under the same id: then it is completed at another time. */
function foundRun(run: RunAnswer): FoundCheck {
  return {
    name: run.name.slice(0, NAME_CHARS_MAX),
    source: 'check-run',
    ...appOf(run),
    state: stateOf(run),
    detail: (run.conclusion ?? run.status).slice(0, NAME_CHARS_MAX),
    id: run.id,
    attempt: `${run.id} ${run.completed_at ?? ''}`,
    ...saidBy(run),
  };
}

function appOf({ app }: RunAnswer): Pick<FoundCheck, 'app' | 'appId'> {
  if (app === undefined || app === null) return {};
  return { appId: app.id, ...(app.slug === undefined ? {} : { app: app.slug }) };
}

function saidBy({ output }: RunAnswer): Pick<FoundCheck, 'says' | 'annotations'> {
  const { title, summary, text, annotations_count: annotations = 0 } = output ?? {};
  return { says: [title, summary, text].filter(part => part).join('\n\n'), annotations };
}

const PASSING: readonly string[] = ['success', 'neutral', 'skipped'];
const FAILING: readonly string[] = ['failure', 'timed_out'];

/** Of a conclusion that is not known, nobody can say what it means: it is unclear. */
function stateOf({ status, conclusion }: RunAnswer): CheckState {
  if (status !== 'completed') return 'pending';
  if (PASSING.includes(conclusion ?? '')) return 'passed';
  return FAILING.includes(conclusion ?? '') ? 'failed' : 'unclear';
}
