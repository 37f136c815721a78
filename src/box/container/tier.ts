/** Boxes that are containers: what is asked for, and what was found. */
import type { BoxTier } from '../tier.ts';
import type { ContainerEngine } from './engine.ts';

export interface ContainerTier extends BoxTier {
  readonly name: 'container';
  readonly engine: ContainerEngine;
  readonly image: BoxImage;
}

/** What a box is made of in place of the host's own programs. */
export interface BoxImage {
  /** As it was asked for. */
  readonly reference: string;
  /** `sha256:…`: the very image that every box of this runner is made from. */
  readonly id: string;
  /** Paths in it. */
  readonly node: string;
  readonly shell: string;
}

export interface ContainerChoice {
  readonly box: 'container';
  readonly image: string;
  /** Instead of the first one that answers. */
  readonly engine?: ContainerEngine['name'];
  /** Of the engine's command; nothing of it reaches a box. */
  readonly environment: Readonly<Record<string, string>>;
  readonly boxUid?: number;
}
