/** Writes our check run on a commit. Only an App can; with another credential, GitHub answers 403. */
import { z } from 'zod';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { askPages } from './pages.ts';

export interface CheckRunPlace extends RepositoryName {
  readonly sha: string;
  readonly name: string;
  /** Ours; tells two check runs with one name apart. */
  readonly externalId: string;
}

export interface CheckRunInput extends CheckRunPlace {
  readonly conclusion: 'success' | 'neutral' | 'failure';
  readonly title: string;
  /** Markdown, of at most 65,535 characters. */
  readonly summary: string;
  readonly detailsUrl?: string;
  /** At most 50. */
  readonly annotations: readonly CheckAnnotation[];
}

export interface CheckAnnotation {
  readonly path: string;
  readonly title: string;
  readonly message: string;
}

export async function createCheckRun(github: GitHub, input: CheckRunInput): Promise<void> {
  const { owner, repo, sha, name, externalId, conclusion, detailsUrl, title, summary, annotations } = input;
  const created = github.rest.checks.create({
    owner,
    repo,
    name,
    head_sha: sha,
    external_id: externalId,
    status: 'completed',
    conclusion,
    output: { title, summary, annotations: annotations.map(failureAt) },
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
  });
  await ask(created, z.object({ id: z.number() }));
}

/** Whether it is there already. The id is a digest that others cannot know before. */
export async function hasCheckRun(github: GitHub, place: CheckRunPlace): Promise<boolean> {
  const { owner, repo, sha, name, externalId } = place;
  const runs = await askPages({
    what: `the check runs ${name} of ${owner}/${repo}@${sha}`,
    send: at =>
      github.rest.checks.listForRef({ owner, repo, ref: sha, check_name: name, filter: 'all', ...at }),
    schema: CheckRunIds,
  });
  return runs.includes(externalId);
}

/** The line is not known: the first one of the file. */
function failureAt({ path, title, message }: CheckAnnotation) {
  return { path, start_line: 1, end_line: 1, annotation_level: 'failure' as const, title, message };
}

const CheckRunIds = z
  .object({ check_runs: z.array(z.object({ external_id: z.string().nullish() })) })
  .transform(({ check_runs }) => check_runs.map(run => run.external_id ?? ''));
