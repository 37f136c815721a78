/** A missing or invalid setting; the message names it and the fix. */
import { TroubleError } from '../domain/trouble.ts';

export class SettingsError extends TroubleError {
  override readonly name = 'SettingsError';
}
