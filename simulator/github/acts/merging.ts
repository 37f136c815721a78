/** Merging a pull request: compare-and-set on its head, the merge made by git, the base moved by compare-and-set. */
import { readCommit, resolveRef } from '../git/objects.ts';
import { mergeCommits, type MergeMethod } from '../git/merge.ts';
import { updateRef } from '../git/write.ts';
import type { PullIssue } from '../render/pull.ts';
import { protectionsOf } from '../world.ts';
import { identityOf, serverIdentity, type Act } from './act.ts';
import { mergeRefusal } from './pulls.ts';
import { afterRefMove, finishMerge } from './push.ts';

export interface MergeRequest {
  readonly method: MergeMethod;
  /** The approved head; default: the current head. */
  readonly sha?: string;
  /** The merge queue itself does it. */
  readonly byQueue?: boolean;
  readonly title?: string;
  readonly message?: string;
}

export type MergeOutcome =
  | { readonly kind: 'merged'; readonly sha: string }
  | { readonly kind: 'head-modified' }
  | { readonly kind: 'refused'; readonly message: string };

const refused = (message: string): MergeOutcome => ({ kind: 'refused', message });

export async function mergePull(act: Act, issue: PullIssue, request: MergeRequest): Promise<MergeOutcome> {
  const { pull } = issue;
  const early = stateRefusal(issue);
  if (early !== undefined) return refused(early);
  if (request.sha !== undefined && request.sha !== pull.headSha) return { kind: 'head-modified' };
  const refusal =
    (request.byQueue === true ? undefined : methodRefusal(act, issue, request.method)) ??
    mergeRefusal(act, issue);
  if (refusal !== undefined) return refused(refusal);
  const ref = `refs/heads/${pull.baseRef}`;
  const base = await resolveRef(act.repository.dir, ref);
  if (base === undefined) return refused('Pull Request is not mergeable');
  const sha = await mergeCommits(act.repository.dir, {
    method: request.method,
    base,
    head: pull.headSha,
    message: await mergeMessage(act, issue, request),
    author: identityOf(act),
    committer: serverIdentity(act),
  });
  if (sha === undefined) return refused('Pull Request is not mergeable');
  if (!(await updateRef(act.repository.dir, { ref, newSha: sha, oldSha: base }))) {
    return refused('Base branch was modified. Review and try the merge again.');
  }
  pull.baseSha = base;
  finishMerge(act, issue, sha);
  await afterRefMove(act, { ref, before: base, after: sha });
  return { kind: 'merged', sha };
}

function stateRefusal({ state, pull }: PullIssue): string | undefined {
  if (state === 'closed' || pull.mergeableNullReads > 0) return 'Pull Request is not mergeable';
  return pull.draft ? 'Pull Request is still a draft' : undefined;
}

const METHOD_WORDS = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' } as const;

/** The settings of the repository, then the rules of the base. */
function methodRefusal(act: Act, { pull }: PullIssue, method: MergeMethod): string | undefined {
  if (!act.repository.mergeMethods.includes(method))
    return `${METHOD_WORDS[method]} are not allowed on this repository`;
  for (const rules of protectionsOf(act.repository, pull.baseRef)) {
    if (rules.mergeQueue === true) return violation('Changes must be made through the merge queue');
    if (rules.restrictUpdates === true) return violation('Cannot update this protected ref.');
    if (rules.linearHistory === true && method === 'merge')
      return violation('This branch must not contain merge commits.');
    if (rules.mergeMethods?.includes(method) === false)
      return violation(`${METHOD_WORDS[method]} are not allowed on this repository`);
  }
  return undefined;
}

const violation = (what: string): string => `Repository rule violations found\n\n${what}\n\n`;

async function mergeMessage(act: Act, issue: PullIssue, request: MergeRequest): Promise<string> {
  const owner = act.repository.owner.login;
  const title =
    request.title ??
    (request.method === 'squash'
      ? `${issue.title} (#${issue.number})`
      : `Merge pull request #${issue.number} from ${owner}/${issue.pull.headRef}`);
  const fallback =
    request.method === 'squash'
      ? (await readCommit(act.repository.dir, issue.pull.headSha)).message
      : issue.title;
  const text = request.message ?? fallback;
  return text === '' ? title : `${title}\n\n${text}`;
}
