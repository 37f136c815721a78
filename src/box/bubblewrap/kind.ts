/** The kind of box that bubblewrap makes from the host's own programs, the default. */
import { ownNode } from '../contents.ts';
import type { BoxKind } from '../kind.ts';
import { sweepControlGroups } from './control-group.ts';
import { detectBubblewrap } from './detect.ts';
import { startBubblewrap } from './start.ts';
import type { BubblewrapChoice, BubblewrapTier } from './tier.ts';

interface BubblewrapSettings {
  readonly SIGNALBOX_BUBBLEWRAP?: string | undefined;
}

export const bubblewrap: BoxKind<BubblewrapSettings, BubblewrapChoice, BubblewrapTier> = {
  name: 'bubblewrap',
  choose: ({ SIGNALBOX_BUBBLEWRAP: bubblewrapPath }) =>
    bubblewrapPath === undefined ? {} : { bubblewrapPath },
  detect: detectBubblewrap,
  sweep: async ({ controlGroups }) => {
    if (controlGroups !== undefined) await sweepControlGroups(controlGroups);
  },
  start: startBubblewrap,
  nodeInBox: ownNode,
  takesOverlays: ({ privileged }) => privileged,
  madeWith: () => '',
  programs: () => ({}),
  fixes: {
    'system-call': 'use bubblewrap 0.5 or newer on a Linux kernel with seccomp filters (x64 or arm64)',
    network: 'allow network namespaces, and do not substitute a wrapper for bwrap (SIGNALBOX_BUBBLEWRAP)',
    'own-uid': 'allow root to change its user id (setpriv), or run the runner as an ordinary user',
    'new-namespaces': 'use bubblewrap 0.8 or newer, which can forbid new user namespaces',
    otherwise:
      'run the runner on a host, or in a container, that allows all namespaces and mounts of bubblewrap',
  },
};
