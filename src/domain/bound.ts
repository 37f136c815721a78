/** What an approval is bound to, part by part, so that whoever gave it can be told which part is another one now. */
import type { Gate } from './decision.ts';

export interface BoundPart {
  /** As people are told it. */
  readonly name: string;
  /** The first gate whose approval is bound to it. */
  readonly from: Gate;
  /** What makes it another one. */
  readonly changedBy: string;
}

/** In the order in which changes are told. */
export const BOUND_PARTS = {
  generation: {
    name: 'generation',
    from: 'start',
    changedBy: 'the issue is worked on anew after it was finished or given up',
  },
  subject: { name: 'issue text', from: 'start', changedBy: 'title or body are edited' },
  policy: {
    name: 'policy',
    from: 'start',
    changedBy: 'a value in `.github/signalbox.yml` on the default branch is changed',
  },
  mode: { name: 'mode', from: 'start', changedBy: '`/set-mode`, an edit of the issue, or of the policy' },
  entryRisk: { name: 'risk', from: 'start', changedBy: 'labels, words or the declared risk of the issue' },
  base: {
    name: 'base commit',
    from: 'publish',
    changedBy: 'the default branch moves on, unless `merge.upToDate` is `false`',
  },
  head: { name: 'head commit', from: 'publish', changedBy: 'another attempt makes another change' },
  evidence: { name: 'evidence', from: 'publish', changedBy: 'the change is verified anew' },
  merge: { name: 'merge commit', from: 'release', changedBy: 'it is merged as another commit' },
} as const satisfies Readonly<Record<string, BoundPart>>;

export type BoundName = keyof typeof BOUND_PARTS;

/** Digests, commits and single words; a part that is not there yet is left out. */
export type Bound = Readonly<Partial<Record<BoundName, string>>>;

/** “the issue text, the mode (guarded, now spike)”: what differs, by name; empty when nothing does. */
export function changedParts(before: Bound, now: Bound): readonly string[] {
  const names = Object.keys(BOUND_PARTS) as BoundName[];
  return names.filter(name => before[name] !== now[name]).map(name => partText(name, before, now));
}

/** Words and numbers are told as they were and are; nobody compares digests by eye. */
function partText(name: BoundName, before: Bound, now: Bound): string {
  const [was, is] = [before[name], now[name]];
  const text = `the ${BOUND_PARTS[name].name}`;
  if (was === undefined || is === undefined) return is === undefined ? `${text} (there is none now)` : text;
  return was.length + is.length > 2 * WORD_CHARS_MAX ? text : `${text} (${was}, now ${is})`;
}

const WORD_CHARS_MAX = 10;
