/** The way out of this host's set-ups: through the egress proxy of SIGNALBOX_SETUP_PROXY, or directly without one. */
import { type Dial, dialDirectly } from '../box/egress/dial.ts';
import { dialThrough } from '../box/egress/dial-through.ts';
import { resolveHost } from '../box/egress/resolve.ts';
import type { ProcessSettings } from '../config/environment.ts';

export function wayOut(settings: ProcessSettings): Dial {
  const { SIGNALBOX_SETUP_PROXY: proxy, SIGNALBOX_SETUP_PRIVATE_HOSTS: privateAllowed } = settings;
  return proxy === undefined
    ? dialDirectly({ resolve: resolveHost, privateAllowed })
    : dialThrough(new URL(proxy));
}
