/** A problem on this machine. */
import { type Trouble, TroubleError } from '../domain/trouble.ts';

export type LocalProblemKind =
  | 'no-temporal-server'
  | 'not-as-pinned'
  | 'port-in-use'
  | 'database-in-use'
  | 'process-failed'
  | 'not-ready'
  | 'search-attribute-type'
  | 'stopped';

export class LocalProblem extends TroubleError {
  override readonly name = 'LocalProblem';
  readonly kind: LocalProblemKind;
  constructor(kind: LocalProblemKind, said: Trouble | string) {
    super(said);
    this.kind = kind;
  }
}
