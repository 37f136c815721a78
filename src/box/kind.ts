/** The interface of a kind of box; kinds.ts lists the kinds. A kind never imports another one. */
import type { NodeInBox } from './contents.ts';
import type { BoxSpec } from './spec.ts';
import type { StartedBox } from './started-box.ts';
import type { BoxProblem, BoxTier, BoxUser } from './tier.ts';

export interface BoxKind<
  Settings extends object = object,
  Choice extends object = object,
  Tier extends BoxTier = BoxTier,
> {
  /** Its name in SIGNALBOX_BOX and in records. */
  readonly name: Tier['name'];
  /** Reads the choice from the settings, or reports a missing setting. */
  choose(settings: Settings): Choice | BoxProblem;
  /** Finds the programs that make such boxes on this host, and starts one as a test. */
  detect(choice: Choice, user: BoxUser): Promise<Tier | BoxProblem>;
  /** Removes leftover boxes of dead runners. */
  sweep(tier: Tier): Promise<void>;
  start(spec: BoxSpec, tier: Tier, onHolder: OnHolder): Promise<StartedBox>;
  nodeInBox(tier: Tier): NodeInBox;
  /** Whether a box can mount a layer as an overlay. If not, the layer is copied. */
  takesOverlays(tier: Tier): boolean;
  /** Engine and image, for people and records; empty if the name is enough. */
  madeWith(tier: Tier): string;
  /** Facts that determine, besides the host, which programs a box has: part of the key of a set-up's layer. */
  programs(tier: Tier): Readonly<Record<string, string>>;
  readonly fixes: Fixes;
}

/** Called with each process that lives on until the box is dead, whatever happens to this process. */
export type OnHolder = (pid: number) => void;

/** Fixes for failed probes, by the probe's name. */
export type Fixes = Readonly<Record<string, string>> & {
  readonly 'system-call': string;
  readonly otherwise: string;
};
