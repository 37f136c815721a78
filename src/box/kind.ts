/** What a kind of box implements; kinds.ts lists them. A kind imports no other one. */
import type { NodeInBox } from './contents.ts';
import type { BoxSpec } from './spec.ts';
import type { StartedBox } from './started-box.ts';
import type { BoxProblem, BoxTier, BoxUser } from './tier.ts';

export interface BoxKind<
  Settings extends object = object,
  Choice extends object = object,
  Tier extends BoxTier = BoxTier,
> {
  /** As SIGNALBOX_BOX and the records name it. */
  readonly name: Tier['name'];
  /** What the settings ask for, or which of them is missing. */
  choose(settings: Settings): Choice | BoxProblem;
  /** Finds on this host what makes such boxes, and starts one. */
  detect(choice: Choice, user: BoxUser): Promise<Tier | BoxProblem>;
  /** Removes what dead runners left of such boxes. */
  sweep(tier: Tier): Promise<void>;
  start(spec: BoxSpec, tier: Tier): Promise<StartedBox>;
  nodeInBox(tier: Tier): NodeInBox;
  /** Whether a box can seem to change what lies below it; where not, a copy is given. */
  takesOverlays(tier: Tier): boolean;
  /** For people and records; empty where the name says it all. */
  madeWith(tier: Tier): string;
  /** What decides, besides the host, which programs a box has: part of the key of a set-up's layer. */
  programs(tier: Tier): Readonly<Record<string, string>>;
  readonly fixes: Fixes;
}

/** What a person can do when a probe gets through, by the probe's name. */
export type Fixes = Readonly<Record<string, string>> & {
  readonly 'system-call': string;
  readonly otherwise: string;
};
