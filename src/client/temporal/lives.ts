/** The lives of issues as Temporal has them: whether there is one, and what the next generation must know of an ended one. */
import type { IssueLives } from '../../contracts/issue-lives.ts';
import { type EndedLife, FIRST_GENERATION } from '../../domain/generation.ts';
import { type IssueRef, parseIssueRef, type RepositoryRef } from '../../domain/issue-ref.ts';
import type { Facet } from '../../domain/observation.ts';
import type { Stage } from '../../domain/stage.ts';
import type { IssueView } from '../../domain/view.ts';
import type { Temporal } from './connection.ts';
import { beginAgain, pokeIssue, tellIssue } from './issues.ts';
import { listIssues } from './list.ts';
import { lookAtIssue } from './look.ts';

/** What the list of issues can tell of; a pull request changes without its issue. */
const LISTED: readonly Facet[] = ['issue', 'comments'];
const ALL_READ: readonly Facet[] = [...LISTED, 'pull-request'];

/** `using` lends a connection for one call. */
export function issueLives(using: <T>(call: (temporal: Temporal) => Promise<T>) => Promise<T>): IssueLives {
  return {
    startOrPoke: issue => using(temporal => startOrPoke(temporal, issue)),
    wakeInMotion: repository => using(temporal => wakeInMotion(temporal, repository)),
    isKnown: issue => using(async temporal => (await lookAtIssue(temporal, issue)).kind !== 'unknown'),
    begin: (issue, beginning) => using(temporal => beginAgain(temporal, issue, beginning)),
  };
}

async function startOrPoke(temporal: Temporal, issue: IssueRef): Promise<'delivered' | EndedLife> {
  if ((await pokeIssue(temporal, issue, LISTED)) === 'delivered') return 'delivered';
  const look = await lookAtIssue(temporal, issue);
  return endedLife(look.kind === 'closed' ? look.view : undefined);
}

/** Past the start gate and before the end: what waits there for months costs nothing, what is here costs a look. */
const IN_MOTION: readonly Stage[] = ['claimed', 'working', 'pr', 'merged'];
const WOKEN_MAX = 500;

async function wakeInMotion(temporal: Temporal, repository: RepositoryRef): Promise<number> {
  let woken = 0;
  for (const stage of IN_MOTION) {
    const { issues } = await listIssues(temporal, { repository, stage }, { issuesMax: WOKEN_MAX });
    for (const listed of issues) {
      const issue = parseIssueRef(listed.issue);
      if (issue !== undefined && (await tellIssue(temporal, issue, ALL_READ)) === 'delivered') woken += 1;
    }
  }
  return woken;
}

/** A workflow that was ended before it ever ran tells nothing: no act that we can see is newer than it. */
export function endedLife(view: IssueView | undefined): EndedLife {
  return view ?? { generation: FIRST_GENERATION, actsReadTo: Number.MAX_SAFE_INTEGER };
}
