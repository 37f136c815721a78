/** The person behind an account, with the role if it could be read; `undefined` for a bot. */
import type { Actor } from '../actor.ts';
import type { Account, RoleReading } from '../observation.ts';

export type Person = Extract<Actor, { kind: 'person' }>;

export function personOf(account: Account, role: RoleReading, how: Person['how']): Person | undefined {
  if (account.type !== 'User') return undefined;
  return { kind: 'person', login: account.login, how, ...(role.kind === 'role' ? { role: role.role } : {}) };
}
