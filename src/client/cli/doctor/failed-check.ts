/** Turns an error into a failed check. */
import { endingOf } from '../exit.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

export interface FailedCheck {
  readonly name: string;
  readonly required: boolean;
  /** Used when the error has no fix of its own. */
  readonly fix: string;
}

export function failedCheck(error: unknown, { name, required, fix }: FailedCheck): RepositoryCheck {
  const { what, fix: said } = endingOf(error).trouble;
  return { name, ok: false, required, found: what, fix: said ?? fix };
}
