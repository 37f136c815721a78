/**
 * Archives audit records: one artifact per batch, found by its digest in the state, or, after Temporal's retention period,
 * by the issue's name.
 */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { type AuditArchive, auditNote } from '../../contracts/audit-archive.ts';
import { issueName } from '../../domain/issue-ref.ts';
import type { SchedulerPorts } from './ports.ts';
import { putCanonical } from '../stored.ts';

export function archiveAudit({
  artifacts,
}: Pick<SchedulerPorts, 'artifacts'>): SchedulerActivities['archiveAudit'] {
  return async ({ context: { issue, generation }, records }) => {
    const archive: AuditArchive = { version: 1, issue: issueName(issue), generation, records };
    const digest = await putCanonical(artifacts, archive);
    await artifacts.note(auditNote(issue), digest);
    return { type: 'audit-archived', upTo: records.at(-1)?.seq ?? 0, digest };
  };
}
