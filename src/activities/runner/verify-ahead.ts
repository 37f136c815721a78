/** Verifies what a merge would make after those before it: all is merged again on this host, and must have the same tree. */
import type { EffectInput } from '../../contracts/activities.ts';
import type { Policy } from '../../domain/policy.ts';
import type { AheadProof } from '../../domain/state/ahead.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import { withAhead } from '../ahead.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import { verificationOf } from './verify-change.ts';

export interface AheadPlan {
  /** Names the workspaces; unique among the verifications of this host. */
  readonly runName: string;
  readonly repository: RepositoryFacts;
  readonly policy: Policy;
  readonly effect: EffectInput<'verify-ahead'>['effect'];
}

export async function aheadVerification(
  ports: RunnerPorts,
  { runName, repository, policy, effect }: AheadPlan,
  heartbeat: Heartbeat,
): Promise<Omit<AheadProof, 'policy'>> {
  const { base, before, head, tree, files } = effect;
  const input = { repository, policy, base, before, head, signal: heartbeat.signal };
  return await withAhead(ports, input, async merged => {
    if (merged?.tree !== tree)
      throw new PermanentFailure(
        'CommitDiffers',
        `the merges were made again, but not with the tree ${tree}`,
      );
    const { source, onto, commit, baseTree } = merged;
    const plan = { runName, repository, policy, effect: { base: onto, commit, files } };
    const verification = await verificationOf(ports, plan, {
      heartbeat,
      change: { ...source, setUpBase: base },
    });
    return { head, baseTree, tree, verification };
  });
}
