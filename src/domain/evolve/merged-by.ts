/** Whose judgement a merge on GitHub is. A bot has none: it counts for the person whose approval it carried out, if there is one. */
import { type Actor, actorName } from '../actor.ts';
import { currentChange } from '../facts.ts';
import { approvalFor } from '../gate.ts';
import type { Account, ObservedPullRequest } from '../observation.ts';
import type { IssueState } from '../state.ts';
import { actorOf } from './person.ts';

export type MergedOnGitHub = NonNullable<ObservedPullRequest['merged']>;

export interface Merger {
  readonly by: Actor;
  /** The account that merged, if `by` only approved it. */
  readonly through?: string;
  readonly cause: string;
}

/** A reading without a type is older than bots were told from people: then only the name can tell. */
function accountOf({ by, type = 'User' }: MergedOnGitHub): Account {
  return { login: by, type };
}

export function isMergedByPerson(merged: MergedOnGitHub): boolean {
  return actorOf(accountOf(merged)).kind === 'person';
}

export function mergerOf(state: IssueState, head: string, merged: MergedOnGitHub): Merger {
  const by = actorOf(accountOf(merged));
  const cause = `merged by ${actorName(by)}`;
  if (by.kind === 'person') return { by, cause };
  const approval = head === currentChange(state)?.commit ? approvalFor(state, 'merge') : undefined;
  return approval?.by.kind === 'person'
    ? { by: approval.by, through: merged.by, cause: `${cause}, as ${approval.by.login} approved` }
    : { by, cause: `${cause}, without a valid approval` };
}
