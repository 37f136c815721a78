/** People and bots as GitHub's answers carry them; a deleted account is null there. */
import { z } from 'zod';

export interface GitHubActor {
  readonly login: string;
  /** `User`, `Bot`, `Organization`, `Mannequin`, or `unknown`. */
  readonly type: string;
}

export const ActorAnswer = z.object({ login: z.string(), type: z.string().default('unknown') });

/** `ghost` is GitHub's own name for deleted accounts; it is never allowed anything. */
export const NullableActor = ActorAnswer.nullish().transform(
  (actor): GitHubActor => actor ?? { login: 'ghost', type: 'unknown' },
);

export function sameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
