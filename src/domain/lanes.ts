/**
 * The lanes of a workflow: at most one effect, one piece of upkeep and one notice are in flight. A notice goes to a server of
 * the operator that may not answer for long: nothing waits for it. Pure and generic: returns the one thing to do now; the
 * caller does it and asks again.
 */

/** The next step, reduced to what the lanes need. */
type NextStep<Effect> =
  | { readonly kind: 'effect'; readonly effect: Effect }
  | { readonly kind: 'hold' | 'wait'; readonly until?: number }
  | { readonly kind: 'end' };

export interface LaneRules<State, Effect, Upkeep, Notice = never> {
  readonly nextStep: (state: State) => NextStep<Effect>;
  readonly nextUpkeep: (state: State) => Upkeep | undefined;
  readonly nextNotice?: (state: State) => Notice | undefined;
  /** When upkeep becomes due by time alone, or may be tried again, in epoch milliseconds. Nothing ends before. */
  readonly upkeepDueAt: (state: State) => number | undefined;
  readonly isSameEffect: (one: Effect, other: Effect) => boolean;
}

/** Started and not yet ended. */
export interface Flights<Effect, Upkeep> {
  readonly effect: { readonly effect: Effect; readonly cancelled: boolean } | undefined;
  readonly upkeep: { readonly upkeep: Upkeep } | undefined;
  readonly notice?: object | undefined;
}

export const NO_FLIGHTS = { effect: undefined, upkeep: undefined } as const;

export type LaneInstruction<Effect, Upkeep, Notice = never> =
  | { readonly do: 'start-effect'; readonly effect: Effect }
  | { readonly do: 'start-upkeep'; readonly upkeep: Upkeep }
  | { readonly do: 'start-notice'; readonly notice: Notice }
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

export function lanesOf<State, Effect, Upkeep, Notice = never>(
  rules: LaneRules<State, Effect, Upkeep, Notice>,
) {
  return (state: State, flights: Flights<Effect, Upkeep>): LaneInstruction<Effect, Upkeep, Notice> => {
    const { effect } = flights;
    if (effect?.cancelled === true) return { do: 'await-cancelled' };
    const step = rules.nextStep(state);
    if (effect !== undefined && !isStep(rules, step, effect.effect)) return { do: 'cancel-effect' };
    if (effect === undefined && step.kind === 'effect') return { do: 'start-effect', effect: step.effect };
    return alongside(rules, state, flights) ?? pause(step, flights, rules.upkeepDueAt(state));
  };
}

/** What starts whether or not an effect is in flight. */
function alongside<State, Effect, Upkeep, Notice>(
  rules: LaneRules<State, Effect, Upkeep, Notice>,
  state: State,
  { upkeep, notice }: Flights<Effect, Upkeep>,
): LaneInstruction<Effect, Upkeep, Notice> | undefined {
  const due = upkeep === undefined ? rules.nextUpkeep(state) : undefined;
  if (due !== undefined) return { do: 'start-upkeep', upkeep: due };
  const owed = notice === undefined ? rules.nextNotice?.(state) : undefined;
  return owed === undefined ? undefined : { do: 'start-notice', notice: owed };
}

/**
 * An ended issue still waits for its upkeep: the last projection and the archive of the last records. It does not wait for a
 * notice; a notice in flight would be lost with this run of the workflow, so it is no rest.
 */
function pause<Effect, Upkeep>(
  step: NextStep<Effect>,
  { effect, upkeep, notice }: Flights<Effect, Upkeep>,
  upkeepDueAt: number | undefined,
): Pause {
  const isQuiet = effect === undefined && upkeep === undefined;
  if (step.kind === 'end' && isQuiet && upkeepDueAt === undefined) return { do: 'end' };
  const until = 'until' in step ? step.until : undefined;
  return { do: isQuiet && notice === undefined ? 'rest' : 'wait', ...earliest(until, upkeepDueAt) };
}

function earliest(...times: readonly (number | undefined)[]): { readonly until?: number } {
  const known = times.filter(time => time !== undefined);
  return known.length === 0 ? {} : { until: Math.min(...known) };
}

function isStep<State, Effect, Upkeep, Notice>(
  { isSameEffect }: LaneRules<State, Effect, Upkeep, Notice>,
  step: NextStep<Effect>,
  inFlight: Effect,
): boolean {
  return step.kind === 'effect' && isSameEffect(step.effect, inFlight);
}
