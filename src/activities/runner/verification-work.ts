/** What the parts of one verification share. */
import type { EffectInput } from '../../contracts/activities.ts';
import type { Policy } from '../../domain/policy.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import type { JudgedChange } from '../change.ts';
import type { ChecksInput } from './checks.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import type { CommitTree, Tree } from './trees.ts';

export interface VerificationPlan {
  /** Names the workspaces; unique among the verifications of this host. */
  readonly runName: string;
  readonly repository: RepositoryFacts;
  readonly policy: Policy;
  readonly effect: EffectInput<'verify-change'>['effect'];
}

export interface VerificationWork {
  readonly ports: RunnerPorts;
  readonly input: VerificationPlan;
  readonly policy: Policy;
  readonly heartbeat: Heartbeat;
  readonly change: JudgedChange;
}

export function common({
  input,
  policy,
  heartbeat,
}: VerificationWork): Pick<ChecksInput, 'name' | 'timeoutMs' | 'heartbeat'> {
  return { name: input.runName, timeoutMs: policy.verification.timeoutMs, heartbeat };
}

export function headCommit({ change, input }: VerificationWork): CommitTree {
  const { mirror, built } = change;
  return { mirror, objectDirectory: built.quarantine.objectDirectory, commit: input.effect.commit };
}

export function headTree(work: VerificationWork): Tree {
  return { ...headCommit(work), overlay: [] };
}

export function baseTree({ change, input }: VerificationWork): Tree {
  return { mirror: change.mirror, commit: input.effect.base, overlay: [] };
}
