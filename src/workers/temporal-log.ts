/** The log of Temporal's SDK in workers. It is separate from `log.ts`, so that processes without a worker do not load the SDK. */
import { type LogEntry, Runtime, type TelemetryOptions } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Call it before any worker exists. Writes the SDK's log entries to our log; the SDK's level info becomes debug. */
export function installRuntime(logger: Logger, telemetryOptions: TelemetryOptions): void {
  const write = ({ level, message, meta }: Pick<LogEntry, 'level' | 'message' | 'meta'>): void => {
    const error = meta?.error instanceof Error ? meta.error.message : undefined;
    const fields = { ...issueOf(meta), ...meta, error };
    if (level === 'ERROR') logger.error(fields, message);
    else if (level === 'WARN') logger.warn(fields, message);
    else logger.debug(fields, message);
  };
  const at = (level: LogEntry['level']) => (message: string, meta?: LogEntry['meta']) =>
    write({ level, message, ...(meta === undefined ? {} : { meta }) });
  Runtime.install({
    shutdownSignals: [],
    telemetryOptions,
    logger: {
      log: (level, message, meta) => write({ level, message, ...(meta === undefined ? {} : { meta }) }),
      trace: at('TRACE'),
      debug: at('DEBUG'),
      info: at('INFO'),
      warn: at('WARN'),
      error: at('ERROR'),
    },
  });
}

/** The SDK names workflows; our lines name issues. */
function issueOf(meta: LogEntry['meta']): { readonly issue?: string } {
  const id: unknown = meta?.['workflowId'];
  const [, issue] = typeof id === 'string' ? (/^issue:(.+)$/.exec(id) ?? []) : [];
  return issue === undefined ? {} : { issue };
}
