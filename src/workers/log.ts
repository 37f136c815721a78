/** The log of a long-running process: JSON lines on stderr, without payloads or secrets. */
import { pino, type Logger } from 'pino';
import type { ProcessSettings } from '../config/environment.ts';
import { logFields } from '../telemetry/log-fields.ts';

export function createLogger(name: string, settings: ProcessSettings): Logger {
  const level = settings.SIGNALBOX_LOG_LEVEL;
  return pino({ name, level, mixin: () => ({ ...logFields() }) }, pino.destination({ fd: 2, sync: true }));
}
