/** What the parts of one verification share. */
import type { EffectInput } from '../../contracts/activities.ts';
import type { Policy } from '../../domain/policy.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import type { Mirror } from '../../git/mirror.ts';
import type { ChecksInput } from './checks.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import type { CommitTree, Tree } from './trees.ts';

export interface VerificationPlan {
  /** Names the workspaces; unique among the verifications of this host. */
  readonly runName: string;
  readonly repository: RepositoryFacts;
  readonly policy: Policy;
  readonly effect: Pick<EffectInput<'verify-change'>['effect'], 'base' | 'commit' | 'files'>;
}

/** Where the objects of the base and of the commit are. */
export interface CheckedChange {
  readonly mirror: Mirror;
  readonly objectDirectory: string;
  /**
   * The base is a merge of changes that are not on the target branch. Its set-up is that of this commit, which is: nothing of
   * theirs may run with the network.
   */
  readonly setUpBase?: string;
}

export interface VerificationWork {
  readonly ports: RunnerPorts;
  readonly input: VerificationPlan;
  readonly policy: Policy;
  readonly heartbeat: Heartbeat;
  readonly change: CheckedChange;
}

export function common({
  input,
  policy,
  heartbeat,
}: VerificationWork): Pick<ChecksInput, 'name' | 'timeoutMs' | 'heartbeat'> {
  return { name: input.runName, timeoutMs: policy.verification.timeoutMs, heartbeat };
}

export function headCommit({ change, input }: VerificationWork): CommitTree {
  const { mirror, objectDirectory } = change;
  return { mirror, objectDirectory, commit: input.effect.commit };
}

export function headTree(work: VerificationWork): Tree {
  return { ...headCommit(work), overlay: [] };
}

export function baseTree({ change, input }: VerificationWork): Tree {
  const { mirror, objectDirectory, setUpBase } = change;
  const built = setUpBase === undefined ? {} : { objectDirectory };
  return { mirror, ...built, commit: input.effect.base, overlay: [] };
}

export function setUpTree({ change: { mirror, setUpBase }, input }: VerificationWork): Tree {
  return { mirror, commit: setUpBase ?? input.effect.base, overlay: [] };
}
