/** The kind of box that the settings ask for. */
import { type BoxChoice, type KindSettings, KINDS } from '../box/kinds.ts';
import type { ProcessSettings } from './environment.ts';
import { SettingsError } from './settings-error.ts';

export type BoxSettings = Pick<ProcessSettings, 'SIGNALBOX_BOX'> & KindSettings;

/** Throws `SettingsError` when one setting requires another one that is missing. */
export function boxChoice(settings: BoxSettings): BoxChoice {
  const kind = KINDS.find(({ name }) => name === settings.SIGNALBOX_BOX) ?? KINDS[0];
  const choice = kind.choose(settings);
  if ('what' in choice) throw new SettingsError(`${choice.what}; ${choice.fix}`);
  return choice;
}
