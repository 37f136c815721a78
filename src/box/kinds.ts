/** The kinds of box, one line each; the first is the default. No other file imports them. */
import { bubblewrap } from './bubblewrap/kind.ts';
import { container } from './container/kind.ts';
import type { BoxKind } from './kind.ts';
import type { BoxTier } from './tier.ts';

export const KINDS = [
  bubblewrap, //
  container,
] as const;

type Kind = (typeof KINDS)[number];

export type BoxChoice = Parameters<Kind['detect']>[0];

/** The settings that the kinds read, all together. */
export type KindSettings = All<Parameters<Kind['choose']>[0]>;

export const DEFAULT_KIND: Kind['name'] = KINDS[0].name;

export const KIND_NAMES: readonly Kind['name'][] = KINDS.map(({ name }) => name);

/** Undefined for the tier `none`. */
export function kindOf({ name }: Pick<BoxTier, 'name'>): BoxKind | undefined {
  const kinds: readonly BoxKind[] = KINDS;
  return kinds.find(kind => kind.name === name);
}

type All<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer Both) => void
  ? Both
  : never;
