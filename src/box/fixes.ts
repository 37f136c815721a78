/** Fixes for a box that failed its self-test, by the names of the failed probes. */
import type { Fixes } from './kind.ts';
import { kindOf } from './kinds.ts';
import type { ProbeResult } from './self-test.ts';
import type { BoxTier } from './tier.ts';

/** One fix for each cause, not for each probe. */
export function fixesFor(failed: readonly ProbeResult[], tier: BoxTier): readonly string[] {
  const fixes = kindOf(tier)?.fixes;
  return fixes === undefined ? [] : [...new Set(failed.map(({ probe }) => fixOf(probe, fixes)))];
}

/** Names of the failed probes. System calls have one cause, so only the first is named. */
export function namesOf(failed: readonly ProbeResult[]): string {
  const calls = failed.filter(({ probe }) => probe.startsWith(SYSTEM_CALL));
  const others = failed.filter(probe => !calls.includes(probe)).map(({ probe }) => probe);
  const [first] = calls;
  if (first === undefined) return others.join(', ');
  const more = calls.length === 1 ? '' : ` and ${calls.length - 1} more`;
  return [...others, `${first.probe}${more}`].join(', ');
}

const SYSTEM_CALL = 'system-call ';

function fixOf(probe: string, fixes: Fixes): string {
  if (probe.startsWith('system-call')) return fixes['system-call'];
  if (probe === 'inherited-descriptors')
    return 'start the runner with no open file descriptors except standard input, output and error';
  return fixes[probe] ?? fixes.otherwise;
}
