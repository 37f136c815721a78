/** Merges a head that is on GitHub into a commit of the target branch, in a quarantine that is removed afterwards. */
import type { Policy } from '../domain/policy.ts';
import type { RepositoryFacts } from '../domain/state/reading.ts';
import { historyOf } from '../git/history.ts';
import { mergeOnto, type MergedOnto, type MergeQuestion } from '../git/merge-onto.ts';
import { disposeQuarantine, openQuarantine } from '../git/quarantine.ts';
import { type ChangePorts, mirrorWith } from './change.ts';

export interface CandidateInput {
  readonly repository: RepositoryFacts;
  readonly policy: Policy;
  readonly base: string;
  /** Named by its id, so what GitHub serves is the commit that we pushed. */
  readonly head: string;
  /** The parent of the head. */
  readonly from: string;
  readonly signal?: AbortSignal;
}

export interface MergedCandidate {
  readonly question: MergeQuestion & { readonly objectDirectory: string };
  readonly merged: MergedOnto;
}

/** Runs `use` while the quarantine exists. */
export async function withCandidate<T>(
  ports: ChangePorts,
  { repository, policy, base, head, from, signal }: CandidateInput,
  use: (candidate: MergedCandidate) => Promise<T>,
): Promise<T> {
  const history = historyOf(policy.workspace);
  const of = { repository, history, signal };
  await mirrorWith(ports, { ...of, commit: base });
  await mirrorWith(ports, { ...of, commit: from });
  const mirror = await mirrorWith(ports, { ...of, commit: head });
  const quarantine = await openQuarantine(mirror);
  try {
    const { objectDirectory } = quarantine;
    const isShallow = history.kind === 'shallow' ? { isShallow: true } : {};
    const question = { mirror, objectDirectory, base, head, from, ...isShallow };
    return await use({ question, merged: await mergeOnto(question) });
  } finally {
    await disposeQuarantine(quarantine);
  }
}
