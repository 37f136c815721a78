/** Follows an issue: yields each audit record once, with the current view. Waits while no scheduler answers. */
import { ClientProblem } from '../src/client/temporal/client-problem.ts';
import { connectTemporal, type Temporal, temporalSettings } from '../src/client/temporal/connection.ts';
import { lookAtKnown } from '../src/client/temporal/look.ts';
import { storyOf } from '../src/client/temporal/story.ts';
import type { Environment } from '../src/config/environment.ts';
import type { AuditArchive } from '../src/contracts/audit-archive.ts';
import type { AuditRecord } from '../src/domain/audit.ts';
import type { IssueRef } from '../src/domain/issue-ref.ts';
import type { IssueView } from '../src/domain/view.ts';
import { artifactText } from './artifacts.ts';

const POLL_MS = 100;
/** A query waits for a worker. After a worker was killed, the timeline must not stop for long. */
const STORY_TIMEOUT_MS = 2_000;

export interface Chapter {
  readonly records: readonly AuditRecord[];
  readonly view: IssueView;
  readonly ended: boolean;
}

export interface Followed {
  /** Temporal's settings, by environment variable. */
  readonly temporal: Environment;
  /** The settings of the processes that store artifacts, by environment variable. */
  readonly storedBy: Environment;
  readonly issue: IssueRef;
}

/** Yields a chapter when something is new; the last one is `ended`. Returns when the signal aborts. */
export async function* follow(followed: Followed, signal: AbortSignal): AsyncGenerator<Chapter> {
  const temporal = await connectTemporal(temporalSettings(followed.temporal));
  let shownSeq = 0;
  let lastView = '';
  try {
    while (!signal.aborted) {
      const found = await chapter(temporal, followed);
      if (found !== undefined) {
        const records = found.records.filter(record => record.seq > shownSeq);
        const now = JSON.stringify(found.view);
        shownSeq = Math.max(shownSeq, ...records.map(record => record.seq));
        if (records.length > 0 || now !== lastView || found.ended) yield { ...found, records };
        lastView = now;
        if (found.ended) return;
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  } finally {
    await temporal.close();
  }
}

async function chapter(temporal: Temporal, { issue, storedBy }: Followed): Promise<Chapter | undefined> {
  try {
    const { kind, view } = await lookAtKnown(temporal, issue);
    if (kind === 'closed' && view !== undefined)
      return { view, records: await archived(storedBy, view.archives), ended: true };
    return { ...(await storyOf(temporal, issue, STORY_TIMEOUT_MS)), ended: false };
  } catch (error) {
    if (error instanceof ClientProblem) return undefined;
    throw error;
  }
}

/** After the end, all audit records are in the artifact store. */
async function archived(storedBy: Environment, digests: readonly string[]): Promise<readonly AuditRecord[]> {
  const texts = await Promise.all(digests.map(digest => artifactText(storedBy, digest)));
  return texts.flatMap(text => (JSON.parse(text) as AuditArchive).records);
}
