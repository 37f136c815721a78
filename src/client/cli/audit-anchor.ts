/**
 * The end of an audit as the status comment on GitHub holds it: the only copy outside of the artifact store once Temporal
 * has deleted the workflow.
 */
import { type IssueRef, parseIssueRef } from '../../domain/issue-ref.ts';
import { statusMarker } from '../../domain/projection.ts';
import { type AuditAnchor, auditAnchorIn } from '../../domain/snapshot.ts';
import { listComments } from '../../github/comments.ts';
import { GitHubFailure } from '../../github/failure.ts';
import type { AuditReading } from './audit-records.ts';
import type { Cli } from './cli.ts';
import { lineOf } from './exit.ts';
import { personsGitHub } from './github.ts';

export interface FoundAnchor extends AuditAnchor {
  /** The author of the comment. Anyone can write a comment; only a person can say whose account is ours. */
  readonly by: string;
}

/** Every comment that claims to be the status comment of this generation, or why none could be read. */
export type Anchors = { readonly found: readonly FoundAnchor[] } | { readonly why: string };

export async function anchorsOf(cli: Cli, { issue: name, generation }: AuditReading): Promise<Anchors> {
  const issue = parseIssueRef(name);
  const github = personsGitHub(cli);
  if (issue === undefined || github === undefined)
    return { why: 'set GITHUB_TOKEN to compare them with the status comment on GitHub' };
  try {
    const { owner, repo, number } = issue;
    const comments = await listComments(github, { owner, repo, issue: number });
    return { found: comments.flatMap(({ author: by, body }) => anchorIn(body, { issue, generation, by })) };
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    return { why: `the status comment on GitHub cannot be read: ${lineOf(error)}` };
  }
}

interface Place {
  readonly issue: IssueRef;
  readonly generation: number;
  readonly by: string;
}

function anchorIn(body: string, { issue, generation, by }: Place): readonly FoundAnchor[] {
  if (!body.includes(statusMarker({ issue, generation }))) return [];
  const anchor = auditAnchorIn(body);
  return anchor === undefined ? [] : [{ ...anchor, by }];
}

/** Every comment must confirm the records: of two that differ, one is forged, and which one is for a person to say. */
export function anchorProblem({ records }: AuditReading, anchors: Anchors): string | undefined {
  if ('why' in anchors) return `nothing outside of the artifact store confirms the records; ${anchors.why}`;
  if (anchors.found.length === 0)
    return 'nothing outside of the artifact store confirms the records; the status comment on GitHub does not name their end';
  const head = records.at(-1)?.hash ?? '';
  const other = anchors.found.find(one => one.head !== head || one.records !== records.length);
  return other === undefined
    ? undefined
    : `the status comment by ${other.by} names ${other.records} records that end in ${other.head.slice(0, 19)}, but ${records.length} were found that end in ${head.slice(0, 19)}`;
}

/** Appended to the result: people know which account is that of their installation. */
export function confirmedBy(anchors: Anchors): string {
  const authors = 'why' in anchors ? [] : anchors.found.map(({ by }) => by);
  return `, as in the status comment by ${[...new Set(authors)].join(', ')}`;
}
