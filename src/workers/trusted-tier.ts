/** The box of a runner, tested at its start. A runner whose box fails its self-test takes no work. */
import { describeBox } from '../box/about-box.ts';
import { detectTier } from '../box/detect.ts';
import { fixesFor, namesOf } from '../box/fixes.ts';
import { failedProbes, type ProbeResult, selfTest } from '../box/self-test.ts';
import type { BoxTier } from '../box/tier.ts';
import { boxChoice, type BoxSettings } from '../config/box.ts';
import type { ProcessSettings } from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import type { FixableTrouble } from '../domain/trouble.ts';

export type TierSettings = BoxSettings & Pick<ProcessSettings, 'SIGNALBOX_BOX_STRICT'>;

/** Logs which box it is. Throws the failed probes with a fix, unless the settings allow work with such a box. */
export async function trustedTier(settings: TierSettings, logger: TierLogger): Promise<BoxTier> {
  const { tier, problem } = await triedTier(settings);
  if (problem === undefined) {
    logger.info({ box: describeBox(tier) }, 'the box passed its self-test');
    return tier;
  }
  const { what, fix } = problem;
  // Without a box the lenient setting does not apply.
  if (settings.SIGNALBOX_BOX_STRICT || tier.name === 'none') throw new SettingsError({ what, fix });
  logger.warn(
    { box: describeBox(tier), fix },
    'the box failed its self-test, but SIGNALBOX_BOX_STRICT=false allows work',
  );
  return tier;
}

export interface TierLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface TriedTier {
  /** Its guards name the probes that were not denied, so that the record of every run names them too. */
  readonly tier: BoxTier;
  readonly problem?: FixableTrouble;
  /** The results of the self-test; empty when the box cannot be set up. */
  readonly results: readonly ProbeResult[];
}

export async function triedTier(settings: BoxSettings): Promise<TriedTier> {
  const tier = await detectTier(boxChoice(settings));
  if (tier.name === 'none') {
    const [problem] = tier.problems;
    return {
      tier,
      problem: { what: `cannot set up the box: ${problem?.what ?? ''}`, fix: problem?.fix ?? '' },
      results: [],
    };
  }
  const results = await selfTest(tier);
  const failed = failedProbes(results);
  if (failed.length === 0) return { tier, results };
  const what = `does not hold against: ${namesOf(failed)}`;
  const fix = fixesFor(failed, tier).join('; ');
  const problem = { what: `the box ${what}`, fix };
  return { tier: { ...tier, problems: [{ what, fix }] }, problem, results };
}
