/** What others can leave on the branch, and what a look or a push finds of it. */
import type { Decision } from '../../../src/domain/decision.ts';
import type { ForeignHead } from '../../../src/domain/foreign-head.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect } from '../../../src/domain/step.ts';
import { must } from './invariants.ts';

/** Heads that others push. `replaced` does not contain our commit. `refused` has what no change may contain. */
export const HEADS = {
  onTop: 'f0'.repeat(20),
  further: 'f1'.repeat(20),
  replaced: 'f2'.repeat(20),
  refused: 'f3'.repeat(20),
} as const;

export const isRead = (head: string): boolean => Object.values(HEADS).some(known => known === head);

export function foreignAt(head: string): ForeignHead {
  return {
    head,
    total: 1,
    commits: [{ id: head, by: 'ben', isSigned: false }],
    authors: [{ name: 'Ben', email: 'ben@example.com' }],
    isOnOurs: head !== HEADS.replaced,
  };
}

/** The commits of other heads are not read: GitHub does not answer. */
export function foreignPart(head: string): { readonly foreign?: ForeignHead } {
  return isRead(head) ? { foreign: foreignAt(head) } : {};
}

/** The head that the branch has, mostly. */
export function headNamed({ branchFound, pullRequest }: IssueState, n: number): string {
  const head = branchFound?.head ?? pullRequest?.head ?? HEADS.onTop;
  return (n % 4 === 3 ? HEADS.further : head).slice(0, 12);
}

const NAMED_MIN = 7;

/** The head that the words of an accepted decision name. Judged by the words alone: they mean what the branch has. */
export function headSaid(from: IssueState, { kind, head, reason }: Decision): string | undefined {
  const said = kind === 'adopt' ? head : kind === 'retry' ? reason?.split(' ')[0] : undefined;
  const there = from.branchFound?.head ?? from.pullRequest?.head ?? '';
  return said !== undefined && said.length >= NAMED_MIN && there.startsWith(said) ? there : undefined;
}

/** 23: what others left is replaced only if a person named exactly that head. */
export function replacesAsSaid(
  { pushed, claim }: IssueState,
  { expected }: Extract<Effect, { kind: 'push-commit' }>,
  named: string | undefined,
): void {
  const isOurs = expected === (pushed ?? claim?.base);
  must('23 named', isOurs || named === expected, `${expected} is replaced without a word`);
}

/** The head on the branch that we did not leave there, unless a person has decided about it. */
export function theirHead(state: IssueState): string | undefined {
  const { pullRequest, branchFound, adoption, dropped, merge } = state;
  const head = branchFound?.head ?? (pullRequest?.merged === null ? pullRequest.head : undefined);
  if (merge !== undefined || head === undefined || head === adoption?.head || head === dropped)
    return undefined;
  return branchFound === undefined && isOurs(state, head) ? undefined : head;
}

/** A look before our push can still show what we pushed before. */
function isOurs({ pushed, pushedBefore, pushSent, sent, due }: IssueState, head: string): boolean {
  const isLate = due['pull-request'] !== undefined && (head === pushedBefore || head === pushSent);
  return head === pushed || isLate || (sent?.kind === 'push-commit' && head === sent.commit);
}

/** A head that is given up says nothing to an agent. */
export function isWordless(state: IssueState, reason = ''): boolean {
  const there = theirHead(state);
  return reason === '' || (there !== undefined && isNamed(there, reason));
}

/** A head is named by its digits: the word “foreign” names nothing. */
export const isNamed = (head: string, by: string): boolean =>
  by.length >= NAMED_MIN && /^[0-9a-f]+$/.test(by) && head.startsWith(by);
