/** What a webhook becomes: "look again here". A pointer only; everything that counts is read from GitHub afterwards. */
import type { Facet } from '../domain/observation.ts';

export interface WebhookPoke {
  readonly owner: string;
  readonly repo: string;
  /** Absent: something of the whole repository, or of a branch or pull request that is none of ours by name. */
  readonly issue?: number;
  readonly branch?: string;
  readonly pull?: number;
  readonly facets: readonly Facet[];
  /** The issue was labelled or reopened: where no workflow runs, a scan looks whether one should. */
  readonly mayBegin?: true;
  readonly deliveryId: string;
}

/** Durable when it resolves. */
export type HandOver = (poke: WebhookPoke) => Promise<void>;
