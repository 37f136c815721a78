/** How often an issue's title and body were edited, and when last. REST has no time of an edit of the body. */
import { z } from 'zod';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { GetIssueInput } from './issues.ts';

export interface IssueEdits {
  readonly count: number;
  /** Epoch milliseconds by GitHub's clock, in whole seconds; absent when it was never edited. */
  readonly lastAt?: number;
}

/** Throws `bad-answer` when the issue is gone since it was read. A 404 says that there is no GraphQL, not that it is gone. */
export async function readEdits(github: GitHub, { owner, repo, issue }: GetIssueInput): Promise<IssueEdits> {
  return await ask(github.graphql(QUERY, { owner, repo, number: issue }), EditsAnswer);
}

const QUERY = `query IssueEdits($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    issue(number: $number) {
      lastEditedAt
      userContentEdits(first: 1) { totalCount }
      timelineItems(last: 1, itemTypes: [RENAMED_TITLE_EVENT]) { nodes { ... on RenamedTitleEvent { createdAt } } }
    }
  }
}`;

const EditsAnswer = z
  .object({
    data: z.object({
      repository: z.object({
        issue: z.object({
          lastEditedAt: z.string().nullish(),
          userContentEdits: z.object({ totalCount: z.number() }).nullish(),
          timelineItems: z.object({ nodes: z.array(z.object({ createdAt: z.string() })) }),
        }),
      }),
    }),
  })
  .transform(({ data: { repository } }): IssueEdits => {
    const { lastEditedAt, userContentEdits, timelineItems } = repository.issue;
    const renamed = timelineItems.nodes.map(({ createdAt }) => createdAt);
    const times = [...renamed, lastEditedAt ?? []].flat().map(at => Date.parse(at));
    const count = userContentEdits?.totalCount ?? 0;
    return { count, ...(times.length === 0 ? {} : { lastAt: Math.max(...times) }) };
  });
