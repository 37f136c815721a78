/** Health of the demo's services, at SIGNALBOX_HEALTH_LISTEN as for the product's processes. */
import type { ListenAddress } from '../../src/host/listening.ts';
import { openSignals, type Signals } from '../../src/telemetry/signals.ts';

export async function demoSignals(
  process: string,
  { SIGNALBOX_HEALTH_LISTEN: listen }: { readonly SIGNALBOX_HEALTH_LISTEN?: ListenAddress | undefined },
): Promise<Signals> {
  return await openSignals({ process, version: 'demo', listen });
}

export function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
