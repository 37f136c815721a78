/** Pull requests: finds them by head in every state, reads, opens and edits them. */
import { z } from 'zod';
import { ActorAnswer, type GitHubActor, NullableActor, sameLogin } from './actor.ts';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import { saysExists } from './messages.ts';
import { askPages } from './pages.ts';

export interface PullInput extends RepositoryName {
  readonly number: number;
}

export interface PullSummary {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly mergeCommitSha: string | undefined;
  readonly htmlUrl: string;
  readonly nodeId: string;
}

export interface Pull extends PullSummary {
  /** Undefined while GitHub still computes it: read again. */
  readonly mergeable: boolean | undefined;
  readonly mergeableState: string;
  /** Undefined before the merge, and for a deleted account. */
  readonly mergedBy: GitHubActor | undefined;
  readonly mergedAt: string | undefined;
  /** Of the conversation, without comments on lines. */
  readonly comments: number;
  readonly commentsOnLines: number;
  readonly updatedAt: string;
  /** Nothing can be written in its repository. */
  readonly readOnly?: 'archived' | 'disabled';
}

/** In every state, newest first. GitHub ignores filters it does not understand, so the results are filtered again. */
export async function findByHead(
  github: GitHub,
  input: RepositoryName & { readonly branch: string },
): Promise<PullSummary[]> {
  const { owner, repo, branch } = input;
  const found = await askPages({
    what: `the pull requests of ${owner}/${repo} from ${branch}`,
    send: at => github.rest.pulls.list({ owner, repo, head: `${owner}:${branch}`, state: 'all', ...at }),
    schema: z.array(ListedPull),
  });
  const ours = found.filter(
    ({ head }) => head.ref === branch && sameLogin(headRepository(head, repo), `${owner}/${repo}`),
  );
  return ours.map(summary).sort((one, other) => other.number - one.number);
}

export async function getPull(github: GitHub, { owner, repo, number }: PullInput): Promise<Pull> {
  return await ask(github.rest.pulls.get({ owner, repo, pull_number: number }), PullAnswer);
}

export interface CreatePullInput extends RepositoryName {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft?: boolean;
}

/** `exists`: GitHub refused a second open pull request for the same head. Use `findByHead`. */
export async function createPull(
  github: GitHub,
  input: CreatePullInput,
): Promise<{ readonly kind: 'created'; readonly pull: Pull } | { readonly kind: 'exists' }> {
  try {
    return { kind: 'created', pull: await ask(github.rest.pulls.create({ ...input }), PullAnswer) };
  } catch (error) {
    if (isFailure(error, 'invalid') && saysExists(error.message)) return { kind: 'exists' };
    throw error;
  }
}

export interface UpdatePullInput extends PullInput {
  readonly title?: string;
  readonly body?: string;
  readonly base?: string;
  readonly state?: 'open' | 'closed';
}

export async function updatePull(github: GitHub, { number, ...change }: UpdatePullInput): Promise<Pull> {
  return await ask(github.rest.pulls.update({ ...change, pull_number: number }), PullAnswer);
}

const Head = z.object({
  ref: z.string(),
  sha: z.string(),
  label: z.string().nullish(),
  repo: z.object({ full_name: z.string() }).nullish(),
});

const ListedPull = z.object({
  number: z.number(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullish(),
  draft: z.boolean().default(false),
  title: z.string(),
  body: z.string().nullish(),
  user: NullableActor,
  head: Head,
  base: z.object({
    ref: z.string(),
    repo: z.object({ archived: z.boolean().default(false), disabled: z.boolean().default(false) }).nullish(),
  }),
  merge_commit_sha: z.string().nullish(),
  html_url: z.string(),
  node_id: z.string(),
});

const PullAnswer = ListedPull.extend({
  merged: z.boolean(),
  mergeable: z.boolean().nullish(),
  mergeable_state: z.string().default('unknown'),
  merged_by: ActorAnswer.nullish(),
  comments: z.number().default(0),
  review_comments: z.number().default(0),
  updated_at: z.string().default(''),
}).transform((answer): Pull => ({
  ...summary(answer),
  merged: answer.merged,
  mergeable: answer.mergeable ?? undefined,
  mergeableState: answer.mergeable_state,
  mergedBy: answer.merged_by ?? undefined,
  mergedAt: answer.merged_at ?? undefined,
  comments: answer.comments,
  commentsOnLines: answer.review_comments,
  updatedAt: answer.updated_at,
  ...readOnlyOf(answer.base.repo),
}));

function readOnlyOf(repository: z.infer<typeof ListedPull>['base']['repo']): Pick<Pull, 'readOnly'> {
  if (repository?.archived === true) return { readOnly: 'archived' };
  return repository?.disabled === true ? { readOnly: 'disabled' } : {};
}

/** For a deleted fork, only the label `owner:branch` remains. */
function headRepository(head: z.infer<typeof Head>, repo: string): string {
  return head.repo?.full_name ?? `${head.label?.split(':')[0] ?? ''}/${repo}`;
}

function summary(answer: z.infer<typeof ListedPull>): PullSummary {
  return {
    number: answer.number,
    state: answer.state,
    merged: typeof answer.merged_at === 'string',
    draft: answer.draft,
    title: answer.title,
    body: answer.body ?? '',
    author: answer.user.login,
    headSha: answer.head.sha,
    headRef: answer.head.ref,
    baseRef: answer.base.ref,
    mergeCommitSha: answer.merge_commit_sha ?? undefined,
    htmlUrl: answer.html_url,
    nodeId: answer.node_id,
  };
}
