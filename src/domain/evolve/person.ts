/** Who is behind an account: a person, with the role if it could be read, or a bot. */
import { type Actor, isBotLogin } from '../actor.ts';
import type { Account, RoleReading } from '../observation.ts';

export type Person = Extract<Actor, { kind: 'person' }>;

/** `undefined` for a bot. */
export function personOf(account: Account, role: RoleReading, how: Person['how']): Person | undefined {
  if (account.type !== 'User') return undefined;
  return { kind: 'person', login: account.login, how, ...(role.kind === 'role' ? { role: role.role } : {}) };
}

/** Who did what GitHub shows. What is no person's account is named, and judges nothing. */
export function actorOf({ login, type }: Account): Actor {
  if (type === 'User' && !isBotLogin(login)) return { kind: 'person', login, how: 'github-act' };
  return { kind: 'outside', what: `${type === 'other' ? 'the account' : 'the bot'} ${login}` };
}
