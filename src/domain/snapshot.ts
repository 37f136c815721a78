/** The hidden last line of the status comment: preserves the facts of a workflow that Temporal no longer has. */
import { currentBase, currentChange, currentEvidence, currentRun, stageOf } from './facts.ts';
import type { EndedLife } from './generation.ts';
import { OTHER_ENDS, type Stage } from './stage.ts';
import type { IssueState } from './state.ts';
import { targetBranch } from './target.ts';

const OPENING = '<!-- signalbox:snapshot ';
const CLOSING = ' -->';
const ENDS: readonly Stage[] = ['release-verified', ...OTHER_ENDS];

export interface AuditAnchor {
  readonly records: number;
  readonly head: string;
}

/**
 * After the end, it also holds the end of the audit: whoever can write to the artifact store cannot write this comment.
 * Facts and digests only, no text by others. `--` is escaped, because it could end the HTML comment.
 */
export function snapshot(state: IssueState, { isEnded }: { readonly isEnded: boolean }): string {
  const { issue, generation, claim, pullRequest, merge } = state;
  const run = currentRun(state);
  const facts = {
    issue: issue.number,
    generation,
    stage: stageOf(state),
    branch: claim?.branch,
    base: currentBase(state),
    target: targetBranch(state),
    commit: currentChange(state)?.commit,
    evidence: currentEvidence(state)?.digest,
    run: run?.runId,
    pullRequest: pullRequest?.number,
    merge: merge?.commit,
    policy: state.policy?.digest,
    subject: state.subject?.digest,
    actsReadTo: state.actsReadTo,
    ...(isEnded ? { audit: { records: state.audit.nextSeq - 1, head: state.audit.head } } : {}),
  };
  return `${OPENING}${JSON.stringify(facts).replaceAll('--', '-\\u002d')}${CLOSING}`;
}

/**
 * The latest generation in our comments, if it has ended. It is only ever a reason to leave an issue alone that Temporal no
 * longer has, never a reason to act.
 */
export function endedLifeIn(comments: readonly string[]): EndedLife | undefined {
  const lives = comments.flatMap(comment => lifeIn(comment) ?? []);
  const latest = lives.reduce<Life | undefined>(
    (so, life) => (so === undefined || life.generation > so.generation ? life : so),
    undefined,
  );
  return latest?.ended === true
    ? { generation: latest.generation, actsReadTo: latest.actsReadTo }
    : undefined;
}

interface Life extends EndedLife {
  readonly ended: boolean;
}

/** The end of the audit according to a status comment; `undefined` while the life goes on, and in older comments. */
export function auditAnchorIn(comment: string): AuditAnchor | undefined {
  const { audit } = factsIn(comment);
  if (typeof audit !== 'object' || audit === null) return undefined;
  const { records, head } = audit as Readonly<Record<string, unknown>>;
  return isCount(records) && typeof head === 'string' ? { records, head } : undefined;
}

function factsIn(comment: string): Readonly<Record<string, unknown>> {
  const line = comment.split('\n').findLast(text => text.startsWith(OPENING) && text.endsWith(CLOSING));
  return line === undefined ? {} : parsed(line.slice(OPENING.length, -CLOSING.length));
}

function lifeIn(comment: string): Life | undefined {
  const { generation, stage, actsReadTo } = factsIn(comment);
  if (!isCount(generation) || !isCount(actsReadTo)) return undefined;
  return { generation, actsReadTo, ended: ENDS.some(end => end === stage) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
