/** Runs one command in a box and returns only when every process in it is dead. */
import type { OnHolder } from './kind.ts';
import { kindOf } from './kinds.ts';
import type { BoxResult, BoxSpec } from './spec.ts';
import { notStarted, superviseBox, type SupervisedContext } from './supervise.ts';
import type { BoxTier } from './tier.ts';

export interface BoxContext extends SupervisedContext {
  readonly tier: BoxTier;
  /** Whoever must know whether the box still lives keeps these processes in mind. */
  readonly onHolder?: OnHolder | undefined;
}

/** The only entry point, for every kind of box. */
export async function runInBox(spec: BoxSpec, context: BoxContext): Promise<BoxResult> {
  const { tier } = context;
  if (context.signal?.aborted) return notStarted('cancelled', '');
  const kind = kindOf(tier);
  if (kind === undefined)
    return notStarted('could-not-start', tier.problems.map(problem => problem.what).join('; '));
  if ((spec.overlays ?? []).length > 0 && !kind.takesOverlays(tier))
    return notStarted('could-not-start', `a ${tier.name} box of this user cannot mount overlays`);
  const { onHolder = () => undefined } = context;
  return superviseBox({ spec, context, start: () => kind.start(spec, tier, onHolder) });
}
