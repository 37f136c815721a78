/** The box in which work was done: as stored in facts, and as shown to people. */

export interface BoxFacts {
  /** The kind, with details where they can differ: `bubblewrap`, `container (docker 27.1, image …)`. */
  readonly name: string;
  readonly guards: readonly string[];
  /** Protections that this kind of box never provides. */
  readonly gaps: readonly string[];
  /** Probes that got out of this box. */
  readonly problems: readonly string[];
}

/** A text in older facts, from before boxes were stored as data. */
export type RecordedBox = BoxFacts | string;

/** The name, the guards, and the weaknesses. */
export function boxText(box: RecordedBox): string {
  if (typeof box === 'string') return box;
  return [`${box.name}: ${box.guards.join(', ')}`, ...weaknesses(box)].join('; ');
}

/** The short form for audit records: the evidence lists the guards. */
export function boxInRecord(box: RecordedBox): string {
  return typeof box === 'string' ? box : [box.name, ...weaknesses(box)].join('; ');
}

function weaknesses({ gaps, problems }: BoxFacts): readonly string[] {
  return [...(gaps.length === 0 ? [] : [`not given: ${gaps.join(', ')}`]), ...problems];
}
