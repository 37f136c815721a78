/** What a life left behind, and whether nothing of it is lost or there twice. */
import { thingsLeft } from '../../../demo/figures.ts';
import type { ArtifactStore, ArtifactDigest } from '../../../src/artifacts/port.ts';
import { chainProblem } from '../../../src/client/cli/audit-records.ts';
import type { AuditArchive } from '../../../src/contracts/audit-archive.ts';
import type { AuditRecord } from '../../../src/domain/audit.ts';
import type { Bucket } from './bucket.ts';
import type { Life } from './lives.ts';
import type { Outside } from '../../../demo/outside.ts';

const ARCHIVE_BYTES_MAX = 64 * 1024 * 1024;

export interface Outcome {
  readonly issue: string;
  readonly stage: string;
  readonly branches: number;
  readonly pullRequests: number;
  readonly merges: number;
  readonly statusComments: number;
  /** The gates that a person approved, in order. */
  readonly approvals: readonly string[];
  /** `complete`, or the first problem of the audit's chain. */
  readonly audit: string;
}

/** The outcome of an ended life, read at GitHub and in the store alone. */
export async function outcomeOf(
  life: Life,
  { outside, bucket }: { readonly outside: Outside; readonly bucket: Pick<Bucket, 'store'> },
): Promise<Outcome> {
  const { issue, view } = life;
  const records = await recordsOf(bucket.store, view.archives);
  const held = { seq: view.auditSeq, head: view.auditHead };
  const problem = chainProblem({ issue: view.issue, generation: view.generation, records, held });
  return {
    issue: view.issue,
    stage: view.stage,
    ...(await thingsLeft({ settings: settingsOf(outside), issue })),
    approvals: records.flatMap(record => approvalIn(record) ?? []),
    audit: problem ?? 'complete',
  };
}

/** What a released life must have left. */
export function released(issue: string): Outcome {
  return {
    ...{ issue, stage: 'release-verified', branches: 1, pullRequests: 1, merges: 1, statusComments: 1 },
    approvals: ['start', 'merge', 'release'],
    audit: 'complete',
  };
}

/** What a life must have left that its person cancelled before the first run. */
export function withdrawn(issue: string): Outcome {
  const nothing = { branches: 0, pullRequests: 0, merges: 0 };
  return { ...nothing, issue, stage: 'cancelled', statusComments: 1, approvals: [], audit: 'complete' };
}

async function recordsOf(store: ArtifactStore, digests: readonly string[]): Promise<readonly AuditRecord[]> {
  const archives = await Promise.all(
    digests.map(async digest => {
      const bytes = await store.get(digest as ArtifactDigest, ARCHIVE_BYTES_MAX);
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as AuditArchive;
    }),
  );
  return archives.flatMap(({ records }) => records);
}

/** A person approves the merge gate by a review, and the others by a command. */
function approvalIn({ cause }: AuditRecord): string | undefined {
  if (cause.endsWith('approved the pull request')) return 'merge';
  return /^\/approve at the (\w+) gate/.exec(cause)?.[1];
}

function settingsOf({ values }: Outside): Readonly<Record<string, string>> {
  return { GITHUB_API_URL: values['GITHUB_API_URL'] ?? '', GITHUB_TOKEN: values['GITHUB_TOKEN'] ?? '' };
}
