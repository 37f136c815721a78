/** Which kind of box the settings ask for. */
import type { BoxChoice } from '../box/tier.ts';
import { type ProcessSettings, SettingsError } from './environment.ts';

export type BoxSettings = Pick<
  ProcessSettings,
  | 'SIGNALBOX_BOX'
  | 'SIGNALBOX_BOX_IMAGE'
  | 'SIGNALBOX_BOX_ENGINE'
  | 'SIGNALBOX_BUBBLEWRAP'
  | 'engineEnvironment'
>;

/** Throws `SettingsError` where one setting wants another. */
export function boxChoice(settings: BoxSettings): BoxChoice {
  const { SIGNALBOX_BUBBLEWRAP: bubblewrapPath, SIGNALBOX_BOX_IMAGE: image } = settings;
  if (settings.SIGNALBOX_BOX !== 'container') return bubblewrapPath === undefined ? {} : { bubblewrapPath };
  if (image === undefined)
    throw new SettingsError(
      'SIGNALBOX_BOX=container needs SIGNALBOX_BOX_IMAGE: an image with a shell, git, Node and what the project needs',
    );
  const engine = settings.SIGNALBOX_BOX_ENGINE;
  return {
    ...{ box: 'container', image, environment: settings.engineEnvironment },
    ...(engine !== undefined && { engine }),
  };
}
