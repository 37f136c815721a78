/** A trouble as a check that failed: what was found, and how to mend it. */
import { endingOf } from '../exit.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

export interface Trouble {
  readonly name: string;
  readonly required: boolean;
  /** Where the error does not say so itself. */
  readonly mend: string;
}

/** Most of our errors end with what to do. */
const WITH_MEND = /^(.+?): ((?:set|start|check|use|try|mend|the token needs) .+)$/;

export function troubled(error: unknown, { name, required, mend }: Trouble): RepositoryCheck {
  const { line } = endingOf(error);
  const [, found, said] = WITH_MEND.exec(line) ?? [];
  return { name, ok: false, required, found: found ?? line, mend: said ?? mend };
}
