/** Who did something, and how the scheduler knows. Every transition names an actor. */
import type { Role } from './policy.ts';

export type Actor =
  | {
      readonly kind: 'person';
      readonly login: string;
      /** How the identity was established. `temporal`: self-declared by anyone who can reach the namespace. */
      readonly how: 'github-comment' | 'github-review' | 'github-act' | 'temporal';
      readonly role?: Role;
    }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'worker'; readonly runId: string }
  | { readonly kind: 'outside'; readonly what: string };

/** GitHub reserves this ending for the accounts of apps; no person can have it. */
export function isBotLogin(login: string): boolean {
  return /\[bot\]$/i.test(login);
}

export const rule = (name: string): Actor => ({ kind: 'rule', name });

export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.login;
    case 'rule':
      return `rule ${actor.name}`;
    case 'worker':
      return `worker ${actor.runId}`;
    case 'outside':
      return actor.what;
  }
}
