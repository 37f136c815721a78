/** Maps GitHub's account types: only a `User` is a person. */
import type { Account } from '../../domain/observation.ts';

export function accountType(type: string): Account['type'] {
  return type === 'User' || type === 'Bot' ? type : 'other';
}
