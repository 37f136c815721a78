/** The configured faults: which requests fail, how, and how often. */
import { matches, type Matcher, type Target } from './matcher.ts';

export type FaultKind =
  | 'fail-before'
  | 'reset-before'
  | 'execute-then-500'
  | 'execute-then-502'
  | 'execute-then-reset'
  | 'execute-then-hang'
  | 'rate-limit'
  | 'secondary-limit'
  | 'html-200'
  | 'redirect'
  | 'cut-body'
  | 'slow'
  /** The last answer this user got here; when there was none, an empty list or 404. */
  | 'stale';

export interface FaultRule extends Matcher {
  readonly kind: FaultKind;
  /** How many requests fail; default 1. */
  readonly times?: number;
  /** How many matching requests succeed first. */
  readonly skip?: number;
  /** `slow`: how long the reply waits. */
  readonly delayMs?: number;
  /** `fail-before`: the status; default 503. */
  readonly status?: number;
  /** The limits: seconds in `retry-after`; null leaves the header out. */
  readonly retryAfterSeconds?: number | null;
  /** `redirect`: the target; default: the same address. */
  readonly location?: string;
}

export interface Fault {
  readonly hits: () => number;
  readonly remove: () => void;
}

export interface Faults {
  readonly add: (rule: FaultRule) => Fault;
  readonly clear: () => void;
  /** The fault for this request; the call consumes it. */
  readonly take: (target: Target) => FaultRule | undefined;
}

interface Armed {
  readonly rule: FaultRule;
  skip: number;
  left: number;
  hits: number;
}

export function createFaults(): Faults {
  let armed: Armed[] = [];
  const add = (rule: FaultRule): Fault => {
    const one: Armed = { rule, skip: rule.skip ?? 0, left: rule.times ?? 1, hits: 0 };
    armed.push(one);
    return { hits: () => one.hits, remove: () => (armed = armed.filter(other => other !== one)) };
  };
  const take = (target: Target): FaultRule | undefined => {
    for (const one of armed) {
      if (one.left === 0 || !matches(one.rule, target)) continue;
      if (one.skip > 0) {
        one.skip -= 1;
        continue;
      }
      one.left -= 1;
      one.hits += 1;
      return one.rule;
    }
    return undefined;
  };
  return { add, take, clear: () => (armed = []) };
}
