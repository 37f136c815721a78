/** A problem on this machine; its one-line message says what to do. */

export type LocalProblemKind =
  | 'no-temporal-server'
  | 'not-as-pinned'
  | 'port-in-use'
  | 'database-in-use'
  | 'process-failed'
  | 'not-ready'
  | 'search-attribute-type'
  | 'stopped';

export class LocalProblem extends Error {
  readonly kind: LocalProblemKind;

  constructor(kind: LocalProblemKind, message: string) {
    super(message);
    this.name = 'LocalProblem';
    this.kind = kind;
  }
}
