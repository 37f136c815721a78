/** Threads of a pull request: which are resolved, and resolving them. REST knows neither their ids nor whether they are resolved. */
import { z } from 'zod';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import type { PullInput } from './pulls.ts';

const PAGES_MAX = 30;

/** By the id of the first comment of each; what is resolved, or is not there any more, stays as it is. */
export async function resolveThreads(
  github: GitHub,
  { threads, ...pull }: PullInput & { readonly threads: readonly number[] },
): Promise<void> {
  for (const { id, isResolved, first } of await listThreads(github, pull)) {
    if (isResolved || first === undefined || !threads.includes(first)) continue;
    await ask(github.graphql(RESOLVE, { owner: pull.owner, repo: pull.repo, thread: id }), ResolveAnswer);
  }
}

/** Threads that nobody has resolved. */
export async function countUnresolved(github: GitHub, pull: PullInput): Promise<number> {
  return (await listThreads(github, pull)).filter(({ isResolved }) => !isResolved).length;
}

interface Thread {
  readonly id: string;
  readonly isResolved: boolean;
  readonly first: number | undefined;
}

async function listThreads(github: GitHub, { owner, repo, number }: PullInput): Promise<readonly Thread[]> {
  const found: Thread[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { threads, next }: z.infer<typeof ThreadsAnswer> = await ask(
      github.graphql(THREADS, { owner, repo, number, after }),
      ThreadsAnswer,
    );
    found.push(...threads);
    if (next === undefined) return found;
    after = next;
  }
  throw new GitHubFailure({
    kind: 'too-long',
    requestRoute: 'POST /graphql',
    message: `the threads of ${owner}/${repo}#${number} are too many to read: ${found.length} were read`,
  });
}

const THREADS = `query ReviewThreads($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        nodes { id isResolved comments(first: 1) { nodes { fullDatabaseId } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const RESOLVE = `mutation ResolveThread($thread: ID!) {
  resolveReviewThread(input: { threadId: $thread }) { thread { isResolved } }
}`;

/** A `BigInt`: GitHub writes it as text. */
const DatabaseId = z.union([z.string().regex(/^\d{1,15}$/), z.number()]).transform(Number);

const ThreadsAnswer = z
  .object({
    data: z.object({
      repository: z.object({
        pullRequest: z.object({
          reviewThreads: z.object({
            nodes: z.array(
              z.object({
                id: z.string(),
                isResolved: z.boolean(),
                comments: z.object({ nodes: z.array(z.object({ fullDatabaseId: DatabaseId.nullish() })) }),
              }),
            ),
            pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
          }),
        }),
      }),
    }),
  })
  .transform(({ data }) => {
    const { nodes, pageInfo } = data.repository.pullRequest.reviewThreads;
    return {
      threads: nodes.map(({ id, isResolved, comments }): Thread => ({
        id,
        isResolved,
        first: comments.nodes[0]?.fullDatabaseId ?? undefined,
      })),
      next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
    };
  });

const ResolveAnswer = z.object({
  data: z.object({
    resolveReviewThread: z.object({ thread: z.object({ isResolved: z.literal(true) }) }),
  }),
});
