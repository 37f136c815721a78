/** Named problems of a request to Temporal, each with its fix. Loads nothing of Temporal: every command can name them. */
import { type Trouble, TroubleError } from '../../domain/trouble.ts';

export type ClientProblemKind =
  /** The server does not answer. */
  | 'unreachable'
  /** The server answers, but no worker does. */
  | 'no-scheduler'
  /** A scheduler is at it, but GitHub keeps it waiting; it goes on by itself. */
  | 'delayed'
  /** The namespace, its search attributes or the settings are wrong. */
  | 'unusable'
  /** The server does not accept the key or certificate, or does not allow the request. */
  | 'denied'
  | 'unknown-issue'
  /** Its workflow has ended and takes no more decisions. */
  | 'ended'
  /** The rules refuse the decision. */
  | 'refused'
  /** The decision is for an older gate, digest or generation. */
  | 'moved-on';

export class ClientProblem extends TroubleError {
  override readonly name = 'ClientProblem';
  readonly kind: ClientProblemKind;
  constructor(kind: ClientProblemKind, said: Trouble | string) {
    super(said);
    this.kind = kind;
  }
}
