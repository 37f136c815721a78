/** What one look at GitHub found. A look reads facets; what was not read is absent, what is not there is `null`. */
import type { DecisionRequest } from './decision.ts';
import type { Digest } from './digest.ts';
import type { Mode } from './mode.ts';
import type { Role } from './policy.ts';
import type { Risk } from './risk.ts';

export const FACETS = ['issue', 'comments', 'pull-request', 'branch', 'deployments', 'checks'] as const;
/** A part of GitHub's record of an issue that can be read by itself. */
export type Facet = (typeof FACETS)[number];

/** Only a role that could be read counts; an error never grants. */
export type RoleReading =
  { readonly kind: 'role'; readonly role: Role } | { readonly kind: 'unreadable'; readonly why: string };

export interface Account {
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'other';
}

/** The issue's text as the worker would see it; the whole snapshot lies in the artifact store under `digest`. */
export interface ObservedIssue {
  readonly digest: Digest;
  readonly title: string;
  readonly url: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly contract: {
    readonly missing: readonly string[];
    readonly unclear: readonly string[];
    readonly mode?: Mode;
    readonly declaredRisk?: Risk;
    /** What the words of title and body imply by policy. */
    readonly wordRisk: { readonly level: Risk; readonly reasons: readonly string[] };
  };
  /** The latest event by which it was opted in or reopened, when the label is there. */
  readonly lastAct?: number;
  /** Who gave the opt-in label, when it is there. */
  readonly optIn: { readonly by: Account; readonly role: RoleReading } | null;
}

export type IssueReading = ObservedIssue | { readonly gone: 'transferred' | 'deleted' | 'not-found' };

/** A comment that carries a command, of a person or not; whether it counts is the rules' business. */
export interface ObservedCommand {
  readonly commentId: number;
  readonly author: Account;
  readonly role: RoleReading;
  readonly edited: boolean;
  readonly request: DecisionRequest;
}

export interface ObservedReview {
  readonly reviewId: number;
  readonly author: Account;
  readonly role: RoleReading;
  readonly state: 'approved' | 'changes-requested' | 'dismissed' | 'commented';
  readonly commit: string | null;
  /** The text, in the artifact store. */
  readonly body: Digest;
}

export interface ObservedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed';
  readonly draft: boolean;
  readonly head: string;
  readonly base: string;
  readonly merged: { readonly commit: string; readonly by: string } | null;
  readonly mergeable: boolean | null;
  readonly reviews: readonly ObservedReview[];
}

export interface Observation {
  readonly facets: readonly Facet[];
  readonly issue?: IssueReading;
  readonly comments?: {
    readonly commands: readonly ObservedCommand[];
    readonly lastId: number;
    /** The id of our status comment of this generation. */
    readonly status: number | null;
  };
  readonly pullRequest?: ObservedPullRequest | null;
  /** The head of the claim branch. */
  readonly branch?: { readonly commit: string } | null;
}
