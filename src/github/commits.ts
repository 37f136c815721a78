/** Writes our commit status, and compares two commits. */
import { z } from 'zod';
import { ask } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';

export interface StatusInput extends RepositoryName {
  readonly sha: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly context: string;
  /** Cut to 140 characters, GitHub's limit. */
  readonly description: string;
  readonly targetUrl?: string;
}

export async function createStatus(github: GitHub, input: StatusInput): Promise<void> {
  const { owner, repo, sha, state, context, description, targetUrl } = input;
  const created = github.rest.repos.createCommitStatus({
    owner,
    repo,
    sha,
    state,
    context,
    description: description.slice(0, 140),
    ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
  });
  await ask(created, z.object({ state: z.literal(state) }));
}

export type Comparison = 'ahead' | 'identical' | 'behind' | 'diverged';

export interface CompareInput extends RepositoryName {
  readonly base: string;
  readonly head: string;
}

/** The position of `head` relative to `base`: `ahead` and `identical` mean that head contains base. */
export async function compare(
  github: GitHub,
  { owner, repo, base, head }: CompareInput,
): Promise<Comparison> {
  const asked = github.rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead: `${base}...${head}`,
    per_page: 1,
  });
  return (await ask(asked, ComparisonAnswer)).status;
}

const ComparisonAnswer = z.object({ status: z.enum(['ahead', 'identical', 'behind', 'diverged']) });
