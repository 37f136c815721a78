/** Describes a tier for people and records, by way of its kind. The tier `none` has no kind. */
import { type BoxFacts, boxText } from '../domain/box-facts.ts';
import { type NodeInBox, ownNode } from './contents.ts';
import { kindOf } from './kinds.ts';
import type { BoxTier } from './tier.ts';

/** One line for people: name, engine, guards, gaps and problems. */
export function describeBox(tier: BoxTier): string {
  return boxText(boxFacts(tier));
}

/** For the record of a run, a set-up or a verification. */
export function boxFacts(tier: BoxTier): BoxFacts {
  const { guards, gaps, problems } = tier;
  const madeWith = kindOf(tier)?.madeWith(tier) ?? '';
  return {
    name: madeWith === '' ? tier.name : `${tier.name} (${madeWith})`,
    guards,
    gaps: gaps.map(({ name }) => name),
    problems: problems.map(({ what }) => what),
  };
}

export function nodeInBox(tier: BoxTier): NodeInBox {
  return kindOf(tier)?.nodeInBox(tier) ?? ownNode();
}

export function takesOverlays(tier: BoxTier): boolean {
  return kindOf(tier)?.takesOverlays(tier) ?? false;
}

/** Facts that determine, besides the host, which programs a box has. */
export function programsOf(tier: BoxTier): Readonly<Record<string, string>> {
  return kindOf(tier)?.programs(tier) ?? {};
}
