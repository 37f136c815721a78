/** The policy that a repository starts with: `signalbox init` writes it, and docs/policy.md shows it. */
import { readFileSync } from 'node:fs';

export function startPolicyText(): string {
  return readFileSync(new URL('start-policy.yml', import.meta.url), 'utf8');
}
