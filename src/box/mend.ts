/** What a person can do about a box that does not hold, by the probe that got through. */
import type { ProbeResult } from './self-test.ts';

/** One sentence for each cause, not for each probe. */
export function mendsFor(failed: readonly ProbeResult[]): readonly string[] {
  return [...new Set(failed.map(({ probe }) => mendOf(probe)))];
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

function mendOf(probe: string): string {
  if (probe.startsWith('system-call'))
    return 'use bubblewrap 0.5 or newer on a Linux kernel with seccomp filters (x64 or arm64)';
  return (
    MENDS[probe] ?? 'run the runner on a host, or in a container, whose kernel lets bubblewrap work whole'
  );
}

const MENDS: Readonly<Record<string, string>> = {
  network: 'allow network namespaces, and let nothing stand in for bubblewrap (SIGNALBOX_BUBBLEWRAP)',
  'inherited-descriptors': 'start the runner with no open descriptor beside its three streams',
  'own-uid': 'let root change its user id (setpriv), or run the runner as an ordinary user',
  'new-namespaces': 'use bubblewrap 0.8 or newer, which can forbid further user namespaces',
};
