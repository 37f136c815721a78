/** The box that something was done in: as facts keep it, and as people read it. */

export interface BoxFacts {
  /** The kind, and what it is made with where that can differ: `bubblewrap`, `container (docker 27.1, image …)`. */
  readonly name: string;
  readonly guards: readonly string[];
  /** What such a box does not give, however sound it is. */
  readonly gaps: readonly string[];
  /** What this one was found not to hold against. */
  readonly problems: readonly string[];
}

/** A text in facts of before the box was kept as data. */
export type RecordedBox = BoxFacts | string;

/** The name, what guards it, what it does not give or hold against. */
export function boxText(box: RecordedBox): string {
  if (typeof box === 'string') return box;
  return [`${box.name}: ${box.guards.join(', ')}`, ...weaknesses(box)].join('; ');
}

/** As each record names it: the guards are in the evidence. */
export function boxInRecord(box: RecordedBox): string {
  return typeof box === 'string' ? box : [box.name, ...weaknesses(box)].join('; ');
}

function weaknesses({ gaps, problems }: BoxFacts): readonly string[] {
  return [...(gaps.length === 0 ? [] : [`not given: ${gaps.join(', ')}`]), ...problems];
}
