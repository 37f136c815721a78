/** What a person can do about a box that does not hold, by the probe that got through. */
import type { ProbeResult } from './self-test.ts';
import type { BoxTier } from './tier.ts';

/** One sentence for each cause, not for each probe. */
export function mendsFor(failed: readonly ProbeResult[], tier: BoxTier): readonly string[] {
  const mends = MENDS[tier.name];
  return [...new Set(failed.map(({ probe }) => mendOf(probe, mends)))];
}

/** The probes that got through, by name; many system calls are one cause. */
export function namesOf(failed: readonly ProbeResult[]): string {
  const calls = failed.filter(({ probe }) => probe.startsWith(SYSTEM_CALL));
  const others = failed.filter(probe => !calls.includes(probe)).map(({ probe }) => probe);
  const [first] = calls;
  if (first === undefined) return others.join(', ');
  const more = calls.length === 1 ? '' : ` and ${calls.length - 1} more`;
  return [...others, `${first.probe}${more}`].join(', ');
}

const SYSTEM_CALL = 'system-call ';

type Mends = Readonly<Record<string, string>> & {
  readonly 'system-call': string;
  readonly otherwise: string;
};

function mendOf(probe: string, mends: Mends): string {
  if (probe.startsWith('system-call')) return mends['system-call'];
  return mends[probe] ?? mends.otherwise;
}

const DESCRIPTORS = 'start the runner with no open descriptor beside its three streams';

const OF_BUBBLEWRAP: Mends = {
  'system-call': 'use bubblewrap 0.5 or newer on a Linux kernel with seccomp filters (x64 or arm64)',
  network: 'allow network namespaces, and let nothing stand in for bubblewrap (SIGNALBOX_BUBBLEWRAP)',
  'inherited-descriptors': DESCRIPTORS,
  'own-uid': 'let root change its user id (setpriv), or run the runner as an ordinary user',
  'new-namespaces': 'use bubblewrap 0.8 or newer, which can forbid further user namespaces',
  otherwise: 'run the runner on a host, or in a container, whose kernel lets bubblewrap work whole',
};

const OF_CONTAINERS: Mends = {
  'system-call': 'use an engine that applies seccomp profiles, on x64 or arm64',
  'inherited-descriptors': DESCRIPTORS,
  'own-uid':
    'run the runner where the engine runs, with the same files and no mapping of user ids (userns-remap), or as the user of a rootless Podman',
  otherwise: 'use an engine of this very host, with its own runtime and no options beside ours',
};

const WEAKER =
  'leave SIGNALBOX_BOX at bubblewrap, which holds against it; SIGNALBOX_BOX_STRICT=false takes the agent’s own sandbox as it is';

/** It holds what Codex made it for. Nothing is wrong with the host. */
const OF_AGENT_SANDBOX: Mends = {
  'system-call': WEAKER,
  otherwise: WEAKER,
};

const MENDS: Readonly<Record<BoxTier['name'], Mends>> = {
  bubblewrap: OF_BUBBLEWRAP,
  none: OF_BUBBLEWRAP,
  container: OF_CONTAINERS,
  'agent-sandbox': OF_AGENT_SANDBOX,
};
