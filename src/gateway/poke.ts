/** A webhook is reduced to a pointer that says "look again here". All facts are read from GitHub afterwards. */
import type { Facet } from '../domain/observation.ts';

export interface WebhookPoke {
  readonly owner: string;
  readonly repo: string;
  /** Absent for the whole repository, and for a branch or pull request that is not ours by name. */
  readonly issue?: number;
  readonly branch?: string;
  readonly pull?: number;
  readonly facets: readonly Facet[];
  /** The issue was labelled or reopened: if no workflow runs for it, a scan checks whether to start one. */
  readonly mayBegin?: true;
  readonly deliveryId: string;
}

/** The poke is durable when the promise resolves. */
export type HandOver = (poke: WebhookPoke) => Promise<void>;
