/** Boxes that are containers: the choice in the settings, and the tier that was found. */
import type { BoxTier } from '../tier.ts';
import type { ContainerEngine } from './engine.ts';

export interface ContainerTier extends BoxTier {
  readonly name: 'container';
  readonly engine: ContainerEngine;
  readonly image: BoxImage;
}

/** The image that a box is made from. */
export interface BoxImage {
  /** As in the settings. */
  readonly reference: string;
  /** `sha256:…`: the exact image of every box of this runner. */
  readonly id: string;
  /** Paths in the image. */
  readonly node: string;
  readonly shell: string;
}

export interface ContainerChoice {
  readonly box: 'container';
  readonly image: string;
  /** Instead of the first engine that answers. */
  readonly engine?: ContainerEngine['name'];
  /** Environment of the engine's command; it is not passed to a box. */
  readonly environment: Readonly<Record<string, string>>;
  readonly boxUid?: number;
}
