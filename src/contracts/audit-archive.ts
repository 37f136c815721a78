/** An archive of audit records as stored. It names its chain, so that it can be checked on its own. */
import type { AuditRecord } from '../domain/audit.ts';
import { type IssueRef, issueName } from '../domain/issue-ref.ts';

export interface AuditArchive {
  readonly version: 1;
  /** Spelled exactly as when the chain was started: case matters. */
  readonly issue: string;
  readonly generation: number;
  readonly records: readonly AuditRecord[];
}

/** The name under which the store notes the archives of all generations of an issue. */
export function auditNote(issue: IssueRef): string {
  return `audit/${issueName(issue).toLowerCase()}`;
}
