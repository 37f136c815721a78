/** People and bots in GitHub's responses, where a deleted account is null. */
import { z } from 'zod';

export interface GitHubActor {
  readonly login: string;
  /** `User`, `Bot`, `Organization`, `Mannequin`, or `unknown`. */
  readonly type: string;
}

export const ActorAnswer = z.object({ login: z.string(), type: z.string().default('unknown') });

/** `ghost` is GitHub's own name for deleted accounts. It never has a permission. */
export const NullableActor = ActorAnswer.nullish().transform(
  (actor): GitHubActor => actor ?? { login: 'ghost', type: 'unknown' },
);

export function sameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
