/** Compares GitHub's repository roles. */
import { type Role, ROLES } from './policy.ts';

export function roleIsAtLeast(role: Role, bar: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(bar);
}
