/** The kind of box that a runner makes on its host: plain data; every audit record names it. */

export type BoxGuard =
  | 'namespaces'
  | 'no-network'
  | 'no-new-namespaces'
  | 'no-new-privileges'
  | 'system-call-filter'
  | 'own-uid'
  | 'resource-limits'
  | 'control-group-memory-and-processes'
  | 'workspace-tmpfs'
  | 'workspace-watch'
  | 'memory-watch';

export interface BoxProblem {
  readonly what: string;
  readonly fix: string;
}

/** A protection that a kind of box lacks by design: named in every record, but no reason to refuse work. */
export interface BoxGap {
  /** The name of the probe that would fail, if there is one. */
  readonly name: string;
  readonly why: string;
}

/** Each kind adds what it needs to start a box. */
export interface BoxTier {
  /** The name of its kind, or `none`: there is no box, and nothing can run. */
  readonly name: string;
  /** The runner is root: the box gets a separate user id. */
  readonly privileged: boolean;
  readonly guards: readonly BoxGuard[];
  readonly gaps: readonly BoxGap[];
  readonly problems: readonly BoxProblem[];
  readonly boxUid?: number;
}

/** The user that boxes run as. */
export type BoxUser = Pick<BoxTier, 'privileged' | 'boxUid'>;
