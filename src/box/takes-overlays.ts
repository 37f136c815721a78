/** Whether a box can seem to change what lies below it; where not, a copy is given. */
import type { BoxTier } from './tier.ts';

export function takesOverlays(tier: BoxTier): boolean {
  return tier.name === 'bubblewrap' && tier.privileged;
}
