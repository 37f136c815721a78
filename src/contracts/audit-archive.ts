/** An archive of audit records as it lies in the artifact store: it names its chain, so it can be checked with nothing else. */
import type { AuditRecord } from '../domain/audit.ts';
import { type IssueRef, issueName } from '../domain/issue-ref.ts';

export interface AuditArchive {
  readonly version: 1;
  /** As the chain was begun with: upper and lower case count. */
  readonly issue: string;
  readonly generation: number;
  readonly records: readonly AuditRecord[];
}

/** Under this name the store notes the archives of an issue, of all its generations. */
export function auditNote(issue: IssueRef): string {
  return `audit/${issueName(issue).toLowerCase()}`;
}
