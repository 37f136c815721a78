/** Verifies what a merge would make: the merge is made again on this host, and must have the tree that was asked for. */
import type { EffectInput } from '../../contracts/activities.ts';
import type { Policy } from '../../domain/policy.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import type { Verification } from '../../domain/state/work.ts';
import { withCandidate } from '../candidate.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import { verificationOf } from './verify-change.ts';

/** A merge that is made again on this host. */
export interface ExpectedMerge<Kind extends 'verify-candidate' | 'verify-ahead'> {
  /** Names the workspaces; unique among the verifications of this host. */
  readonly runName: string;
  readonly repository: RepositoryFacts;
  readonly policy: Policy;
  readonly effect: EffectInput<Kind>['effect'];
}

export async function candidateVerification(
  ports: RunnerPorts,
  { runName, repository, policy, effect }: ExpectedMerge<'verify-candidate'>,
  heartbeat: Heartbeat,
): Promise<Verification> {
  const { base, head, from, tree, files } = effect;
  const input = { repository, policy, base, head, from, signal: heartbeat.signal };
  return await withCandidate(ports, input, async ({ question, merged }) => {
    if (merged.kind === 'conflict' || merged.tree !== tree) {
      const found = merged.kind === 'conflict' ? 'a conflict' : `the tree ${merged.tree}`;
      throw new PermanentFailure('CommitDiffers', `the merge was made again with ${found}, expected ${tree}`);
    }
    const { mirror, objectDirectory } = question;
    const plan = { runName, repository, policy, effect: { base, commit: merged.commit, files } };
    const change = { mirror, objectDirectory };
    const found = await verificationOf(ports, plan, { heartbeat, change });
    return { ...found, commit: head, onto: base };
  });
}
