/** Chooses the route of a decision. A comment proves who decides, so it is preferred where it is possible and accepted. */
import type { DecisionSource } from '../../../domain/policy.ts';
import type { IssueView } from '../../../domain/view.ts';

export type DecisionRoute = 'github' | 'temporal';

export interface RouteQuestion {
  readonly asked: DecisionRoute | undefined;
  readonly hasToken: boolean;
  /** Has the sources that the policy accepts, once the policy is read. */
  readonly view: (IssueView & { readonly decisionSources?: readonly DecisionSource[] }) | undefined;
}

export function routeFor({ asked, hasToken, view }: RouteQuestion): DecisionRoute {
  if (asked !== undefined) return asked;
  const accepted = view?.decisionSources ?? ['github'];
  return hasToken && accepted.includes('github') ? 'github' : 'temporal';
}
