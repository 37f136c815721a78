/** What a runner knows of the boxes that its host gives: plain data; every audit record names it. */

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

/** What a kind of box does not give however sound it is: said in every record, and no reason to refuse work. */
export interface BoxGap {
  /** Of the probe that would get through, where there is one. */
  readonly name: string;
  readonly why: string;
}

/** Each kind adds what it needs to start a box. */
export interface BoxTier {
  /** Of its kind, or `none`: there is no box, and nothing can be run. */
  readonly name: string;
  /** Run by root: the box gets a user id of its own. */
  readonly privileged: boolean;
  readonly guards: readonly BoxGuard[];
  readonly gaps: readonly BoxGap[];
  readonly problems: readonly BoxProblem[];
  readonly boxUid?: number;
}

/** Who the boxes run as. */
export type BoxUser = Pick<BoxTier, 'privileged' | 'boxUid'>;
