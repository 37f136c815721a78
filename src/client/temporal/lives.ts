/** Implements `IssueLives` over Temporal: starts and pokes issues, and reports what the next generation needs of an ended one. */
import type { IssueLives } from '../../contracts/issue-lives.ts';
import { type EndedLife, FIRST_GENERATION } from '../../domain/generation.ts';
import { type IssueRef, parseIssueRef, type RepositoryRef } from '../../domain/issue-ref.ts';
import type { Facet } from '../../domain/observation.ts';
import type { Stage } from '../../domain/stage.ts';
import type { IssueView } from '../../domain/view.ts';
import type { Temporal, Using } from './connection.ts';
import { beginAgain, pokeIssue, pokeRunningIssue } from './issues.ts';
import { listIssues } from './list.ts';
import { lookAtIssue } from './look.ts';

/** The facets whose changes show in GitHub's list of issues; a pull request changes without its issue. */
const LISTED: readonly Facet[] = ['issue', 'comments'];
const ALL_READ: readonly Facet[] = [...LISTED, 'pull-request'];

export function issueLives(using: Using): IssueLives {
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

/** Stages between the start gate and the end. Only these are woken: each wake costs a look, and an issue in triage may wait for months. */
const IN_MOTION: readonly Stage[] = ['claimed', 'working', 'pr', 'merged'];
const WOKEN_MAX = 500;

async function wakeInMotion(temporal: Temporal, repository: RepositoryRef): Promise<number> {
  let woken = 0;
  for (const stage of IN_MOTION) {
    const { issues } = await listIssues(temporal, { repository, stage }, { issuesMax: WOKEN_MAX });
    for (const listed of issues) {
      const issue = parseIssueRef(listed.issue);
      if (
        issue !== undefined &&
        (await pokeRunningIssue(temporal, issue, { facets: ALL_READ })) === 'delivered'
      )
        woken += 1;
    }
  }
  return woken;
}

/** A workflow that ended before it ran has no view: then every act on GitHub counts as read. */
export function endedLife(view: IssueView | undefined): EndedLife {
  return view ?? { generation: FIRST_GENERATION, actsReadTo: Number.MAX_SAFE_INTEGER };
}
