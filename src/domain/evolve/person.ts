/** The person behind an account, with the role that could be read; a bot is nobody. */
import type { Actor } from '../actor.ts';
import type { Account, RoleReading } from '../observation.ts';

export type Person = Extract<Actor, { kind: 'person' }>;

export function personOf(account: Account, role: RoleReading, how: Person['how']): Person | undefined {
  if (account.type !== 'User') return undefined;
  return { kind: 'person', login: account.login, how, ...(role.kind === 'role' ? { role: role.role } : {}) };
}
