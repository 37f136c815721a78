/** How an effect fails, as plain values that know no Temporal; `failures.ts` alone says what Temporal makes of them. */
import type { FailureName } from '../domain/failure.ts';

/** Never to succeed without a person: the name says which help is needed. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
  readonly failure: FailureName;
  constructor(failure: FailureName, message: string) {
    super(message);
    this.failure = failure;
  }
}

export interface GivingUp {
  /** The first attempt that fails for good; of `contracts/retries.ts`. */
  readonly atAttempt: number;
  readonly as: FailureName;
}

/** May yet succeed, and is tried again: without end, or until it counts as permanent. */
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
