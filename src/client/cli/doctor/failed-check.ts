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
  // The check's name stands before it, and an error's line may begin with the same word.
  const found = what.startsWith(`${name}: `) ? what.slice(name.length + 2) : what;
  return { name, ok: false, required, found, fix: said ?? fix };
}
