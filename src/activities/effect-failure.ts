/** How an effect fails, as plain values without Temporal. Only `failures.ts` maps them to Temporal's failures. */
import type { FailureName } from '../domain/failure.ts';

/** Cannot succeed until a person acts; the failure's name says what is needed. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
  readonly failure: FailureName;
  constructor(failure: FailureName, message: string) {
    super(message);
    this.failure = failure;
  }
}

export interface GivingUp {
  /** The first attempt that fails permanently; see `contracts/retries.ts`. */
  readonly atAttempt: number;
  readonly as: FailureName;
}

export interface Retrying {
  readonly givingUp?: GivingUp;
  /** The other side said when. */
  readonly afterMs?: number;
}

/** May still succeed. It is tried again, by Temporal and then by the workflow, unless `givingUp` makes it permanent. */
export class TransientFailure extends Error {
  override readonly name = 'TransientFailure';
  readonly type: string;
  readonly givingUp: GivingUp | undefined;
  readonly afterMs: number | undefined;
  constructor(type: string, message: string, { givingUp, afterMs }: Retrying = {}) {
    super(message);
    this.type = type;
    this.givingUp = givingUp;
    this.afterMs = afterMs;
  }
}
