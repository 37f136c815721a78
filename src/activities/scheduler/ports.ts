/** What the scheduler's activities depend on. The worker's main composes it. */
import type { Logger } from 'pino';
import type { ArtifactStore } from '../../artifacts/port.ts';
import type { CommitMaker } from '../../config/commit-settings.ts';
import type { MergeLines } from '../../contracts/merge-lines.ts';
import type { Fetch, Network } from '../../host/network/network.ts';
import type { GitHub } from '../../github/client.ts';
import type { Notify } from '../../notify/webhook.ts';

export interface SchedulerPorts {
  readonly github: GitHub;
  /** The login under which we write comments. */
  readonly ownLogin: () => Promise<string>;
  readonly artifacts: ArtifactStore;
  /** Directory of the bare mirrors. */
  readonly mirrorsDir: string;
  /** For release probes. */
  readonly fetch: Fetch;
  /** The way of git to a server. */
  readonly gitAccess: Network['gitAccess'];
  /** Who builds the commits, and how they are signed. */
  readonly commitMaker: CommitMaker;
  /** Absent: the operator set no webhook. */
  readonly notify?: Notify;
  /** Absent: no lines are kept, and approved changes do not wait for each other. */
  readonly lines?: MergeLines;
  readonly logger: Logger;
}
