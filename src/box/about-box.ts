/** What every kind of box can say about a tier of its own; about no box there is nothing to say. */
import { type NodeInBox, ownNode } from './contents.ts';
import { kindOf } from './kinds.ts';
import type { BoxTier } from './tier.ts';

/** For people and records: the name, what it is made with, what guards it, what it does not give or hold against. */
export function describeBox(tier: BoxTier): string {
  const { guards, gaps, problems } = tier;
  const madeWith = kindOf(tier)?.madeWith(tier) ?? '';
  return [
    `${tier.name}${madeWith === '' ? '' : ` (${madeWith})`}: ${guards.join(', ')}`,
    ...(gaps.length === 0 ? [] : [`not given: ${gaps.map(({ name }) => name).join(', ')}`]),
    ...problems.map(({ what }) => what),
  ].join('; ');
}

export function nodeInBox(tier: BoxTier): NodeInBox {
  return kindOf(tier)?.nodeInBox(tier) ?? ownNode();
}

export function takesOverlays(tier: BoxTier): boolean {
  return kindOf(tier)?.takesOverlays(tier) ?? false;
}

/** What decides, besides the host, which programs a box has. */
export function programsOf(tier: BoxTier): Readonly<Record<string, string>> {
  return kindOf(tier)?.programs(tier) ?? {};
}
