/** Acts of people, on GitHub or by an update. They approve what they are shown. */
import { gateAsked } from '../../../src/domain/decision-problem.ts';
import type { Decision, DecisionRequest } from '../../../src/domain/decision.ts';
import { digestOf, shortDigest } from '../../../src/domain/digest.ts';
import type { Facet, ObservedCommand } from '../../../src/domain/observation.ts';
import { omit } from '../../../src/domain/omit.ts';
import { type Name, REFUSED_SUGGESTIONS } from './fixtures.ts';
import type { World } from './world.ts';

export function poke(world: World, ...facets: readonly Facet[]): void {
  world.push({ type: 'poked', facets });
}

/** An update over Temporal. */
export function decide(
  world: World,
  by: string,
  request: DecisionRequest & Pick<Decision, 'generation'>,
): void {
  const id = `update-${world.state.audit.nextSeq}-${world.now}`;
  const decision: Decision = {
    ...request,
    id,
    source: 'temporal',
    by: { kind: 'person', login: by, how: 'temporal' },
  };
  world.push({ type: 'decision', decision });
}

/** The approval that is requested now, as shown; `undefined` if none is. */
export function approvalAsked(world: World): DecisionRequest | undefined {
  const asked = gateAsked(world.state);
  if (asked === undefined) return undefined;
  return { kind: 'approve', gate: asked.gate, digest: shortDigest(asked.digest as `sha256:${string}`) };
}

export function approve(world: World, by = 'ann'): void {
  const request = approvalAsked(world);
  if (request !== undefined) decide(world, by, request);
}

/** Adds a comment with one command; only a poke announces it. */
export function comment(world: World, by: Name, request: DecisionRequest): void {
  say(world, by, [{ request }]);
}

/** Adds a comment with several commands. */
export function say(
  world: World,
  by: Name,
  commands: readonly Pick<ObservedCommand, 'request' | 'unclear'>[],
): void {
  const { comments } = world.github;
  const commentId = Math.max(0, ...comments.map(({ what }) => what.commentId)) + 1;
  const written = commands.map((command, position) => ({
    by,
    what: {
      ...{ commentId, edited: by === 'rewriter', thread: world.state.issue.number },
      ...(position === 0 ? {} : { position }),
      ...command,
    },
  }));
  world.github = { ...world.github, comments: [...comments, ...written] };
}

export function review(
  world: World,
  by: Name,
  verdict: 'approved' | 'changes-requested' | 'nothing-said',
): void {
  const { reviews, pullRequest } = world.github;
  if (pullRequest === undefined) return;
  const reviewId = reviews.length + 1;
  const body = digestOf({ review: reviewId });
  const [state, text] =
    verdict === 'nothing-said' ? (['changes-requested', { empty: true }] as const) : ([verdict, {}] as const);
  const what = { reviewId, state, commit: pullRequest.head, submittedAt: world.now, body, ...text };
  world.github = { ...world.github, reviews: [...reviews, { by, what }] };
}

/** A review with a comment on a line and no text. */
export function reviewLine(world: World, by: Name): void {
  const { reviews, pullRequest } = world.github;
  if (pullRequest === undefined) return;
  const reviewId = reviews.length + 1;
  const what = {
    ...({ reviewId, state: 'commented', commit: pullRequest.head, submittedAt: world.now } as const),
    ...({ body: digestOf(''), empty: true } as const),
    lines: {
      words: digestOf({ lines: reviewId }),
      threads: [{ thread: 100 + reviewId, comment: 100 + reviewId }],
      total: 1,
    },
  };
  world.github = { ...world.github, reviews: [...reviews, { by, what }] };
}

/** A review of one suggestion; by `n`, one with a text too, on an older commit, or that cannot be applied. */
export function suggest(world: World, by: Name, n = 0): void {
  reviewLine(world, by);
  const { reviews } = world.github;
  const last = reviews.at(-1);
  if (last?.what.lines === undefined || last.what.commit === null) return;
  const { what } = last;
  const commit = n % 7 === 5 ? 'older' : (what.commit ?? '');
  const edits = n % 7 === 6 ? REFUSED_SUGGESTIONS : digestOf({ suggestion: what.reviewId });
  const suggested = { edits, count: 1, commit } as const;
  const review = { ...what, lines: { ...last.what.lines, suggested } };
  const said = n % 7 === 4 ? omit(review, 'empty') : review;
  world.github = { ...world.github, reviews: [...reviews.slice(0, -1), { by, what: said }] };
}

export function dismissReviews(world: World): void {
  const reviews = world.github.reviews.map(({ by, what }) => ({
    by,
    what: { ...what, state: 'dismissed' as const },
  }));
  world.github = { ...world.github, reviews };
}
