/** An error as a check that failed: what was found, and how to fix it. */
import { endingOf } from '../exit.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

export interface FailedCheck {
  readonly name: string;
  readonly required: boolean;
  /** Where the error does not say so itself. */
  readonly fix: string;
}

export function troubled(error: unknown, { name, required, fix }: FailedCheck): RepositoryCheck {
  const { what, fix: said } = endingOf(error).trouble;
  return { name, ok: false, required, found: what, fix: said ?? fix };
}
