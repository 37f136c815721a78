/** An event of a supervised process, as text. */
import type { SupervisorEvent } from '../../../local/process-spec.ts';

export function processText(event: SupervisorEvent): string {
  switch (event.kind) {
    case 'started':
      return event.restarts === 0
        ? `started (process ${event.pid})`
        : `restarted (process ${event.pid}, restart ${event.restarts})`;
    case 'restarting':
      return `restarting in ${event.delayMs} ms`;
    case 'died':
      return `died (${event.signal ?? `exit ${event.code ?? '?'}`})`;
    case 'stopped':
      return 'stopped';
  }
}
