/** The box that a runner works with: tried out at its start. A runner whose box does not hold takes no work. */
import { describeBox } from '../box/about-box.ts';
import { detectTier } from '../box/detect.ts';
import { fixesFor, namesOf } from '../box/fixes.ts';
import { failedProbes, type ProbeResult, selfTest } from '../box/self-test.ts';
import type { BoxTier } from '../box/tier.ts';
import { boxChoice, type BoxSettings } from '../config/box.ts';
import { type ProcessSettings, SettingsError } from '../config/environment.ts';
import type { FixableTrouble } from '../domain/trouble.ts';

export type TierSettings = BoxSettings & Pick<ProcessSettings, 'SIGNALBOX_BOX_STRICT'>;

/** Says which box it is. Throws what does not hold and what to do about it, unless the settings say that work goes on all the same. */
export async function trustedTier(settings: TierSettings, logger: TierLogger): Promise<BoxTier> {
  const { tier, problem } = await triedTier(settings);
  if (problem === undefined) {
    logger.info({ box: describeBox(tier) }, 'the box holds');
    return tier;
  }
  const { what, fix } = problem;
  // Without any box there is nothing to be lenient about.
  if (settings.SIGNALBOX_BOX_STRICT || tier.name === 'none') throw new SettingsError({ what, fix });
  logger.warn(
    { box: describeBox(tier), fix },
    'the box does not hold, and SIGNALBOX_BOX_STRICT=false lets work go on',
  );
  return tier;
}

export interface TierLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface TriedTier {
  /** Its guards tell of probes that got through, so that every run's end does. */
  readonly tier: BoxTier;
  readonly problem?: FixableTrouble;
  /** Of the self-test; none where no box could be set up. */
  readonly results: readonly ProbeResult[];
}

export async function triedTier(settings: BoxSettings): Promise<TriedTier> {
  const tier = await detectTier(boxChoice(settings));
  if (tier.name === 'none') {
    const [problem] = tier.problems;
    return {
      tier,
      problem: { what: `the box cannot be set up: ${problem?.what ?? ''}`, fix: problem?.fix ?? '' },
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
