/** What an approval is bound to, part by part, so that its giver can be shown which part has changed. */
import type { Gate } from './decision.ts';

export interface BoundPart {
  /** As shown to people. */
  readonly name: string;
  /** The first gate whose approval is bound to it. */
  readonly from: Gate;
  /** What changes it. */
  readonly changedBy: string;
  /** What it means that the part is absent; without this, that it does not exist yet. */
  readonly absent?: string;
}

/** In the order in which changes are reported. */
export const BOUND_PARTS = {
  generation: {
    name: 'generation',
    from: 'start',
    changedBy: 'work on the issue starts again after it ended',
  },
  subject: { name: 'issue text', from: 'start', changedBy: 'the title or the body is edited' },
  policy: {
    name: 'policy',
    from: 'start',
    changedBy: 'a value in `.github/signalbox.yml` on the default branch is changed',
  },
  mode: {
    name: 'mode',
    from: 'start',
    changedBy: '`/set-mode`, an edit of the issue, or a change of the policy',
  },
  entryRisk: {
    name: 'risk',
    from: 'start',
    changedBy: 'the labels, the words or the declared risk of the issue change',
  },
  target: {
    name: 'target branch',
    from: 'start',
    changedBy: 'a label, the milestone or the policy names another one',
    absent: 'the default branch',
  },
  base: {
    name: 'base commit',
    from: 'publish',
    changedBy:
      'the target branch moves, unless `merge.upToDate` is `false`; the approval can be carried over',
  },
  patch: {
    name: 'patch',
    from: 'publish',
    changedBy: 'a new attempt makes a new change, or the target branch changed lines that the change shows',
  },
  head: {
    name: 'head commit',
    from: 'publish',
    changedBy: 'a new attempt makes a new change, or it is built again on another base',
  },
  evidence: {
    name: 'evidence',
    from: 'publish',
    changedBy: 'the change is verified again; the approval can be carried over',
  },
  merge: { name: 'merge commit', from: 'release', changedBy: 'the merge produces another commit' },
} as const satisfies Readonly<Record<string, BoundPart>>;

export type BoundName = keyof typeof BOUND_PARTS;

/** Digests, commits and single words. A part that does not exist yet is absent. */
export type Bound = Readonly<Partial<Record<BoundName, string>>>;

/** “the issue text, the mode (guarded, now spike)”: the parts that differ; empty when all are equal. */
export function changedParts(before: Bound, now: Bound): readonly string[] {
  const names = Object.keys(BOUND_PARTS) as BoundName[];
  return names.filter(name => before[name] !== now[name]).map(name => partText(name, before, now));
}

/** Words and numbers are shown with their old and new values; digests are too long to compare by eye. */
function partText(name: BoundName, before: Bound, now: Bound): string {
  const { name: shown, absent }: BoundPart = BOUND_PARTS[name];
  const [was, is] = [before[name] ?? absent, now[name] ?? absent];
  const text = `the ${shown}`;
  if (was === undefined || is === undefined) return is === undefined ? `${text} (there is none now)` : text;
  return was.length + is.length > 2 * WORD_CHARS_MAX ? text : `${text} (${was}, now ${is})`;
}

const WORD_CHARS_MAX = 10;
