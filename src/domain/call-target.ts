/** Whom a call is for: the person that the hold names, otherwise those of the policy. */
import { type Callee, type CallTarget, distinct, isMention } from './mention.ts';
import type { IssueState } from './state.ts';
import type { Hold } from './step.ts';

/** Empty: nobody is mentioned. */
export function calleesFor(state: IssueState, { who }: Hold): readonly Callee[] {
  const targets = state.policy?.calls?.to ?? ['opt-in'];
  if (targets.length === 0) return [];
  const [named, chosen] = [mentions(state, [`@${who}`]), calleesOf(state, targets)];
  if (named.length > 0) return named;
  return chosen.length > 0 ? chosen : openerOf(state);
}

/** Each once. Without the account that Signalbox runs as: GitHub tells nobody of their own words. */
export function calleesOf(state: IssueState, targets: readonly CallTarget[]): readonly Callee[] {
  return mentions(
    state,
    targets.map(target => named(state, target)),
  );
}

/** If the others turn out to be nobody: the person who is known to want the work. */
export function openerOf(state: IssueState): readonly Callee[] {
  return calleesOf(state, ['opt-in']);
}

function named({ subject }: IssueState, target: CallTarget): string {
  const { by } = subject?.optIn ?? {};
  if (target === 'opt-in') return by?.type === 'User' ? `@${by.login}` : '';
  return target === 'author' ? `@${subject?.author ?? ''}` : target;
}

function mentions({ ownLogin }: IssueState, names: readonly string[]): readonly Callee[] {
  const valid = names.filter((name): name is Callee => name === 'codeowners' || isMention(name));
  return distinct(valid, `@${ownLogin ?? ''}`);
}
