/** The hash-chained record of every transition: actor, cause, stages before and after, and the digests it was bound to. */
import type { Actor } from './actor.ts';
import type { Judgement } from './decision.ts';
import { type Digest, digestOf } from './digest.ts';
import type { Stage } from './stage.ts';

export interface AuditEntry {
  readonly at: number;
  readonly from: Stage;
  readonly to: Stage;
  /** The hold after the transition; `none` when no one has to act. */
  readonly hold: string;
  readonly actor: Actor;
  readonly judgement: Judgement;
  /** What happened, as one readable line. */
  readonly cause: string;
  readonly digests: Readonly<Record<string, string>>;
}

export interface AuditRecord extends AuditEntry {
  readonly seq: number;
  readonly previous: Digest;
  readonly hash: Digest;
}

export interface AuditTrail {
  readonly nextSeq: number;
  readonly head: Digest;
  /** Records that are not archived yet. Archived records are in the artifact store. */
  readonly records: readonly AuditRecord[];
  readonly archives: readonly { readonly upTo: number; readonly digest: Digest }[];
}

/** A chain starts from the name and generation, so that a record fits into no other chain. */
export function newTrail(chainName: string): AuditTrail {
  return { nextSeq: 1, head: digestOf({ chain: chainName }), records: [], archives: [] };
}

export function append(trail: AuditTrail, entry: AuditEntry): AuditTrail {
  const body = { ...entry, seq: trail.nextSeq, previous: trail.head };
  const record: AuditRecord = { ...body, hash: digestOf(body) };
  return { ...trail, nextSeq: trail.nextSeq + 1, head: record.hash, records: [...trail.records, record] };
}

/** Drops the records that are now in the artifact store; the head of the chain stays. */
export function archived(
  trail: AuditTrail,
  archive: { readonly upTo: number; readonly digest: Digest },
): AuditTrail {
  return {
    ...trail,
    records: trail.records.filter(record => record.seq > archive.upTo),
    archives: [...trail.archives, archive],
  };
}

/** The first problem in a chain, or `undefined` when every record follows from its predecessor. */
export function auditProblem(records: readonly AuditRecord[], start: Digest): string | undefined {
  let head = start;
  for (const [index, record] of records.entries()) {
    const { hash, ...body } = record;
    if (record.seq !== index + 1) return `record ${index + 1}: has the number ${record.seq}`;
    if (record.previous !== head) return `record ${record.seq}: does not follow the previous record`;
    if (digestOf(body) !== hash) return `record ${record.seq}: was changed after it was written`;
    head = hash;
  }
  return undefined;
}
