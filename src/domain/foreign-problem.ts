/** Why a word about the commits of others on our branch cannot be accepted now. */
import { adoptionProblem, droppedBy, foreignChoices, foreignHead, namedInRetry } from './adoption.ts';
import type { DecisionRequest } from './decision.ts';
import { commitsText, namesHead, shortHead } from './foreign-head.ts';
import type { IssueState } from './state.ts';

export interface HeadProblem {
  readonly code: 'not-now' | 'no-digest' | 'stale-digest';
  readonly message: string;
}

export function adoptProblem(state: IssueState, { head: named }: DecisionRequest): HeadProblem | undefined {
  if (state.paused !== undefined) return notNow('the issue is paused; /resume first');
  const adopted = state.adoption?.head;
  if (adopted !== undefined && named !== undefined && namesHead(named, adopted))
    return notNow(`${shortHead(adopted)} is being adopted already`);
  const found = foreignHead(state);
  if (found === undefined) return notNow('the branch has no commits by others');
  const { head, known } = found;
  const problem = adoptionProblem(known);
  if (problem !== undefined) return notNow(`the head ${shortHead(head)} cannot be adopted: ${problem}`);
  if (named === undefined)
    return { code: 'no-digest', message: `name the head that you adopt: /adopt ${shortHead(head)}` };
  return namesHead(named, head) ? undefined : otherHead(head, named);
}

/**
 * A retry would not remove the commits of others, so it names their head to give them up. What a push found can have changed
 * since: then the push is tried again.
 */
export function dropProblem(state: IssueState, reason: string | undefined): HeadProblem | undefined {
  const found = foreignHead(state);
  if (found === undefined || droppedBy(state, reason) !== undefined) return undefined;
  const { head, known } = found;
  const { head: named } = namedInRetry(reason);
  if (named !== undefined) return otherHead(head, named);
  if (state.branchFound !== undefined) return undefined;
  const what = known === undefined ? 'commits' : commitsText(known);
  return notNow(`the branch has ${what}, which a retry leaves there. ${foreignChoices(known, head)}`);
}

function otherHead(head: string, named: string): HeadProblem {
  const [is, said] = [shortHead(head), named.slice(0, head.length)];
  return { code: 'stale-digest', message: `the head of the branch is ${is}, not ${said}` };
}

function notNow(message: string): HeadProblem {
  return { code: 'not-now', message };
}
