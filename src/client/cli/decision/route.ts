/** By which way a decision goes: a comment proves who decides, so it comes first where it can be written and counts. */
import type { DecisionSource } from '../../../domain/policy.ts';
import type { IssueView } from '../../../domain/view.ts';

export type DecisionRoute = 'github' | 'temporal';

export interface RouteQuestion {
  readonly asked: DecisionRoute | undefined;
  readonly hasToken: boolean;
  /** Names the sources that the policy counts, once the policy was read. */
  readonly view: (IssueView & { readonly decisionSources?: readonly DecisionSource[] }) | undefined;
}

export function routeFor({ asked, hasToken, view }: RouteQuestion): DecisionRoute {
  if (asked !== undefined) return asked;
  const counted = view?.decisionSources ?? ['github'];
  return hasToken && counted.includes('github') ? 'github' : 'temporal';
}
