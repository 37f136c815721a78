/** What git and a runner make in memory of a change behind others in the line of merges. */
import type { EventBody } from '../../../src/domain/event.ts';
import type { Effect } from '../../../src/domain/step.ts';
import type { GitHub } from './github.ts';
import { checksOnto, treeOfMerge } from './merging.ts';

type EffectOf<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** The commit of the target branch that a change before makes is named by its head. */
export function buildAhead(github: GitHub, { before, head }: EffectOf<'build-ahead'>): EventBody {
  const onto = before.at(-1)?.head ?? github.base;
  if (onto === CONFLICTS) return { type: 'ahead-built', before };
  const built = { base: github.base, baseTree: `tree of ${onto}`, tree: treeOfMerge(github, onto, head) };
  return { type: 'ahead-built', before, built };
}

/** A head with which ours conflicts. */
export const CONFLICTS = 'conflicting';

export function verifyAhead(github: GitHub, { before, head, tree }: EffectOf<'verify-ahead'>): EventBody {
  const onto = before.at(-1)?.head ?? '';
  const verification = { commit: head, checks: checksOnto(github) };
  return { type: 'ahead-verified', head, tree, baseTree: `tree of ${onto}`, verification };
}
