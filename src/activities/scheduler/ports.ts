/** What the scheduler's activities are given by the workers: they compose nothing themselves. */
import type { Logger } from 'pino';
import type { ArtifactStore } from '../../artifacts/port.ts';
import type { GitHub } from '../../github/client.ts';

export interface SchedulerPorts {
  readonly github: GitHub;
  /** The login that our own comments carry. */
  readonly ownLogin: () => Promise<string>;
  readonly artifacts: ArtifactStore;
  /** Directory of the bare mirrors. */
  readonly mirrorsDir: string;
  readonly logger: Logger;
}
