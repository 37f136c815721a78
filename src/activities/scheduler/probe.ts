/** One release probe: a request to an address that the policy of the default branch names. */
import type { ReleaseFacts } from '../../domain/state/release.ts';
import type { Fetch } from '../../host/network/network.ts';
import { networkTrouble } from '../../host/network/trouble.ts';

const PROBE_TIMEOUT_MS = 10_000;

/**
 * Without a credential, and without following a redirect: the answer of the named address counts, not that of another. The
 * maintainers name it, so it may be a private address. Through a proxy, the proxy resolves the name.
 */
export async function probe(fetch: Fetch, url: string): Promise<ReleaseFacts['probes'][number]> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await answer.body?.cancel();
    return { url, ok: answer.ok, found: `status ${answer.status}` };
  } catch (error) {
    const trouble = networkTrouble(error);
    if (trouble !== undefined) return { url, ok: false, found: `${trouble.what}; ${trouble.fix}` };
    return { url, ok: false, found: error instanceof Error ? error.message : 'no response' };
  }
}
