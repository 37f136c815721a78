/**
 * The two lanes of a workflow: at most one effect and one piece of upkeep are in flight. Pure and generic: returns the one
 * thing to do now; the caller does it and asks again.
 */

/** The next step, reduced to what the lanes need. */
type NextStep<Effect> =
  | { readonly kind: 'effect'; readonly effect: Effect }
  | { readonly kind: 'hold' | 'wait'; readonly until?: number }
  | { readonly kind: 'end' };

export interface LaneRules<State, Effect, Upkeep> {
  readonly nextStep: (state: State) => NextStep<Effect>;
  readonly nextUpkeep: (state: State) => Upkeep | undefined;
  readonly isSameEffect: (one: Effect, other: Effect) => boolean;
}

/** Started and not yet ended. */
export interface Flights<Effect, Upkeep> {
  readonly effect: { readonly effect: Effect; readonly cancelled: boolean } | undefined;
  readonly upkeep: { readonly upkeep: Upkeep } | undefined;
}

export const NO_FLIGHTS = { effect: undefined, upkeep: undefined } as const;

export type LaneInstruction<Effect, Upkeep> =
  | { readonly do: 'start-effect'; readonly effect: Effect }
  | { readonly do: 'start-upkeep'; readonly upkeep: Upkeep }
  /** The effect in flight is no longer the step. */
  | { readonly do: 'cancel-effect' }
  | Pause;

/** Nothing to do at once. `until`: epoch milliseconds at which a timer is due if no event arrives first. */
export type Pause =
  /** The cancelled effect may still happen. Until it has ended, nothing starts and no event is applied. */
  | { readonly do: 'await-cancelled' }
  /** Something is in flight. */
  | { readonly do: 'wait'; readonly until?: number }
  /** Nothing is in flight, so the state is complete. */
  | { readonly do: 'rest'; readonly until?: number }
  | { readonly do: 'end' };

export function lanesOf<State, Effect, Upkeep>(rules: LaneRules<State, Effect, Upkeep>) {
  return (state: State, { effect, upkeep }: Flights<Effect, Upkeep>): LaneInstruction<Effect, Upkeep> => {
    if (effect?.cancelled === true) return { do: 'await-cancelled' };
    const step = rules.nextStep(state);
    if (effect !== undefined && !isStep(rules, step, effect.effect)) return { do: 'cancel-effect' };
    if (effect === undefined && step.kind === 'effect') return { do: 'start-effect', effect: step.effect };
    const due = upkeep === undefined ? rules.nextUpkeep(state) : undefined;
    if (due !== undefined) return { do: 'start-upkeep', upkeep: due };
    const isQuiet = effect === undefined && upkeep === undefined;
    return pause(step, isQuiet);
  };
}

function isStep<State, Effect, Upkeep>(
  { isSameEffect }: LaneRules<State, Effect, Upkeep>,
  step: NextStep<Effect>,
  inFlight: Effect,
): boolean {
  return step.kind === 'effect' && isSameEffect(step.effect, inFlight);
}

/** An ended issue still waits for its upkeep: the last projection and the archive of the last records. */
function pause<Effect>(step: NextStep<Effect>, isQuiet: boolean): Pause {
  if (step.kind === 'end' && isQuiet) return { do: 'end' };
  const until = 'until' in step ? step.until : undefined;
  return { do: isQuiet ? 'rest' : 'wait', ...(until === undefined ? {} : { until }) };
}
