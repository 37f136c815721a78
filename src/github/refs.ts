/** Branches as refs. Creating one is the claim: when two processes try, GitHub lets only one succeed. */
import { z } from 'zod';
import { ask, askOrUndefined } from './ask.ts';
import type { GitHub } from './client.ts';
import type { RepositoryName } from './credential.ts';
import { isFailure } from './failure.ts';
import { saysExists, saysGone } from './messages.ts';
import { askPages } from './pages.ts';

export interface BranchInput extends RepositoryName {
  readonly branch: string;
}

export interface BranchRef {
  readonly branch: string;
  readonly sha: string;
}

/** The commit of the branch; undefined when the branch does not exist. */
export async function getRef(
  github: GitHub,
  { owner, repo, branch }: BranchInput,
): Promise<string | undefined> {
  const found = await askOrUndefined(
    github.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }),
    RefAnswer,
  );
  return found?.branch === branch ? found.sha : undefined;
}

/** `exists` does not say who created the branch: read the ref. */
export async function createRef(
  github: GitHub,
  input: BranchInput & { readonly sha: string },
): Promise<'created' | 'exists'> {
  const { owner, repo, branch, sha } = input;
  try {
    await ask(github.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha }), RefAnswer);
    return 'created';
  } catch (error) {
    if (isFailure(error, 'invalid', 'conflict') && saysExists(error.message)) return 'exists';
    throw error;
  }
}

/** A missing branch counts as deleted. GitHub reports it with 422; its 404 is for the repository. */
export async function deleteRef(github: GitHub, { owner, repo, branch }: BranchInput): Promise<void> {
  try {
    await github.rest.git.deleteRef({ owner, repo, ref: `heads/${branch}` });
  } catch (error) {
    if (!isFailure(error, 'invalid') || !saysGone(error.message)) throw error;
  }
}

/** Every branch whose name starts with the prefix. */
export async function matchingRefs(
  github: GitHub,
  input: RepositoryName & { readonly prefix: string },
): Promise<BranchRef[]> {
  const { owner, repo, prefix } = input;
  const found = await askPages({
    what: `the branches of ${owner}/${repo} that start with ${prefix}`,
    send: at => github.rest.git.listMatchingRefs({ owner, repo, ref: `heads/${prefix}`, ...at }),
    schema: z.array(RefAnswer),
  });
  return found.filter(ref => ref.branch.startsWith(prefix));
}

const RefAnswer = z
  .object({ ref: z.string().startsWith('refs/heads/'), object: z.object({ sha: z.string().min(40) }) })
  .transform((answer): BranchRef => ({
    branch: answer.ref.slice('refs/heads/'.length),
    sha: answer.object.sha,
  }));
