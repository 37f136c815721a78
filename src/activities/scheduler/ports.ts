/** What the scheduler's activities depend on. The worker's main composes it. */
import type { Logger } from 'pino';
import type { ArtifactStore } from '../../artifacts/port.ts';
import type { GitHub } from '../../github/client.ts';

export interface SchedulerPorts {
  readonly github: GitHub;
  /** The login under which we write comments. */
  readonly ownLogin: () => Promise<string>;
  readonly artifacts: ArtifactStore;
  /** Directory of the bare mirrors. */
  readonly mirrorsDir: string;
  readonly logger: Logger;
}
