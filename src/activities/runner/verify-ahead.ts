/** Verifies what a merge would make after those before it: all is merged again on this host, and must have the same tree. */
import type { AheadProof } from '../../domain/state/ahead.ts';
import { withAhead } from '../ahead.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import type { ExpectedMerge } from './verify-candidate.ts';
import { verificationOf } from './verify-change.ts';

export async function aheadVerification(
  ports: RunnerPorts,
  { runName, repository, policy, effect }: ExpectedMerge<'verify-ahead'>,
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
