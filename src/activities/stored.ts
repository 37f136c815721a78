/** Reads and writes artifacts that the domain refers to by digest: policies, issue snapshots, change manifests. */
import { z } from 'zod';
import { getJson } from '../artifacts/json.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import {
  CHECK_OUTPUT_BYTES_MAX,
  CHECK_OUTPUT_CHARS_MAX,
  POLICY_BYTES_MAX,
  REVIEW_BYTES_MAX,
  REVIEW_CHARS_MAX,
  REVIEW_LINES_BYTES_MAX,
  SNAPSHOT_BYTES_MAX,
  SUGGESTIONS_BYTES_MAX,
} from '../contracts/bounds.ts';
import {
  defaultManifestLimits,
  type Manifest,
  manifestBytesMax,
  parseManifest,
} from '../contracts/change-manifest.ts';
import { type ReviewLines, reviewLinesSchema } from '../contracts/review-lines.ts';
import { type Suggestions, suggestionsSchema } from '../contracts/suggestions.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { type Contract, parseContract } from '../domain/contract.ts';
import type { Digest } from '../domain/digest.ts';
import type { Policy } from '../domain/policy.ts';
import { PermanentFailure } from './effect-failure.ts';

/** Stores canonical JSON, so that the store's digest equals the domain's digest of the value. */
export async function putCanonical(artifacts: ArtifactStore, value: unknown): Promise<Digest> {
  return await artifacts.put(Buffer.from(canonicalJson(value), 'utf8'), 'application/json');
}

/** Needs no schema: the policy was parsed before it was stored, and the digest proves that it is unchanged. */
export async function loadPolicy(artifacts: ArtifactStore, digest: Digest | undefined): Promise<Policy> {
  if (digest === undefined)
    throw new PermanentFailure('Unexpected', 'the step started before the policy was read');
  const values = await getJson(artifacts, {
    digest,
    bytesMax: POLICY_BYTES_MAX,
    schema: z.custom<Omit<Policy, 'digest'>>(),
  });
  return { ...values, digest };
}

/** The issue's text with hidden characters made visible. Runs and approvals are bound to its digest. */
export const snapshotSchema = z.strictObject({ version: z.literal(1), title: z.string(), body: z.string() });
export type Snapshot = z.infer<typeof snapshotSchema>;

export interface StoredIssue {
  readonly snapshot: Snapshot;
  readonly contract: Contract;
  /** What belongs to no field of the contract. */
  readonly other: string;
}

export async function loadSnapshot(artifacts: ArtifactStore, digest: Digest): Promise<Snapshot> {
  return await getJson(artifacts, { digest, bytesMax: SNAPSHOT_BYTES_MAX, schema: snapshotSchema });
}

/** The snapshot, and the contract parsed from exactly that text, with the headings of the policy. */
export async function loadIssue(
  artifacts: ArtifactStore,
  digest: Digest,
  policy: Pick<Policy, 'contract'>,
): Promise<StoredIssue> {
  const snapshot = await loadSnapshot(artifacts, digest);
  const { headings = {} } = policy.contract ?? {};
  const { contract, other } = parseContract(snapshot.body, { headings });
  return { snapshot, contract, other };
}

export async function loadManifest(
  artifacts: ArtifactStore,
  digest: Digest,
): Promise<Manifest | { readonly problem: string }> {
  const bytes = await artifacts.get(digest, manifestBytesMax(defaultManifestLimits));
  return parseManifest(Buffer.from(bytes), defaultManifestLimits);
}

export async function putReview(artifacts: ArtifactStore, text: string): Promise<Digest> {
  return await artifacts.put(Buffer.from(text.slice(0, REVIEW_CHARS_MAX), 'utf8'), 'text/plain');
}

export async function putCheckOutput(artifacts: ArtifactStore, text: string): Promise<Digest> {
  return await artifacts.put(Buffer.from(text.slice(0, CHECK_OUTPUT_CHARS_MAX), 'utf8'), 'text/plain');
}

export async function loadCheckOutput(artifacts: ArtifactStore, digest: Digest): Promise<string> {
  return Buffer.from(await artifacts.get(digest, CHECK_OUTPUT_BYTES_MAX)).toString('utf8');
}

export async function loadReview(artifacts: ArtifactStore, digest: Digest): Promise<string> {
  return Buffer.from(await artifacts.get(digest, REVIEW_BYTES_MAX)).toString('utf8');
}

export async function loadReviewLines(artifacts: ArtifactStore, digest: Digest): Promise<ReviewLines> {
  return await getJson(artifacts, { digest, bytesMax: REVIEW_LINES_BYTES_MAX, schema: reviewLinesSchema });
}

export async function loadSuggestions(artifacts: ArtifactStore, digest: Digest): Promise<Suggestions> {
  return await getJson(artifacts, { digest, bytesMax: SUGGESTIONS_BYTES_MAX, schema: suggestionsSchema });
}
