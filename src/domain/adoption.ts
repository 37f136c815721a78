/** Commits of others on our branch: whether there are any, what a person may say about them, and what becomes of it. */
import {
  commitsText,
  FOREIGN_AUTHORS_MAX,
  FOREIGN_COMMITS_MAX,
  type ForeignHead,
  isHeadName,
  namesHead,
  shortHead,
} from './foreign-head.ts';
import { omit } from './omit.ts';
import type { IssueState } from './state.ts';

/** The head of the branch that others left, until a person has decided about it; `known` once its commits were read. */
export function foreignHead(
  state: IssueState,
): { readonly head: string; readonly known?: ForeignHead } | undefined {
  const { pullRequest, branchFound, merge } = state;
  if (merge !== undefined) return undefined;
  if (branchFound !== undefined)
    return branchFound.head === replacedHead(state)
      ? undefined
      : { head: branchFound.head, known: branchFound };
  if (pullRequest === undefined || pullRequest.merged !== null) return undefined;
  const { head, foreign } = pullRequest;
  if (headIsOurs(state, head)) return undefined;
  return foreign?.head === head ? { head, known: foreign } : { head };
}

/** The head of others that the next push replaces, because a person adopted it or gave it up. */
export function replacedHead({ adoption, dropped }: IssueState): string | undefined {
  return adoption?.head ?? dropped;
}

/** The head is pushed, is being pushed, may be replaced, or comes from a look before the push was visible. */
function headIsOurs(state: IssueState, head: string): boolean {
  const { pushed, pushedBefore, pushSent, sent, due } = state;
  if (head === pushed || head === replacedHead(state)) return true;
  if (sent?.kind === 'push-commit' && head === sent.commit) return true;
  return (head === pushedBefore || head === pushSent) && due['pull-request'] !== undefined;
}

/** Heads whose commits a look need not read. */
export function knownHeads(state: IssueState): readonly string[] {
  const { pushed, pushSent, pullRequest } = state;
  const heads = [pushed, pushSent, replacedHead(state), pullRequest?.foreign?.head];
  return heads.filter(head => head !== undefined);
}

/** The commit that we left on the branch. */
export function ownHead({ pushed, claim }: IssueState): string | undefined {
  return pushed ?? claim?.base;
}

/** Why these commits cannot be adopted. */
export function adoptionProblem(known: ForeignHead | undefined): string | undefined {
  if (known === undefined) return 'its commits have not been read yet; try again in a moment';
  if (!known.isOnOurs) return 'the branch was replaced: it does not contain the commit of Signalbox any more';
  if (known.total > FOREIGN_COMMITS_MAX)
    return `it has ${known.total} commits, but at most ${FOREIGN_COMMITS_MAX} can be adopted; squash them`;
  return known.isCrowd === true
    ? `its commits have more than ${FOREIGN_AUTHORS_MAX} authors, which is the most that can be adopted`
    : undefined;
}

/** What the branch has, for a hold: one line, then its commits. */
export function foreignLines(known: ForeignHead | undefined, head: string): readonly string[] {
  if (known === undefined || known.total === 0)
    return [`the branch has commits that were not verified (${shortHead(head)})`];
  const shown = known.commits.slice(-COMMITS_SHOWN_MAX);
  const listed = shown.map(
    ({ id, by, isSigned }) =>
      `commit ${shortHead(id)} by ${by}${isSigned ? '' : ', without a verified signature'}`,
  );
  const more = known.total > shown.length ? [`and ${known.total - shown.length} earlier commits`] : [];
  return [`the branch has ${commitsText(known)}, not verified (head ${shortHead(head)})`, ...listed, ...more];
}

const COMMITS_SHOWN_MAX = 5;

/** What a person can say about them. */
export function foreignChoices(known: ForeignHead | undefined, head: string): string {
  const name = shortHead(head);
  const problem = adoptionProblem(known);
  const adopt =
    problem === undefined
      ? `/adopt ${name} takes them in: the branch as it is becomes the change, built and verified by Signalbox`
      : `they cannot be adopted (${problem})`;
  return `${adopt}; /retry ${name} gives them up: the push of Signalbox replaces them on the branch`;
}

/** The head that a `/retry` names as its first word, and the words after it. */
export function namedInRetry(reason: string | undefined): {
  readonly head?: string;
  readonly words?: string;
} {
  if (reason === undefined) return {};
  const [first = ''] = reason.split(/\s/, 1);
  if (!isHeadName(first)) return { words: reason };
  const words = reason.slice(first.length).trim();
  return { head: first, ...(words === '' ? {} : { words }) };
}

/** The head that a `/retry` gives up: the one that is there, if it names it. */
export function droppedBy(state: IssueState, reason: string | undefined): string | undefined {
  const { head: named } = namedInRetry(reason);
  const head = foreignHead(state)?.head ?? unreadHead(state);
  return named !== undefined && head !== undefined && namesHead(named, head) ? head : undefined;
}

/** Adopted, but its files could not be read yet: it can still be given up. */
function unreadHead({ adoption }: IssueState): string | undefined {
  return adoption?.runId === undefined ? adoption?.head : undefined;
}

/** The words of a `/retry` for the next attempt; without a head of others that they name first. */
export function wordsInRetry(state: IssueState, reason: string | undefined): string | undefined {
  return droppedBy(state, reason) === undefined ? reason : namedInRetry(reason).words;
}

/** The branch moved, or the adopted commits were refused: what a person said about its head is void. */
export function withoutAdoption(state: IssueState): IssueState {
  const runId = state.adoption?.runId;
  const rest = omit(state, 'adoption', 'dropped');
  if (runId === undefined) return rest;
  const runs = state.runs.map(run => (run.runId === runId ? { ...run, withdrawn: true as const } : run));
  return { ...rest, runs };
}
