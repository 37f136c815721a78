/** A client of Temporal for as long as the process runs. */
import { bounded, connectTemporal, type Temporal, temporalSettings } from '../client/temporal/connection.ts';
import type { Environment } from '../config/environment.ts';

/** One connection, opened on first use; gRPC reconnects after an outage. */
export function reconnecting(environment: Environment): () => Promise<Temporal> {
  let connected: Promise<Temporal> | undefined;
  return () => {
    connected ??= connectTemporal(temporalSettings(environment)).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
}

/** Shorter than what a health check may take, so that the cause names Temporal. */
export const ASK_TIMEOUT_MS = 1_500;

/** A call that every server and every role allows; throws `ClientProblem`. */
export async function answersNow(temporal: Temporal): Promise<void> {
  const ask = () => temporal.connection.workflowService.getSystemInfo({});
  await bounded(temporal, ask, { timeoutMs: ASK_TIMEOUT_MS });
}
