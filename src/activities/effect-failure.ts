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

/** May still succeed. Temporal retries it without end, or until `givingUp` makes it permanent. */
export class TransientFailure extends Error {
  override readonly name = 'TransientFailure';
  readonly type: string;
  readonly givingUp: GivingUp | undefined;
  constructor(type: string, message: string, givingUp?: GivingUp) {
    super(message);
    this.type = type;
    this.givingUp = givingUp;
  }
}
