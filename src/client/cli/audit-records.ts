/** Reads all audit records of a life: archived ones from the artifact store, newer ones from the workflow. */
import { type AuditArchive, auditNote } from '../../contracts/audit-archive.ts';
import { type AuditRecord, auditProblem, newTrail } from '../../domain/audit.ts';
import { chainName } from '../../domain/begin.ts';
import { type IssueRef, issueName, parseIssueRef } from '../../domain/issue-ref.ts';
import { isEnd } from '../../domain/stage.ts';
import type { IssueView } from '../../domain/view.ts';
import type { Temporal } from '../temporal/connection.ts';
import type { KnownIssue } from '../temporal/look.ts';
import { storyOf } from '../temporal/story.ts';
import { artifactText, notedArtifacts } from './artifacts.ts';
import type { Cli } from './cli.ts';

export interface AuditReading {
  readonly issue: string;
  readonly generation: number;
  readonly records: readonly AuditRecord[];
  /** The end of the chain according to the workflow; absent when only the store was read. */
  readonly held?: { readonly seq: number; readonly head: string };
}

export interface AuditQuestion {
  readonly temporal: Temporal;
  readonly issue: IssueRef;
  readonly known: KnownIssue & { readonly view: IssueView };
}

/** Queries a worker only for records that are not archived yet. */
export async function auditRecords(cli: Cli, question: AuditQuestion): Promise<AuditReading> {
  const { temporal, issue, known } = question;
  const archivedNow = await archivedRecords(cli, known.view.archives);
  if ((archivedNow.at(-1)?.seq ?? 0) >= known.view.auditSeq) return readingOf(known.view, archivedNow);
  const story = await storyOf(temporal, issue);
  const archived =
    story.view.archives.length === known.view.archives.length
      ? archivedNow
      : await archivedRecords(cli, story.view.archives);
  return readingOf(story.view, [...archived, ...story.records]);
}

/** The archived chain of each generation, oldest first, from the store alone. */
export async function archivedLives(cli: Cli, issue: IssueRef): Promise<readonly AuditReading[]> {
  const digests = await notedArtifacts(cli, auditNote(issue));
  const read = await Promise.all(digests.map(digest => archiveOf(cli, digest)));
  const archives = read.filter(archive => isOf(issue, archive));
  const generations = [...new Set(archives.map(({ generation }) => generation))].sort((a, b) => a - b);
  return generations.map(generation => {
    const own = archives.filter(archive => archive.generation === generation);
    const records = own.flatMap(archive => archive.records).sort((a, b) => a.seq - b.seq);
    return { issue: own[0]?.issue ?? issueName(issue), generation, records };
  });
}

/** The first problem of the chain or of its end; `undefined` when the chain is complete. */
export function chainProblem({ issue: name, generation, records, held }: AuditReading): string | undefined {
  const issue = parseIssueRef(name);
  if (issue === undefined) return `the records do not name an issue: ${name}`;
  const start = newTrail(chainName({ issue, generation })).head;
  const problem = auditProblem(records, start);
  if (problem !== undefined) return problem;
  return held === undefined ? endProblem(records) : heldProblem(records, held, start);
}

function heldProblem(
  records: readonly AuditRecord[],
  held: NonNullable<AuditReading['held']>,
  start: string,
): string | undefined {
  if (records.length !== held.seq)
    return `${records.length} records found, but the workflow counts ${held.seq}`;
  const head = records.at(-1)?.hash ?? start;
  return head === held.head ? undefined : "the last record is not the workflow's head";
}

/** The records of a finished life contain its end. audit-anchor.ts compares it with what is outside of the store. */
function endProblem(records: readonly AuditRecord[]): string | undefined {
  const last = records.at(-1);
  return last !== undefined && isEnd(last.to) ? undefined : "the records stop before the issue's end";
}

function readingOf(view: IssueView, records: readonly AuditRecord[]): AuditReading {
  const { issue, generation, auditSeq: seq, auditHead: head } = view;
  return { issue, generation, records, held: { seq, head } };
}

async function archivedRecords(cli: Cli, digests: readonly string[]): Promise<readonly AuditRecord[]> {
  const archives = await Promise.all(digests.map(digest => archiveOf(cli, digest)));
  return archives.flatMap(({ records }) => records);
}

/** A note is only a claim. Records that do not follow from each other are found by the verification. */
function isOf(issue: IssueRef, archive: Partial<AuditArchive> | null): boolean {
  return (
    typeof archive?.issue === 'string' &&
    archive.issue.toLowerCase() === issueName(issue).toLowerCase() &&
    Number.isSafeInteger(archive.generation) &&
    Array.isArray(archive.records)
  );
}

/** The store checks the digest, and we wrote the bytes, so they are not validated. */
async function archiveOf(cli: Cli, digest: string): Promise<AuditArchive> {
  return JSON.parse(await artifactText(cli, digest, 'the audit archive')) as AuditArchive;
}
