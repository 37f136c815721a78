/** The policy that a repository starts with: written by `signalbox init`, and shown in docs/policy.md. */
import { readFileSync } from 'node:fs';

export function startPolicyText(): string {
  return readFileSync(new URL('start-policy.yml', import.meta.url), 'utf8');
}
