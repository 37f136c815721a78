/** The dependencies of the data side of the gateway. */
import type { GatewayConfig } from './config.ts';
import type { Ledger } from './ledger.ts';
import type { RequestLog } from './log.ts';
import type { ModelProblem } from './types.ts';
import type { Upstream } from './upstream.ts';

export interface ProxyParts {
  readonly config: GatewayConfig;
  readonly ledger: Ledger;
  readonly log: RequestLog;
  /** A request that was not sent. */
  readonly onRefusal: (problem: ModelProblem) => void;
  readonly upstream: Upstream;
}
