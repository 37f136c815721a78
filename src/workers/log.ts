/** The log of a long-running process: JSON lines on stderr, without payloads or secrets. */
import { pino, type Logger } from 'pino';
import type { ProcessSettings } from '../config/environment.ts';

export function createLogger(name: string, settings: ProcessSettings): Logger {
  return pino({ name, level: settings.SIGNALBOX_LOG_LEVEL }, pino.destination({ fd: 2, sync: true }));
}
